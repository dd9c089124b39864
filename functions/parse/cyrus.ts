/**
 * Cyrus IMAP 2.0 to 3.8: imapd, pop3d, timsieved, httpd, nntpd (imap/imapd.c …, timsieved/parser.c). The client stands
 * first, `name [address]`, where the name was looked up both ways; what follows is what it typed and SASL's reason.
 */
import { type Daemon, failure, means, nothing, probe, success, unread } from "./daemon.ts";
import type { Service } from "./event.ts";

const CLIENT = "{<name:host> |<name:host>|}[<ip>]";
const BAD = `badlogin: ${CLIENT} `;
/**
 * A login was judged (SASL_BADAUTH, SASL_NOUSER, SASL_BUFOVER of a name too long, and a name that is none); first, so that no name
 * can look like trouble of ours.
 */
const JUDGED = [
  "SASL(-13): ",
  "SASL(-20): ",
  "SASL(-3): ",
  "SASL(-1): generic failure: All-whitespace username.",
];
/** No such mechanism, trouble of our own, or the mechanism is not allowed without TLS (SASL_NOMECH, FAIL, UNAVAIL, TOOWEAK, ENCRYPT). */
const UNJUDGED_CODES = [-4, -1, -24, -15, -16].map((code) => `SASL(${code}): `);
const UNJUDGED = [
  ...UNJUDGED_CODES,
  "no mechanism available",
  "generic failure",
  "encryption needed to use mechanism",
  "error base64 decoding string",
  "expected string",
].join("|");
const KNOWN =
  "PLAIN|LOGIN|CRAM-MD5|DIGEST-MD5|SCRAM-SHA-1|SCRAM-SHA-256|SCRAM-SHA-512|NTLM|OTP|SRP|GSSAPI|EXTERNAL|XOAUTH2|OAUTHBEARER";

export const cyrus: Daemon = {
  name: "cyrus",
  programs: [
    // rsyslog's RFC 5424, which drops the slash and what follows
    "cyrus",
    ...["imap", "imaps", "imapd", "pop3", "pop3s", "pop3d", "sieve", "timsieved"].flatMap((name) => [
      name,
      `*/${name}`,
    ]),
    ...["http", "https", "httpd", "nntp", "nntps", "nntpd", "proxyd", "pop3proxyd"].map(
      (name) => `*/${name}`,
    ),
  ],
  service: serviceOf,
  shapes: [
    // Without the last words up to 2.1
    ...means(success, [`login: ${CLIENT} <user:token> <m:mechanism>{ User logged in<rest:note>}`]),
    ...means(
      failure,
      JUDGED.flatMap((code) => [
        `${BAD}<m:mechanism> {(-notset-) |}{[|}${code}<reason:note>`,
        // what pop3d had challenged the client with
        `${BAD}APOP (<challenge:note>) ${code}<reason:note>`,
        // 3.x, 2.x
        `${BAD}<m:mechanism> (<user:text>) [${code}<reason:note>`,
        `${BAD}<m:mechanism> <user:text> ${code}<reason:note>`,
      ]),
    ),
    ...means(failure, [
      `${BAD}plaintext (<user:text>) invalid user`,
      `${BAD}plaintext <user:text> invalid user`,
      `${BAD}Basic <user:text> invalid user`,
      // pop3d
      `${BAD}<m:mechanism> (<user:text>) [authentication failure]`,
    ]),
    ...means(probe, [`${BAD}anonymous login refused`]),
    nothing(`${BAD}<m:spaceless> {(-notset-) }[{${UNJUDGED}}<rest:note>`),
    nothing(`${BAD}<m:mechanism> (<user:token>) [{${UNJUDGED}}<rest:note>`),
    nothing(`${BAD}<m:spaceless> {<user:token> }{${UNJUDGED}}<rest:note>`),
    ...UNJUDGED_CODES.map((code) => nothing(`${BAD}Basic <user:text> ${code}<rest:note>`)),
    nothing(`${BAD}APOP (<challenge:note>) SASL(-5): <rest:note>`),
    // What SASL says of a name that it will not take, and of a mechanism that it does not have
    ...means(failure, [`${BAD}{${KNOWN}} {(-notset-) }[SASL(-6): <rest:note>`]),
    nothing(`${BAD}<m:spaceless> {(-notset-) }[SASL(-6): <rest:note>`),
    ...means(failure, [
      `${BAD}<m:mechanism> {(-notset-) |}[<reason:note>`,
      `${BAD}<m:mechanism> (<user:text>) [<reason:note>`,
      // timsieved, and 2.0
      `${BAD}<m:mechanism> authentication failure{ [<reason:note>}`,
      `${BAD}<m:mechanism> {authorization failure|user not found|user exists, but no verifier|account disabled|passphrase expired|passphrase locked|overflowed buffer|bad protocol / cancel}`,
    ]),
    unread("badlogin: <any:note>"),
  ],
};

function serviceOf(program: string): Service {
  if (program.includes("sieve")) return "sieve";
  if (program.includes("http")) return "webmail";
  return program.includes("pop3") ? "pop3" : "imap";
}
