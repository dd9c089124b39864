/**
 * Cyrus IMAP 2.0 to 3.8: imapd, pop3d, timsieved (imap/imapd.c, imap/pop3d.c, timsieved/parser.c). The client stands
 * first, `name [address]`, where the name was looked up both ways; what follows is what it typed and SASL's reason.
 */
import { type Daemon, failure, means, nothing, success, unread } from "./daemon.ts";
import type { Service } from "./event.ts";

const CLIENT = "{<name:host> |<name:host>|}[<ip>]";
const BAD = `badlogin: ${CLIENT} `;
/** SASL_BADPROT, SASL_NOMECH, SASL_FAIL and others: cancelled, no such mechanism, trouble of our own. */
const UNJUDGED =
  "SASL(-1): |SASL(-4): |SASL(-5): |SASL(-6): |SASL(-24): |bad protocol / cancel|no mechanism available|generic failure";

export const cyrus: Daemon = {
  name: "cyrus",
  programs: [
    "cyrus/imap",
    "cyrus/imaps",
    "cyrus/imapd",
    "cyrus/pop3",
    "cyrus/pop3s",
    "cyrus/pop3d",
    "cyrus/sieve",
    "cyrus/timsieved",
    "cyrus/nntp",
    "imap",
    "imaps",
    "imapd",
    "pop3",
    "pop3s",
    "pop3d",
    "sieve",
    "timsieved",
  ],
  service: serviceOf,
  shapes: [
    ...means(success, [`login: ${CLIENT} <user:token> <m:mechanism> User logged in<rest:note>`]),
    nothing(`${BAD}<m:mechanism> {(-notset-) }[{${UNJUDGED}}<rest:note>`),
    ...means(failure, [
      `${BAD}plaintext (<user:text>) invalid user`,
      `${BAD}<m:mechanism> {(-notset-) |}[<reason:note>`,
      `${BAD}<m:mechanism> (<user:text>) [<reason:note>`,
      `${BAD}<m:mechanism> authentication failure`,
      `${BAD}plaintext <user:token> {SASL|invalid}<reason:note>`,
    ]),
    unread("badlogin: <any:note>"),
  ],
};

function serviceOf(program: string): Service {
  if (program.includes("sieve")) return "sieve";
  return program.includes("pop3") ? "pop3" : "imap";
}
