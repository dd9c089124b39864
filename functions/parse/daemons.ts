import type { Daemon } from "./daemon.ts";
import { dovecot } from "./dovecot.ts";
import { postfixSmtpd, postscreen } from "./postfix.ts";

/** All daemons whose logs are read. */
export const daemons: readonly Daemon[] = [dovecot, postfixSmtpd, postscreen];
