/**
 * Syslog lines that have something more than `time host program: message`: a priority, a weekday, a year or a fraction at the
 * time, the facility's and level's name (syslogd of FreeBSD and busybox, OpenWrt's logread, the templates of rsyslog and
 * syslog-ng). Each is told by that, so a line of a plainer form is none of these.
 */
import { ctimeTime, yearFirstTime, yearThirdTime } from "./dates.ts";
import { digits, secondOfDay } from "./digits.ts";
import {
  afterPriority,
  type Envelope,
  type EnvelopeForm,
  readAs,
  readTag,
  type TimeForm,
  timeAt,
  wordEnd,
} from "./envelope.ts";
import { epochTime } from "./json.ts";
import { dovecotNative, isDovecotProcess } from "./native.ts";
import {
  HOST,
  isoSyslog,
  isoTime,
  looksIso,
  monthOf,
  traditionalLength,
  traditionalSyslog,
  traditionalTime,
  wallAt,
} from "./syslog.ts";

const SPACE = 0x20;
const COLON = 0x3a;
const LESS = 0x3c;
const GREATER = 0x3e;
const DOT = 0x2e;
const SLASH = 0x2f;
const OPEN = 0x5b;

const DOVECOT = Buffer.from("dovecot");

const WEEKDAY = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) $/;
const FACILITY =
  /^(?:kern|user|mail|daemon|auth|authpriv|security|syslog|lpr|news|uucp|cron|ftp|console|local[0-7])\.(?:emerg|panic|alert|crit|err|error|warn|warning|notice|info|debug)$/;

/** Length of `2026 Nov 24 02:39:01`. */
const DATED = 20;

/** A time, and where what follows it begins. */
interface OddTime {
  form: TimeForm;
  from: number;
  to: number;
  /** What a line with such a time must have besides to be syslog's: others write it too, and clients' text behind it. */
  needs: Proof;
}

/** A tag behind a host; a process id in the tag; the facility's and level's name, or a priority. */
type Proof = "tag" | "process" | "facility";

export const oddSyslog: EnvelopeForm = {
  name: "syslog with more about the message",
  lenient: true,
  read(bytes, start, end, into) {
    const from = afterPriority(bytes, start, end);
    if (from > start && readPlain(bytes, from, end, into)) return true;
    const time = oddTime(bytes, from, end);
    if (time === undefined || bytes[time.to] !== SPACE) return false;
    timeAt(time.form, bytes, time.from, time.to, into);
    return readRest(bytes, time.to + 1, end, from > start ? "nothing" : time.needs, into);
  },
};

function readPlain(bytes: Buffer, start: number, end: number, into: Envelope): boolean {
  return [traditionalSyslog, dovecotNative, isoSyslog].some((form) => form.read(bytes, start, end, into));
}

function oddTime(bytes: Buffer, start: number, end: number): OddTime | undefined {
  if (end - start < 26) return undefined;
  if (bytes[start + 10] === DOT && digits(bytes, start, 10) >= 0) {
    const to = wordEnd(bytes, start, end, 24);
    return to < 0 ? undefined : { form: epochTime, from: start, to, needs: "process" };
  }
  if (looksIso(bytes, start, end)) {
    const to = wordEnd(bytes, start + 19, end, 24);
    if (to < 0) return undefined;
    // `log show --style syslog` of macOS
    if (bytes[to + 1] === SPACE) return { form: isoTime, from: start, to: to + 1, needs: "process" };
    return { form: isoTime, from: start, to, needs: "facility" };
  }
  if (bytes[start + 4] === SLASH && bytes[start + 7] === SLASH && secondOfDay(bytes, start + 11) >= 0) {
    return { form: isoTime, from: start, to: start + 19, needs: "facility" };
  }
  if (bytes[start + 4] === SPACE && monthOf(bytes, start + 5) !== undefined && digits(bytes, start, 4) > 0) {
    return { form: yearFirstTime, from: start, to: start + DATED, needs: "process" };
  }
  if (bytes[start + 3] !== SPACE) return undefined;
  const hasWeekday = WEEKDAY.test(bytes.toString("latin1", start, start + 4));
  if (hasWeekday && looksIso(bytes, start + 4, end)) return fullTime(bytes, start + 4, end);
  return namedMonth(bytes, hasWeekday ? start + 4 : start, end, hasWeekday);
}

/** `2026-11-24 02:39:01 UTC` (journalctl -o short-full); another zone's name is the host's. */
function fullTime(bytes: Buffer, from: number, end: number): OddTime | undefined {
  const to = wordEnd(bytes, from + 20, end, 12);
  if (to < 0 || bytes[from + 19] !== SPACE) return undefined;
  const isUtc = bytes.toString("latin1", from + 20, to) === "UTC";
  return { form: isUtc ? utcTime : isoTime, from, to, needs: "process" };
}

/** `Nov 24 02:39:01`, and with a fraction, or with the year behind the day or the clock. */
function namedMonth(bytes: Buffer, from: number, end: number, hasWeekday: boolean): OddTime | undefined {
  if (monthOf(bytes, from) === undefined) return undefined;
  if (bytes[from + 11] === SPACE && digits(bytes, from + 7, 4) > 0) {
    return { form: yearThirdTime, from, to: from + DATED, needs: "process" };
  }
  const to = from + 15;
  if (secondOfDay(bytes, from + 7) < 0) return undefined;
  if (bytes[to] === DOT) {
    const word = wordEnd(bytes, to, end, 12);
    // The time's form looks at its end
    return word < 0 ? undefined : { form: fractional, from, to: word, needs: "tag" };
  }
  if (traditionalLength(bytes, from, end) !== 15) return undefined;
  if (bytes[to + 5] === SPACE && digits(bytes, to + 1, 4) > 0) {
    return { form: ctimeTime, from, to: to + 5, needs: "facility" };
  }
  return { form: traditionalTime, from, to, needs: hasWeekday ? "tag" : "facility" };
}

/** Host and program, with `mail.info` or `<mail.info>` before or behind the host, which is missing only where that stands. */
function readRest(
  bytes: Buffer,
  start: number,
  end: number,
  needs: Proof | "nothing",
  into: Envelope,
): boolean {
  const first = afterFacility(bytes, start, end);
  const host = wordEnd(bytes, first, end, HOST);
  // nginx's level
  if (host < 0 || bytes[first] === OPEN) return false;
  if (bytes[host - 1] === COLON) {
    const isOwn = isDovecotProcess(bytes, first, host);
    if (needs !== "nothing" && first === start && !(isOwn && needs === "tag")) return false;
    if (isOwn) return readAs(DOVECOT, bytes, first, end, into);
    return readTag(bytes, first, end, into);
  }
  const second = afterFacility(bytes, host + 1, end);
  const isProven = needs === "nothing" || needs === "tag" || first > start || second > host + 1;
  if (needs === "facility" && !isProven) return false;
  return readTag(bytes, second, end, into) && (isProven || bytes[into.programTo] === OPEN);
}

function afterFacility(bytes: Buffer, start: number, end: number): number {
  const word = wordEnd(bytes, start, end, 20);
  if (word < 0) return start;
  const isBracketed = bytes[start] === LESS && bytes[word - 1] === GREATER;
  const [from, to] = isBracketed ? [start + 1, word - 1] : [start, word];
  return isFacility(bytes, from, to) ? word + 1 : start;
}

/** Whether `[from, to)` names a facility and a level, as `mail.info`. */
export function isFacility(bytes: Buffer, from: number, to: number): boolean {
  return FACILITY.test(bytes.toString("latin1", from, to));
}

export const utcTime: TimeForm = { at: (bytes, from, _to, clock) => wallAt(bytes, from, clock) };

/** `Nov 24 02:39:01.123456`. */
const fractional: TimeForm = {
  at: (bytes, from, _to, clock) => traditionalTime.at(bytes, from, from + 15, clock),
};
