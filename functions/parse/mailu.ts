/**
 * Mailu 1.9 to 2024.06, admin container (core/admin/mailu/limiter.py, sso/views/base.py, internal/nginx.py). Since 2024.06 it tells at
 * level INFO of each login of which the front container asks; that one's nginx or Dovecot writes of it too.
 */
import { authFailure, type Daemon, failure, means, probe, success, unread } from "./daemon.ts";
import { type EnvelopeForm, readAs, timeAt } from "./envelope.ts";
import type { Service } from "./event.ts";
import { isoTime, looksIso } from "./syslog.ts";

/** Behind syslog's envelope the log's own time stands once more. */
const START = "{[<d:date> <t:clock>] }<level:word> in <module:word>: ";
const ATTEMPT = `${START}Login attempt for: `;
const protocols: readonly { protocol: string; service: Service }[] = [
  { protocol: "imap", service: "imap" },
  { protocol: "pop3", service: "pop3" },
  { protocol: "smtp", service: "smtp" },
  { protocol: "submission", service: "submission" },
  { protocol: "sieve", service: "sieve" },
  { protocol: "web", service: "webmail" },
  { protocol: "sso", service: "webmail" },
];
/** A name that nobody has is quoted (Python's repr). */
const TYPED = "{'<user:text>'|\"<user:text>\"}";
/** Our port, or how the browser came; the client, and its port or, of webdav, its name once more. */
const FROM = "<p:word> from: <ip>/<port:account>: ";
/** Of whoever has a mailbox. */
const FOUND = "<user:mailbox>/<p:word> from: <c:spaceless> ";
/**
 * Names that a client has typed stand before the address; what a user has called a token, and what a browser says of a password, behind
 * it. Where the line has two addresses, nobody can tell which is meant.
 */
const ONCE = { once: " from: " };

export const mailu: Daemon = {
  name: "mailu",
  programs: ["mailu", "mailu-admin"],
  service: () => "auth",
  shapes: [
    ...means(probe, [`${START}Authentication attempt from <ip> has been rate-limited.`]),
    ...means({ ...failure, service: "webmail" }, [`${START}Login failed for <user:text> from <ip>.`]),
    ...means({ ...success, service: "webmail" }, [
      `${START}Login succeeded for <user:mailbox> from <ip>{.| pwned=<p:note>}`,
    ]),
    ...protocols.flatMap(({ protocol, service }) => [
      ...means(
        { ...authFailure, service },
        [
          `${ATTEMPT}<user:text>/${protocol}/${FROM}failed: badauth: <hash:word>`,
          `${ATTEMPT}${TYPED}/${protocol}/${FROM}failed: account disabled`,
        ],
        ONCE,
      ),
      ...means(
        { ...success, service },
        [`${ATTEMPT}<user:mailbox>/${protocol}/${FROM}success: {password|token-}<how:note>`],
        ONCE,
      ),
    ]),
    // The account is closed, or the password was right but not enough; and webmail's own login at our IMAP server
    ...means(
      "nothing",
      [
        `${ATTEMPT}${FOUND}failed: {account disabled|password ok, but <what:note>|badip: <token:note>}`,
        `${ATTEMPT}${FOUND}success: webmail-token`,
      ],
      ONCE,
    ),
    unread(`${ATTEMPT}<any:note>`),
  ],
};

const COMMA = 0x2c;
const OPEN = 0x5b;
const CLOSE = 0x5d;
const MAILU = Buffer.from("mailu");

/** `[2023-03-28 03:09:25,112] WARNING in limiter: …` (Flask). */
export const mailuNative: EnvelopeForm = {
  name: "Mailu's own",
  read(bytes, start, end, into) {
    if (bytes[start] !== OPEN || !looksIso(bytes, start + 1, end) || end - start < 32) return false;
    if (bytes[start + 20] !== COMMA || bytes[start + 24] !== CLOSE) return false;
    timeAt(isoTime, bytes, start + 1, start + 20, into);
    return readAs(MAILU, bytes, start + 26, end, into);
  },
};
