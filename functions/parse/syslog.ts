/** Syslog lines as rsyslog, syslog-ng and syslogd write them to files: RFC 3164's form, and RFC 3339 time stamps. */
import { digits, secondOfDay } from "./digits.ts";
import { type Envelope, type EnvelopeForm, readTag, type TimeForm, timeAt, wordEnd } from "./envelope.ts";
import type { Clock } from "./time.ts";

const SPACE = 0x20;
const COLON = 0x3a;
const COMMA = 0x2c;
const DASH = 0x2d;

/** Longest host name: RFC 1035, 2.3.4, and room for a port or a zone. */
export const HOST = 300;

const MONTHS = new Map(
  ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"].map((name, i) => [
    (name.charCodeAt(0) << 16) | (name.charCodeAt(1) << 8) | name.charCodeAt(2),
    i + 1,
  ]),
);

/** 1 to 12 for `Jan` to `Dec` at `at`. */
export function monthOf(bytes: Buffer, at: number): number | undefined {
  return MONTHS.get((bytes[at]! << 16) | (bytes[at + 1]! << 8) | bytes[at + 2]!);
}

/** Less than any. */
const YEAR = 364 * 86_400;

/** The time of the second that stands at `place`, `:60` too; undefined where it is none. */
function secondIn(minute: number, bytes: Buffer, place: number): number | undefined {
  const second = digits(bytes, place, 2);
  return second < 0 || second > 60 ? undefined : minute + second;
}

/** `Nov 24 02:39:01` or `Nov  4 02:39:01`: no year, no zone (RFC 3164, 4.1.2). */
export const traditionalTime: TimeForm = {
  at(bytes, from, to, clock) {
    const { minute } = clock;
    const seconds = to - 2;
    if (minute.is(bytes, from, seconds)) return secondIn(minute.value, bytes, seconds);
    const month = monthOf(bytes, from);
    const day = bytes[to - 11] === SPACE ? digits(bytes, to - 10, 1) : digits(bytes, to - 11, 2);
    const second = secondOfDay(bytes, to - 8);
    if (month === undefined || day < 0 || second < 0) return undefined;
    const inMinute = digits(bytes, seconds, 2);
    // the second after `:59`, also where the zone's offset changes between the two
    const leap = inMinute === 60 ? 1 : 0;
    const before = clock.yearless(month, day, second - leap);
    if (before === undefined) return undefined;
    const at = before + leap;
    const start = at - inMinute;
    // another second of a minute near the log's own time may be of another year
    if (start + 60 < clock.latest && start + YEAR > clock.latest)
      minute.remember(bytes, from, seconds, start);
    return at;
  },
};

/**
 * `2026-11-24T02:39:01.123456+00:00` (RFC 3339), with a space for the `T`, `+0000` for the zone or a space before it as journalctl,
 * Exim and others have it; without a zone it is the host's.
 */
export const isoTime: TimeForm = {
  at(bytes, from, to, clock) {
    const wall = wallAt(bytes, from, clock);
    if (wall === undefined) return undefined;
    const offset = offsetAfter(bytes, from + 19, to);
    return offset === undefined ? clock.utc(wall) : wall - offset;
  },
};

/** What the wall clock showed, as in `Clock`. */
export function wallAt(bytes: Buffer, from: number, clock: Clock): number | undefined {
  const { minute } = clock;
  if (minute.is(bytes, from, from + 17)) return secondIn(minute.value, bytes, from + 17);
  const year = digits(bytes, from, 4);
  const month = digits(bytes, from + 5, 2);
  const day = digits(bytes, from + 8, 2);
  const second = secondOfDay(bytes, from + 11);
  if (year < 0 || month < 0 || day < 0 || second < 0) return undefined;
  const wall = clock.wall(year, month, day, second);
  if (wall !== undefined) minute.remember(bytes, from, from + 17, wall - digits(bytes, from + 17, 2));
  return wall;
}

/** The offset behind the seconds and their fraction, in seconds east of UTC; undefined where there is none. */
function offsetAfter(bytes: Buffer, start: number, end: number): number | undefined {
  let at = start;
  if (bytes[at] === 0x2e || bytes[at] === 0x2c) {
    at++;
    while (at < end && digits(bytes, at, 1) >= 0) at++;
  }
  return offsetAt(bytes, bytes[at] === SPACE ? at + 1 : at, end);
}

/** `Z`, `+02:00` or `-0330` in seconds east of UTC; undefined where none of them stands there. */
export function offsetAt(bytes: Buffer, at: number, end: number): number | undefined {
  const sign = bytes[at];
  if (sign === 0x5a) return 0;
  if (at >= end || (sign !== 0x2b && sign !== DASH)) return undefined;
  const hours = digits(bytes, at + 1, 2);
  const minutes = digits(bytes, bytes[at + 3] === COLON ? at + 4 : at + 3, 2);
  if (hours < 0 || hours > 14) return undefined;
  const seconds = hours * 3600 + Math.max(minutes, 0) * 60;
  return sign === DASH ? -seconds : seconds;
}

/**
 * Length of `Nov 24 02:39:01` at `at`, of `Nov 4 02:39:01` too; 0 where it cannot be one. Looks at the delimiters only, the
 * rest is looked at when the time is read.
 */
export function traditionalLength(bytes: Buffer, at: number, end: number): number {
  if (end - at < 17 || bytes[at + 3] !== SPACE) return 0;
  const length = bytes[at + 6] === SPACE ? 15 : bytes[at + 5] === SPACE ? 14 : 0;
  const clock = at + length - 8;
  return bytes[clock + 2] === COLON && bytes[clock + 5] === COLON && bytes[clock + 8] === SPACE ? length : 0;
}

/** Whether `2026-11-24T02:39:01` can stand at `at`. */
export function looksIso(bytes: Buffer, at: number, end: number): boolean {
  return (
    end - at > 20 &&
    bytes[at + 4] === DASH &&
    bytes[at + 7] === DASH &&
    bytes[at + 13] === COLON &&
    bytes[at + 16] === COLON
  );
}

/** `Nov 24 02:39:01 host program[pid]: message`; with a zone's or a priority's name before the host as BSD's has it. */
export const traditionalSyslog: EnvelopeForm = {
  name: "syslog",
  read(bytes, start, end, into) {
    const length = traditionalLength(bytes, start, end);
    if (length === 0) return false;
    timeAt(traditionalTime, bytes, start, start + length, into);
    return readHostAndTag(bytes, start + length + 1, end, into);
  },
};

/** `2026-11-24T02:39:01.123456+00:00 host program[pid]: message`, and with a space for the `T`. */
export const isoSyslog: EnvelopeForm = {
  name: "syslog with RFC 3339 time",
  read(bytes, start, end, into) {
    // Exchange's tables begin like this
    if (!looksIso(bytes, start, end) || bytes[start + 24] === COMMA) return false;
    const time = wordEnd(bytes, start + 19, end, 24);
    if (time < 0) return false;
    timeAt(isoTime, bytes, start, time, into);
    return readHostAndTag(bytes, time + 1, end, into);
  },
};

/** A word that ends with a colon is no host, but the process of a daemon that writes its own log. */
function readHostAndTag(bytes: Buffer, start: number, end: number, into: Envelope): boolean {
  let at = start;
  if (bytes[at] === LESS) at = wordEnd(bytes, at, end, HOST) + 1;
  if (at < start) return false;
  const host = wordEnd(bytes, at, end, HOST);
  if (host <= at || bytes[host - 1] === COLON) return false;
  return readTag(bytes, host + 1, end, into);
}

const LESS = 0x3c;
