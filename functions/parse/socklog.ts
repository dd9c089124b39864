/** Lines of small syslogds that have neither host nor, some of them, a colon behind the program. */
import { type EnvelopeForm, readAs, readTag, timeAt, wordEnd } from "./envelope.ts";
import { looksIso, traditionalLength, traditionalTime } from "./syslog.ts";
import { isFacility, utcTime } from "./variants.ts";

const COLON = 0x3a;
const OPEN = 0x5b;
const CLOSE = 0x5d;

/** Longest `[program]`. */
const TAG = 66;
/** Longest fraction of a second. */
const FRACTION = 12;
/** Longest `authpriv.warning:`. */
const FACILITY = 20;

/** `Nov 24 02:39:01 [postfix/smtpd] …`: metalog. */
export const metalog: EnvelopeForm = {
  name: "metalog",
  read(bytes, start, end, into) {
    const length = traditionalLength(bytes, start, end);
    const tag = start + length + 1;
    if (length === 0 || bytes[tag] !== OPEN) return false;
    const to = wordEnd(bytes, tag, end, TAG);
    if (to < 0 || bytes[to - 1] !== CLOSE) return false;
    timeAt(traditionalTime, bytes, start, tag - 1, into);
    return readAs(bytes.subarray(tag + 1, to - 1), bytes, to + 1, end, into);
  },
};

/**
 * `2026-11-24T02:39:01.12345 mail.info: Nov 24 02:39:01 postfix/smtpd[4711]: …`: socklog, of whose two times one may be missing.
 * The first is svlogd's and in UTC.
 */
export const socklog: EnvelopeForm = {
  name: "socklog",
  read(bytes, start, end, into) {
    const stamp = looksIso(bytes, start, end) ? wordEnd(bytes, start + 19, end, FRACTION) : -1;
    const facility = stamp < 0 ? start : stamp + 1;
    const to = wordEnd(bytes, facility, end, FACILITY);
    if (to < 0 || bytes[to - 1] !== COLON || !isFacility(bytes, facility, to - 1)) return false;
    const length = traditionalLength(bytes, to + 1, end);
    if (length === 0 && stamp < 0) return false;
    if (stamp < 0) timeAt(traditionalTime, bytes, to + 1, to + 1 + length, into);
    else timeAt(utcTime, bytes, start, stamp, into);
    return readTag(bytes, length === 0 ? to + 1 : to + length + 2, end, into);
  },
};
