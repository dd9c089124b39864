/**
 * Lines that are JSON objects: `journalctl -o json` (systemd's Journal JSON Format), Docker's json-file, what Fluent
 * Bit and others make of them.
 */
import { type Envelope, type EnvelopeForm, readFrom, type TimeForm, timeAt } from "./envelope.ts";
import { startsWith } from "./places.ts";
import { isoTime, looksIso, traditionalLength, traditionalTime } from "./syslog.ts";
import type { InnerReader } from "./wrapped.ts";

/** The members that hold each part, the surest first. */
const MESSAGES = ["MESSAGE", "log", "message", "msg"];
const PROGRAMS = ["SYSLOG_IDENTIFIER", "ident", "program", "appname", "app-name", "_COMM"];
const TIMES = ["_SOURCE_REALTIME_TIMESTAMP", "__REALTIME_TIMESTAMP", "time", "timestamp", "@timestamp", "ts"];

const OPEN = 0x7b;
const CLOSE = 0x7d;
const RECORD = 0x1e;
const DATA = Buffer.from("data: ");

export function json(inner: InnerReader): EnvelopeForm {
  return {
    name: "JSON",
    read(bytes, start, end, into) {
      const from = objectAt(bytes, start, end);
      if (bytes[from] !== OPEN || bytes[end - 1] !== CLOSE) return false;
      const members = parse(bytes.toString("utf8", from, end));
      const message = bytesOf(first(members, MESSAGES));
      if (message === undefined) return false;
      const program = first(members, PROGRAMS);
      const to = lengthWithoutNewline(message);
      if (typeof program === "string") readFrom(Buffer.from(program), message, 0, to, into);
      else if (!inner(message, 0, to, into)) return false;
      return readTime(first(members, TIMES), into);
    },
  };
}

/** Behind what `journalctl -o json-seq` (RFC 7464) and `-o json-sse` put before each object. */
function objectAt(bytes: Buffer, start: number, end: number): number {
  if (bytes[start] === RECORD) return start + 1;
  return startsWith(bytes, start, end, DATA) ? start + DATA.length : start;
}

function parse(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    // Not JSON: of another form, or of none
    return {};
  }
}

function first(members: Record<string, unknown>, names: readonly string[]): unknown {
  const name = names.find((name) => Object.hasOwn(members, name) && members[name] != null);
  return name === undefined ? undefined : members[name];
}

/** journald gives what is no text as an array of bytes. */
function bytesOf(value: unknown): Buffer | undefined {
  if (typeof value === "string") return Buffer.from(value);
  return Array.isArray(value) ? Buffer.from(value.map(Number)) : undefined;
}

function lengthWithoutNewline(message: Buffer): number {
  return message[message.length - 1] === 0x0a ? message.length - 1 : message.length;
}

/** The object's time, or where it has none the message's own. */
function readTime(value: unknown, into: Envelope): boolean {
  if (typeof value !== "string" && typeof value !== "number") return into.timeTo > into.timeFrom;
  const time = Buffer.from(typeof value === "number" ? String(Math.floor(value)) : value);
  const form = looksIso(time, 0, time.length + 2)
    ? isoTime
    : traditionalLength(time, 0, 17)
      ? traditionalTime
      : epochTime;
  return timeAt(form, time, 0, time.length, into);
}

/** Digits since 1970: 10 for seconds, 13, 16, 19 for milli-, micro-, nanoseconds. */
export const epochTime: TimeForm = {
  at(bytes, from, to) {
    const digits = /^\d{10,19}/.exec(bytes.toString("latin1", from, to))?.[0];
    return digits === undefined ? undefined : Number(digits.slice(0, 10));
  },
};
