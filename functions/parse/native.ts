/** Logs that daemons write themselves: a time in the daemon's own way, then the message. The form tells who wrote it. */
import { digits } from "./digits.ts";
import { type EnvelopeForm, readAs, readTag, timeAt, wordEnd } from "./envelope.ts";
import { startsWith } from "./places.ts";
import { isoTime, looksIso, traditionalLength, traditionalTime } from "./syslog.ts";

const SPACE = 0x20;
const COLON = 0x3a;
const OPEN = 0x5b;
const CLOSE = 0x5d;
const DASH = 0x2d;

/** Longest that Dovecot's process may be: 2.4 names its client there. */
const PROCESS = 700;
/** Longest that fraction and zone may be, and the space behind them. */
const ZONED = 20;
const DOVECOT = Buffer.from("dovecot");
const DOVECOT_TAG = Buffer.from("dovecot: ");
const EXIM = Buffer.from("exim");

/**
 * `Nov 24 02:39:01 imap-login: Info: …` (Dovecot: log_path, log_timestamp), `2019-10-15 08:08:52.123 imap-login: Info: …`, also
 * with a zone.
 */
export const dovecotNative: EnvelopeForm = {
  name: "Dovecot's own, or syslog without a host",
  read(bytes, start, end, into) {
    const length = traditionalLength(bytes, start, end);
    const traditional = length > 0;
    if (!traditional && !looksIso(bytes, start, end)) return false;
    const time = traditional ? start + length : wordEnd(bytes, start + 19, end, ZONED);
    const message = time + 1;
    const word = time < 0 ? -1 : wordEnd(bytes, message, end, PROCESS);
    if (word < 0 || bytes[word - 1] !== COLON) return false;
    const isTagged = startsWith(bytes, message, end, DOVECOT_TAG);
    // Others write such a time too
    const isPlain = traditional || (bytes[start + 10] === SPACE && time === start + 19);
    if (!isPlain && !isTagged && bytes[word - 2] !== CLOSE && !isDovecotProcess(bytes, message, word))
      return false;
    timeAt(traditional ? traditionalTime : isoTime, bytes, start, time, into);
    // With a process id it is syslog without a host: Dovecot writes none
    if (bytes[word - 2] === CLOSE) return readTag(bytes, message, end, into);
    return readAs(DOVECOT, bytes, isTagged ? word + 1 : message, end, into);
  },
};

/** `dovecot: Nov 24 02:39:01 Info: imap-login: …`: its own up to 1.1. */
export const dovecotPrefixed: EnvelopeForm = {
  name: "Dovecot's own, with its name before the time",
  read: (bytes, start, end, into) =>
    startsWith(bytes, start, end, DOVECOT_TAG) &&
    dovecotNative.read(bytes, start + DOVECOT_TAG.length, end, into),
};

/**
 * `2026-11-24 02:57:14 …`, with a zone (log_timezone), milliseconds (log_selector +millisec) and a process id
 * (+pid) in this order: Exim's main and reject log (Exim specification, 53.5).
 */
export const eximNative: EnvelopeForm = {
  name: "Exim's own",
  lenient: true,
  read(bytes, start, end, into) {
    if (!looksIso(bytes, start, end) || bytes[start + 10] !== SPACE) return false;
    let at = wordEnd(bytes, start + 19, end, 8) + 1;
    if (at === 0) return false;
    const sign = bytes[at];
    if ((sign === 0x2b || sign === DASH) && bytes[at + 5] === SPACE && digits(bytes, at + 1, 4) >= 0) at += 6;
    timeAt(isoTime, bytes, start, at - 1, into);
    if (bytes[at] === OPEN && digits(bytes, at + 1, 1) >= 0) {
      const pid = wordEnd(bytes, at, end, 16);
      if (pid > 0 && bytes[pid - 1] === CLOSE) at = pid + 1;
    }
    return readAs(EXIM, bytes, at, end, into);
  },
};

/** `mail.example.com exim[3751842]: 2021-07-17 23:20:49 …`: Exim's own time within (syslog_timestamp), none before. */
export const eximUntimed: EnvelopeForm = {
  name: "Exim's syslog line without syslog's time",
  read(bytes, start, end, into) {
    const host = wordEnd(bytes, start, end, 255);
    if (host < 0 || !readTag(bytes, host + 1, end, into)) return false;
    if (!startsWith(bytes, into.programFrom, into.programTo, EXIM) || !looksIso(bytes, into.from, end))
      return false;
    return timeAt(isoTime, bytes, into.from, into.from + 19, into);
  },
};

const PROCESSES = [
  "imap-login:",
  "pop3-login:",
  "submission-login:",
  "managesieve-login:",
  "auth:",
  "auth(",
  "auth-worker",
].map((name) => Buffer.from(name));

/** Whether the word `[from, to)` is one that Dovecot's lines begin with. */
export function isDovecotProcess(bytes: Buffer, from: number, to: number): boolean {
  return PROCESSES.some((name) => startsWith(bytes, from, to, name));
}
