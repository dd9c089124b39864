/**
 * OpenSMTPD 5.3 to 7.6 (usr.sbin/smtpd/smtp_session.c). 5.9 and 6.0 name the address in each line, all others only when a
 * session opens: so who it was is remembered by the session's id, and an attempt is lost where a log is cut between the
 * two. Names are written with vis(3), so they have no space.
 */
import {
  type Daemon,
  failure,
  means,
  nothing,
  opens,
  probe,
  success,
  summaryFailure,
  unread,
} from "./daemon.ts";

const SMTP = "<session:hex> smtp {event=}";
const ADDRESS = "address={[<ip>]|<ip>} host=<h:note>";
const LOGIN = `${SMTP}authentication user=<user:spaceless> `;
const REFUSED = '"AUTH <command:text>" result="535 <rest:note>';
const NOT_OFFERED = '"AUTH <command:text>" result="50<rest:note>';
/** Before 5.9. */
const SMTP_IN = "smtp-in: ";

export const opensmtpd: Daemon = {
  name: "opensmtpd",
  programs: ["smtpd", "opensmtpd"],
  service: () => "smtp",
  shapes: [
    opens(`${SMTP}connected ${ADDRESS}`),
    ...means(failure, [`${LOGIN}${ADDRESS} result=permfail`, `${LOGIN}result=permfail`]),
    ...means(success, [`${LOGIN}${ADDRESS} result=ok`, `${LOGIN}result=ok`]),
    // What the client was told beside
    ...means(summaryFailure, [
      `${SMTP}failed-command address={[<ip>]|<ip>} host=<h:host> command=${REFUSED}`,
      `${SMTP}failed-command command=${REFUSED}`,
    ]),
    // AUTH where it is not offered
    ...means(probe, [
      `${SMTP}failed-command address={[<ip>]|<ip>} host=<h:host> command=${NOT_OFFERED}`,
      `${SMTP}failed-command command=${NOT_OFFERED}`,
    ]),
    opens(`${SMTP_IN}New session <session:hex> from host <h:host> [<ip>]`),
    ...means(failure, [`${SMTP_IN}Authentication failed for user <user:spaceless> on session <session:hex>`]),
    ...means(success, [
      `${SMTP_IN}Accepted authentication for user <user:spaceless> on session <session:hex>`,
    ]),
    ...means(summaryFailure, [
      `${SMTP_IN}Failed command on session <session:hex>: "AUTH <command:text>" => 535 <rest:note>`,
    ]),
    // Whoever knows the passwords could not be asked
    nothing(`${LOGIN}{${ADDRESS} |}result=tempfail`),
    unread(`${LOGIN}<rest:note>`),
  ],
};
