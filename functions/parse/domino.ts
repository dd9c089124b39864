/** HCL (IBM, Lotus) Domino 7 to 12: the console log. The name stands before the address. */
import { type Daemon, failure, means, unread } from "./daemon.ts";
import { dayMonthTime, monthDayTime } from "./dates.ts";
import { type EnvelopeForm, readAs, timeAt, wordEnd } from "./envelope.ts";
import { isoTime, looksIso } from "./syslog.ts";

const PASSWORD = "authentication failure using internet password";
const SERVER = "<service:word> Server{:| [<id:note>]} Authentication failed for user ";

export const domino: Daemon = {
  name: "domino",
  programs: ["domino"],
  service: () => "smtp",
  shapes: [
    ...means(failure, [
      `<service:word>: <user:text> [<ip>] ${PASSWORD}`,
      `<service:word>: <user:loose> <ip> ${PASSWORD}`,
      `<service:word>: <ip> ${PASSWORD}`,
      `${SERVER}<user:text> ; connecting host {[<ip>]|<ip>}`,
    ]),
    unread(`${SERVER}<any:note>`),
  ],
};

const SPACE = 0x20;
const DASH = 0x2d;
const OPEN = 0x5b;
const SLASH = 0x2f;
const M = 0x4d;
const DOMINO = Buffer.from("domino");

/**
 * `[28325:00010-3735542592] 22-06-2014 09:56:12   smtp: …`, also with the year first, or as `06/22/2014 09:56:12 AM  …`; the
 * process may be missing.
 */
export const dominoNative: EnvelopeForm = {
  name: "Domino's own",
  read(bytes, start, end, into) {
    const date = bytes[start] === OPEN ? wordEnd(bytes, start, end, 40) + 1 : start;
    if (date < start || end - date < 26) return false;
    if (bytes[date + 10] !== SPACE || bytes[date + 19] !== SPACE) return false;
    if (bytes[date + 2] === SLASH && bytes[date + 21] === M && bytes[date + 23] === SPACE) {
      timeAt(monthDayTime, bytes, date, date + 22, into);
      return readAs(DOMINO, bytes, date + 24, end, into);
    }
    if (bytes[date + 20] !== SPACE || bytes[date + 21] !== SPACE) return false;
    const dayFirst = bytes[date + 2] === DASH && bytes[date + 5] === DASH;
    if (!dayFirst && !looksIso(bytes, date, end)) return false;
    timeAt(dayFirst ? dayMonthTime : isoTime, bytes, date, date + 19, into);
    return readAs(DOMINO, bytes, date + 22, end, into);
  },
};
