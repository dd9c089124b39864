/**
 * Stalwart 0.10 to 0.16 (crates/trc/src/serializers/text.rs): what the connection is known by, then what the event adds. The
 * connection's address stands before all that a client typed. Later ones of 0.16 leave it out where the event has one, which stands
 * behind the name, whose quotes are escaped; over HTTP it may be what a header said, so it counts on ports for mail only.
 */
import { type Daemon, failure, means, nothing, probe, success, summaryProbe, unread } from "./daemon.ts";
import { type EnvelopeForm, readAs, timeAt, wordEnd } from "./envelope.ts";
import { isoTime, looksIso } from "./syslog.ts";

/** Behind syslog's envelope the log's own time stands once more. */
const START = "{<d:date>T<t:clock>Z }<level:word> ";
const FAILED = `${START}Authentication failed (auth.failed) `;
/** What it writes instead of the last refusal when it bans the address for all of them. */
const BANNED = `${START}Banned due to authentication errors (security.authentication-ban) `;
/** What IMAP, POP3 and sieve write instead of the last refusal that a connection may have; SMTP writes it behind that one. */
const TOO_MANY = `${START}Too many authentication attempts (auth.too-many-attempts) `;
const CAUSE = "causedBy = Authentication failed (auth.failed)";
const LISTENER = 'listenerId = "<l:note>", localPort = ';
const PEER = `${LISTENER}<service:int>, remoteIp = <ip>, remotePort = <port:int>`;
const CONNECTION = `${PEER}, `;
const MAIL = `${LISTENER}<service:mailport>, remotePort = <port:int>, `;
const NAME = 'accountName = "<user:note>"<rest:note>';
const REASON = 'reason = "<r:note>", remoteIp = <ip>{, <rest:note>}';

export const stalwart: Daemon = {
  name: "stalwart",
  programs: ["stalwart", "stalwart-mail"],
  service: () => "auth",
  shapes: [
    ...means(success, [`${START}Authentication successful (auth.success) ${CONNECTION}${NAME}`]),
    ...means(failure, [
      `${FAILED}${CONNECTION}{remoteIp = <client:ip>, |}${NAME}`,
      `${FAILED}${MAIL}accountName = "<user:text>", accountId = <n:int>, ${REASON}`,
      `${FAILED}${MAIL}accountName = "<user:text>", ${REASON}`,
      `${BANNED}${CONNECTION}remoteIp = <client:ip>, ${NAME}`,
      `${BANNED}${MAIL}remoteIp = <ip>, ${NAME}`,
      `${TOO_MANY}${CONNECTION}${CAUSE} <brace:spaceless> {remoteIp = <client:ip>, |}${NAME}`,
      `${TOO_MANY}${CONNECTION}${CAUSE}<rest:note>`,
    ]),
    // SMTP counts answers that are none, and a token that has expired, as well
    ...means(summaryProbe, [`${TOO_MANY}${PEER}{, <rest:note>}`]),
    ...means(
      probe,
      [
        "Authentication not allowed (smtp.auth-not-allowed)",
        "Auth mechanism not supported (smtp.auth-mechanism-not-supported)",
      ].map((refusal) => `${START}${refusal} ${PEER}{, <rest:note>}`),
    ),
    // A page that wants a login was asked for without one
    nothing(`${FAILED}<more:note>details = "Missing Authorization header."<rest:note>`),
    unread(`${FAILED}<any:note>`),
    unread(`${BANNED}<any:note>`),
    unread(`${TOO_MANY}<any:note>`),
  ],
};

const ZULU = 0x5a;
const STALWART = Buffer.from("stalwart");
const LEVELS = ["ERROR", "WARN", "INFO", "DEBUG", "TRACE"];

/** `2026-11-24T02:39:01Z INFO Authentication successful (auth.success) …`. */
export const stalwartNative: EnvelopeForm = {
  name: "Stalwart's own",
  lenient: true,
  read(bytes, start, end, into) {
    if (bytes[start + 19] !== ZULU || !looksIso(bytes, start, end)) return false;
    const message = start + 21;
    const level = wordEnd(bytes, message, end, 6);
    if (level < 0 || !LEVELS.includes(bytes.toString("latin1", message, level))) return false;
    timeAt(isoTime, bytes, start, message - 1, into);
    return readAs(STALWART, bytes, message, end, into);
  },
};
