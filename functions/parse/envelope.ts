/**
 * Envelopes: what stands around a daemon's message, told by content. A form reads where program and message are;
 * the time only when somebody asks, which is for login events.
 *
 * To add a form: a file with an `EnvelopeForm`, and a place for it in `forms.ts`.
 */
import { digits } from "./digits.ts";
import type { EpochSeconds } from "./event.ts";
import type { Clock } from "./time.ts";

/** One line taken apart. Reused for each line. */
export interface Envelope {
  /** The line's bytes, or those that were unpacked from it (JSON). */
  bytes: Buffer;
  /** Where the program's name stands: usually `bytes`, else one of those that `program` makes. */
  programBytes: Buffer;
  /** The program's name as the line has it, without process id: `dovecot`, `postfix/smtpd`. */
  programFrom: number;
  programTo: number;
  /** Whether the log is one that the daemon writes itself, so that its lines name no program. */
  isOwnLog: boolean;
  /** The message. */
  from: number;
  to: number;
  /** Where the time stands, and in which way it is written. */
  timeBytes: Buffer;
  timeFrom: number;
  timeTo: number;
  time: TimeForm;
  /** How often the message came: N of `message repeated N times`. */
  times: number;
}

/** One way to write a time. `at` is undefined where no such moment exists. */
export interface TimeForm {
  at(bytes: Buffer, from: number, to: number, clock: Clock): EpochSeconds | undefined;
}

/** One way to write a line. */
export interface EnvelopeForm {
  name: string;
  /** Reads lines of stricter forms too, which must be asked before. */
  lenient?: true;
  /** Whether the line is of this form; fills `into`. Must refuse a line of another form by its first bytes. */
  read(bytes: Buffer, start: number, end: number, into: Envelope): boolean;
}

const SPACE = 0x20;
const COLON = 0x3a;
const OPEN = 0x5b;
const CLOSE = 0x5d;
const LESS = 0x3c;
const GREATER = 0x3e;

/**
 * The part that the syslog forms share: `program[pid]: message` or `program: message`, from `start` on. The process
 * id may be anything without a bracket (`imapd[1234/abc]`); a program's name has no space.
 */
export function readTag(bytes: Buffer, start: number, end: number, into: Envelope): boolean {
  let at = start;
  while (at < end) {
    const byte = bytes[at]!;
    if (byte === COLON || byte === OPEN || byte === SPACE) break;
    at++;
  }
  const programTo = at;
  if (at === start || at - start > 64) return false;
  if (bytes[at] === OPEN) {
    const limit = end - at > 40 ? at + 40 : end;
    while (at < limit && bytes[at] !== CLOSE) at++;
    at++;
  }
  if (at >= end || bytes[at] !== COLON) return false;
  setBytes(bytes, into);
  into.isOwnLog = false;
  into.programFrom = start;
  into.programTo = programTo;
  into.from = bytes[at + 1] === SPACE ? at + 2 : at + 1;
  into.to = end;
  return into.from <= end;
}

/** To write an object's reference costs more than to compare it: most lines are in the same bytes as the one before. */
function setBytes(bytes: Buffer, into: Envelope): void {
  if (into.bytes !== bytes) into.bytes = bytes;
  if (into.programBytes !== bytes) into.programBytes = bytes;
}

/** Says that the message `[from, to)` is of a program that the line does not name: it is of that one's own log. */
export function readAs(program: Buffer, bytes: Buffer, from: number, to: number, into: Envelope): true {
  into.isOwnLog = true;
  return readOf(program, bytes, from, to, into);
}

/** Says that the message `[from, to)` is of a program that stands elsewhere. */
export function readFrom(program: Buffer, bytes: Buffer, from: number, to: number, into: Envelope): true {
  into.isOwnLog = false;
  return readOf(program, bytes, from, to, into);
}

function readOf(program: Buffer, bytes: Buffer, from: number, to: number, into: Envelope): true {
  into.programBytes = program;
  into.programFrom = 0;
  into.programTo = program.length;
  into.bytes = bytes;
  into.from = from;
  into.to = to;
  return true;
}

export function timeAt(form: TimeForm, bytes: Buffer, from: number, to: number, into: Envelope): true {
  if (into.time !== form) into.time = form;
  if (into.timeBytes !== bytes) into.timeBytes = bytes;
  into.timeFrom = from;
  into.timeTo = to;
  return true;
}

/** RFC 5424, 6.2.1: at most 191. */
const PRIORITY_DIGITS = 3;

/** Behind `<22>`, or `start` where no priority stands there. */
export function afterPriority(bytes: Buffer, start: number, end: number): number {
  if (bytes[start] !== LESS) return start;
  let at = start + 1;
  while (at < end && at <= start + PRIORITY_DIGITS && digits(bytes, at, 1) >= 0) at++;
  return at > start + 1 && bytes[at] === GREATER ? at + 1 : start;
}

/** The end of the word that begins at `start`; -1 where it is longer than `most` or reaches the end. */
export function wordEnd(bytes: Buffer, start: number, end: number, most: number): number {
  const limit = Math.min(end, start + most);
  for (let at = start; at < limit; at++) if (bytes[at] === SPACE) return at;
  return -1;
}
