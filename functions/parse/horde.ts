/**
 * Horde 3 to 6: IMP and Horde's base (imp/lib/Auth.php, Horde_Core_Auth_Application). The name stands before the address, the
 * server behind it, and between them since IMP 5 the header that a client may have sent.
 */
import { type Daemon, failure, means, success, unread } from "./daemon.ts";
import { type EnvelopeForm, readAs, timeAt, wordEnd } from "./envelope.ts";
import { startsWith } from "./places.ts";
import { isoTime, looksIso, traditionalLength, traditionalTime } from "./syslog.ts";

const APP = "{[<level:word>] }[{imp|horde}] ";
/** Since IMP 5 in parentheses. */
const CLIENTS = ["[<ip>]", "(<ip>)"];
const REST = "to <server:note>";
const WHOLE_REST =
  "to <server:spaceless>{ <flags:spaceless>}{ as <who:spaceless>} [{{pid <p:int> }on line <l:int> of <file:spaceless>|pid <p:int>]}";
const HEADER = "{ }(forwarded for [<forwarded:note>]) ";

export const horde: Daemon = {
  name: "horde",
  programs: ["HORDE", "horde", "Horde"],
  service: () => "webmail",
  shapes: [
    ...accounts("FAILED LOGIN", failure),
    ...accounts("Login success", success),
    // Horde 3
    ...means(failure, [`${APP}FAILED LOGIN <ip> to <server:note> as <user:note> [on line <rest:note>`]),
    unread(`${APP}FAILED LOGIN <any:note>`),
  ],
};

/**
 * A name may hold an address in the other brackets than those that its Horde writes, and a header that nobody sent; so everything
 * behind must be as Horde has it up to the end, which only the last address can fulfil, or there is nothing to be taken for it.
 */
function accounts(words: string, meaning: typeof failure | typeof success) {
  const start = `${APP}${words}{ } for `;
  const each = (text: (client: string) => string) => CLIENTS.map((client) => `${start}${text(client)}`);
  return [
    ...means(
      meaning,
      each((client) => `<user:loose> ${client} ${WHOLE_REST}`),
      { without: "(forwarded for" },
    ),
    ...means(
      meaning,
      each((client) => `<user:token> ${client}${HEADER}${WHOLE_REST}`),
    ),
    ...means(
      meaning,
      each((client) => `<user:token> ${client} ${REST}`),
      { once: " to " },
    ),
    // Some IMP 5 know no name before the login has worked
    ...means(
      meaning,
      CLIENTS.flatMap((client) => [
        `${APP}${words}{ } ${client}${HEADER}${WHOLE_REST}`,
        `${APP}${words}{ } ${client} ${REST}`,
      ]),
    ),
  ];
}

const OPEN = 0x5b;
const HORDE = Buffer.from("HORDE");

/** Longest `2026-11-24T02:39:01+00:00 NOTICE: `, behind the seconds. */
const ZONE = 8;
const LEVEL = 8;
const LEVELS = /^(?:EMERG|ALERT|CRIT|ERR|WARN|NOTICE|INFO|DEBUG):$/;

/** `2026-11-24T02:39:01+00:00 ERR: HORDE [imp] …`: since 4 (Horde_Log_Formatter_Simple), perhaps without its name. */
export const hordeLog: EnvelopeForm = {
  name: "Horde's own since 4",
  read(bytes, start, end, into) {
    if (!looksIso(bytes, start, end)) return false;
    const time = wordEnd(bytes, start + 19, end, ZONE);
    const level = time < 0 ? -1 : wordEnd(bytes, time + 1, end, LEVEL);
    if (level < 0 || !LEVELS.test(bytes.toString("latin1", time + 1, level))) return false;
    const isNamed = startsWith(bytes, level + 1, end, HORDE);
    const message = isNamed ? level + 1 + HORDE.length + 1 : level + 1;
    if (bytes[message] !== OPEN) return false;
    timeAt(isoTime, bytes, start, time, into);
    return readAs(HORDE, bytes, message, end, into);
  },
};

/** `Dec 15 08:59:59 HORDE [error] [imp] …`: Horde's log file; in syslog HORDE is the program. */
export const hordeNative: EnvelopeForm = {
  name: "Horde's own",
  read(bytes, start, end, into) {
    const length = traditionalLength(bytes, start, end);
    const tag = start + length + 1;
    if (length === 0 || !startsWith(bytes, tag, end, HORDE) || bytes[tag + 6] !== OPEN) return false;
    timeAt(traditionalTime, bytes, start, tag - 1, into);
    return readAs(HORDE, bytes, tag + 6, end, into);
  },
};
