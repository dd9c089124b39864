/** Tine 2.0 (Tinebase/Controller.php: login): the name before the address, Zend_Auth_Result's code last. */
import { type Daemon, failure, means, nothing, unread } from "./daemon.ts";
import { type EnvelopeForm, readAs, timeAt, wordEnd } from "./envelope.ts";
import { isoTime, looksIso } from "./syslog.ts";

const LOGIN =
  "<level:word> (<n:int>): Tinebase_Controller::login::<line:int> Login with username <user:text> from <ip> failed ";

export const tine20: Daemon = {
  name: "tine20",
  programs: ["tine20"],
  service: () => "webmail",
  shapes: [
    // No such user, wrong password
    ...means(failure, [`${LOGIN}(-1)!`, `${LOGIN}(-3)!`]),
    // Blocked, disabled, expired, or the directory is down
    nothing(`${LOGIN}(<code:word>)!`),
    unread("<level:word> (<n:int>): Tinebase_Controller::login::<any:note>"),
  ],
};

const SPACE = 0x20;
const DASH = 0x2d;
const TINE20 = Buffer.from("tine20");
/** Longest that user and durations may be. */
const PREFIX = 200;

/** `8e035 ffff3 -- none -- - 2014-01-21T04:38:14+00:00 WARN (4): …`, with a user for `-- none --`, and durations before the dash. */
export const tine20Native: EnvelopeForm = {
  name: "Tine 2.0's own",
  read(bytes, start, end, into) {
    const second = isHex(bytes, start, end) ? wordEnd(bytes, start, end, 12) + 1 : 0;
    if (second === 0 || !isHex(bytes, second, end)) return false;
    const limit = Math.min(end - 25, start + PREFIX);
    for (let at = wordEnd(bytes, second, end, 12); at > 0 && at < limit; at++) {
      const isDash = bytes[at] === SPACE && bytes[at + 1] === DASH && bytes[at + 2] === SPACE;
      if (!isDash || !looksIso(bytes, at + 3, end)) continue;
      const time = wordEnd(bytes, at + 3, end, 40);
      timeAt(isoTime, bytes, at + 3, time, into);
      return time > 0 && readAs(TINE20, bytes, time + 1, end, into);
    }
    return false;
  },
};

/** Whether a word of hexadecimal digits begins there. */
function isHex(bytes: Buffer, start: number, end: number): boolean {
  const to = wordEnd(bytes, start, end, 12);
  if (to - start < 5) return false;
  for (let at = start; at < to; at++) {
    const byte = bytes[at]!;
    if (!((byte >= 0x30 && byte <= 0x39) || (byte >= 0x61 && byte <= 0x66))) return false;
  }
  return true;
}
