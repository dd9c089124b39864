import { courier } from "./courier.ts";
import { cyrus } from "./cyrus.ts";
import type { Daemon } from "./daemon.ts";
import { dovecot } from "./dovecot.ts";
import { exim } from "./exim.ts";
import { groupoffice, openwebmail, tine20 } from "./groupware.ts";
import { horde } from "./horde.ts";
import { nginx } from "./nginx.ts";
import { opensmtpd } from "./opensmtpd.ts";
import { pam } from "./pam.ts";
import { cucipop, perdition, qpopper, solidPop3d, uwImap, vpopmail } from "./pop-servers.ts";
import { postfixSmtpd, postscreen } from "./postfix.ts";
import { roundcube } from "./roundcube.ts";
import { sendmail } from "./sendmail.ts";
import { sogo } from "./sogo.ts";
import { squirrelmail } from "./squirrelmail.ts";
import { assp, domino, exchange, kerio, mailu, oracleMessaging, zimbra } from "./suites.ts";

/** All daemons whose logs are read. Where several speak as one program (`imapd`) their shapes are tried in this order. */
export const daemons: readonly Daemon[] = [
  dovecot,
  postfixSmtpd,
  postscreen,
  exim,
  cyrus,
  courier,
  uwImap,
  sendmail,
  pam,
  opensmtpd,
  perdition,
  qpopper,
  solidPop3d,
  vpopmail,
  cucipop,
  nginx,
  roundcube,
  sogo,
  horde,
  squirrelmail,
  openwebmail,
  groupoffice,
  tine20,
  zimbra,
  kerio,
  mailu,
  domino,
  exchange,
  oracleMessaging,
  assp,
];
