import { assp } from "./assp.ts";
import { citadel } from "./citadel.ts";
import { courier } from "./courier.ts";
import { cpanel } from "./cpanel.ts";
import { cucipop } from "./cucipop.ts";
import { cyrus } from "./cyrus.ts";
import type { Daemon } from "./daemon.ts";
import { dbmail } from "./dbmail.ts";
import { domino } from "./domino.ts";
import { dovecot, dovecotOnMac } from "./dovecot.ts";
import { exchange } from "./exchange.ts";
import { exim } from "./exim.ts";
import { groupoffice } from "./groupoffice.ts";
import { haraka } from "./haraka.ts";
import { horde } from "./horde.ts";
import { kerio } from "./kerio.ts";
import { kopano } from "./kopano.ts";
import { maddy } from "./maddy.ts";
import { mailu } from "./mailu.ts";
import { modoboa } from "./modoboa.ts";
import { mox } from "./mox.ts";
import { nginx } from "./nginx.ts";
import { opensmtpd } from "./opensmtpd.ts";
import { openwebmail } from "./openwebmail.ts";
import { oracleims } from "./oracleims.ts";
import { pam } from "./pam.ts";
import { perdition } from "./perdition.ts";
import { postfixSmtpd, postscreen } from "./postfix.ts";
import { qpopper } from "./qpopper.ts";
import { roundcube } from "./roundcube.ts";
import { sendmail } from "./sendmail.ts";
import { sogo } from "./sogo.ts";
import { solidPop3d } from "./solid-pop3d.ts";
import { squirrelmail } from "./squirrelmail.ts";
import { stalwart } from "./stalwart.ts";
import { tine20 } from "./tine20.ts";
import { uwimap } from "./uwimap.ts";
import { vmPop3d } from "./vm-pop3d.ts";
import { vpopmail } from "./vpopmail.ts";
import { zimbra } from "./zimbra.ts";

/** All daemons whose logs are read. Where several speak as one program (`imapd`) their shapes are tried in this order. */
export const daemons: readonly Daemon[] = [
  dovecot,
  dovecotOnMac,
  postfixSmtpd,
  postscreen,
  exim,
  cyrus,
  courier,
  uwimap,
  sendmail,
  pam,
  opensmtpd,
  perdition,
  qpopper,
  solidPop3d,
  vpopmail,
  vmPop3d,
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
  oracleims,
  assp,
  haraka,
  maddy,
  mox,
  stalwart,
  cpanel,
  modoboa,
  dbmail,
  kopano,
  citadel,
];

export const daemonNames: readonly string[] = [...new Set(daemons.map(({ name }) => name))];
