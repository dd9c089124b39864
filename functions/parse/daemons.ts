import { courier } from "./courier.ts";
import { cyrus } from "./cyrus.ts";
import type { Daemon } from "./daemon.ts";
import { dovecot } from "./dovecot.ts";
import { exim } from "./exim.ts";
import { pam } from "./pam.ts";
import { postfixSmtpd, postscreen } from "./postfix.ts";
import { sendmail } from "./sendmail.ts";

/** All daemons whose logs are read. Where several speak as one program (`imapd`) their shapes are tried in this order. */
export const daemons: readonly Daemon[] = [
  dovecot,
  postfixSmtpd,
  postscreen,
  exim,
  cyrus,
  courier,
  sendmail,
  pam,
];
