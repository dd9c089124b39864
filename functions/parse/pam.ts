/**
 * Linux-PAM's pam_unix where a mail daemon asks it (modules/pam_unix/support.c: _unix_verify_password). The name is what a
 * client typed, so the last `rhost=` counts; behind it stands only the name of an account that exists.
 */
import { authFailure, type Daemon, means } from "./daemon.ts";

const MAIL =
  "{dovecot|imap|imaps|pop3|pop3s|pop|smtp|smtps|submission|sieve|exim|exim4|postfix|cyrus|courier|mail|imapd|pop3d}";
const WHO =
  "logname=<l:note> uid=<u:int> euid=<e:int> tty=<t:note> ruser=<user:text> rhost=<ip>{ }{ }{user=<name:token>}";

/**
 * As `program: pam_unix(dovecot:auth): …`, where Dovecot hands it on behind the name of its process; older ones as
 * `dovecot(pam_unix)[pid]: …`.
 */
const pamShapes = means(authFailure, [
  `{auth: |auth-worker: |auth-worker(<n:int>): |}pam_unix(${MAIL}:auth): authentication failure; ${WHO}`,
  `{(pam_unix) |pam_unix: |}authentication failure; ${WHO}`,
]);

export const pam: Daemon = {
  name: "pam",
  programs: [
    "auth",
    "auth-worker",
    "authdaemond",
    "saslauthd",
    "dovecot",
    "dovecot-auth",
    ...["dovecot", "imap", "pop", "pop3", "smtp"].map((service) => `${service}(pam_unix)`),
    "imapd",
    "ipop3d",
    "pop3d",
  ],
  service: () => "auth",
  shapes: pamShapes,
};
