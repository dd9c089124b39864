/**
 * Roundcube 0.5 to 1.6: errors log (rcube_imap.php), userlogins log (rcmail::log_login); rcube_utils::remote_ip writes the
 * client: the peer's address, and in brackets the headers that came with the request, as they came. The name stands before
 * the address. So where a line has headers, ` from ` must stand in it once; where it has none, the last one counts behind
 * which the sentence goes on as it should.
 */
import { type Daemon, failure, means, nothing, probe, success, summaryFailure, unread } from "./daemon.ts";
import { dayMonthNameTime } from "./dates.ts";
import { type EnvelopeForm, readAs, timeAt } from "./envelope.ts";
import { isoTime, looksIso } from "./syslog.ts";

const SESSION = "{<<s:session>> }";
const FAILED = `${SESSION}{IMAP Error: Login failed|IMAP Error: Authentication failed|FAILED login} for `;
/**
 * What the IMAP server said (rcube_imap_generic::setError), which may repeat the name: ` in ` never follows the address at once,
 * but may follow an address that the name ends with.
 */
const REPLY = `{. {${[..."ABCDEFGHIJKLMNOPQRSTUVWXYZ[ "].join("|")}}<reason:note>}`;
/** The same attempt once more, in the other log. */
const LOGGED = `${SESSION}Failed login for `;
const WORKED = `${SESSION}Successful login for `;
const HEADERS = "{ }(X-<forwarded:note>)";
const NO_HEADERS = { without: "(X-" };
const ONCE = { once: " from " };
/** Without the error up to 1.0. */
const SESSION_END = " in session <i:session>{ (error: 0)}";
/** The IMAP server was not reached, or would not say (rcube_imap_generic::connect, login). */
const TROUBLE =
  "{Could not connect|Unable to|Empty startup greeting|Invalid|Connection|Server|Login disabled|LOGIN: [UNAVAILABLE]|AUTHENTICATE PLAIN: [UNAVAILABLE]|AUTHENTICATE LOGIN: [UNAVAILABLE]}<rest:note>";

export const roundcube: Daemon = {
  name: "roundcube",
  programs: ["roundcube", "roundcubemail", "errors", "userlogins"],
  service: () => "webmail",
  shapes: [
    ...means(success, [`${WORKED}<user:token> (ID: <n:int>) from <ip>${HEADERS}<rest:note>`], ONCE),
    ...means(success, [`${WORKED}<user:loose> (ID: <n:int>) from <ip>{ in session <s:note>}`], NO_HEADERS),
    nothing(`${FAILED}<user:text> from <ip>{${HEADERS}}. ${TROUBLE}`),
    ...means(
      failure,
      [
        `${FAILED}<user:token> from <ip>${HEADERS}<rest:note>`,
        `${FAILED}<user:token> against <h:host> from <ip>${HEADERS}<rest:note>`,
      ],
      ONCE,
    ),
    ...means(failure, [`${FAILED}<user:token> against <h:host> from <ip>${REPLY}`], ONCE),
    ...means(failure, [`${FAILED}<user:loose> from <ip>${REPLY}`], NO_HEADERS),
    ...means(summaryFailure, [`${LOGGED}<user:token> from <ip>${HEADERS}${SESSION_END}`], ONCE),
    ...means(summaryFailure, [`${LOGGED}<user:loose> from <ip>${SESSION_END}`], NO_HEADERS),
    // 1: no token, 4: locked; no password was looked at
    ...means(probe, [`${LOGGED}<user:loose> from <ip> in session <s:note> (error: {1|4})`], NO_HEADERS),
    // The IMAP server was not reached, no such host, no cookie
    nothing(`${LOGGED}<any:text> (error: {-2|-1|2|3})`),
    unread(`${FAILED}<any:note>`),
    unread(`${LOGGED}<any:note>`),
  ],
};

const SPACE = 0x20;
const COLON = 0x3a;
const OPEN = 0x5b;
const CLOSE = 0x5d;
const DASH = 0x2d;
const ROUNDCUBE = Buffer.from("roundcube");

/**
 * `[22-Jan-2013 22:28:21 +0200]: …`, since 1.4 with a fraction: rcube::write_log; `[2026-11-24 02:39:01 +0100]: …` where log_date_format
 * says so.
 */
export const roundcubeNative: EnvelopeForm = {
  name: "Roundcube's own",
  read(bytes, start, end, into) {
    if (bytes[start] !== OPEN || end - start < 30) return false;
    const isIso = looksIso(bytes, start + 1, end);
    if (!isIso && (bytes[start + 3] !== DASH || bytes[start + 7] !== DASH)) return false;
    let close = start + 20;
    while (close < start + 40 && bytes[close] !== CLOSE) close++;
    if (bytes[close + 1] !== COLON || bytes[close + 2] !== SPACE) return false;
    timeAt(isIso ? isoTime : dayMonthNameTime, bytes, start + 1, close, into);
    return readAs(ROUNDCUBE, bytes, close + 3, end, into);
  },
};
