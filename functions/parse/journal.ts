/**
 * `journalctl -o export` (systemd: Journal Export Formats): an entry is a block of `FIELD=value` lines, or for a value with
 * control characters `FIELD`, then its length in 8 bytes little-endian, the value, and a newline. An entry is told as
 * soon as time, program and message are there. This form has a memory of one entry: cut such a log between entries.
 */
import { type EnvelopeForm, readFrom, timeAt } from "./envelope.ts";
import { epochTime } from "./json.ts";
import { startsWith } from "./places.ts";

type Field = "time" | "program" | "message";

const FIELDS: ReadonlyMap<string, Field> = new Map([
  ["_SOURCE_REALTIME_TIMESTAMP", "time"],
  ["__REALTIME_TIMESTAMP", "time"],
  ["SYSLOG_IDENTIFIER", "program"],
  ["MESSAGE", "message"],
]);

/** What begins a log of this form; `__CURSOR` is the first field of each entry. */
const CURSOR = Buffer.from("__CURSOR=");
const EQUALS = 0x3d;
const LENGTH_BYTES = 8;
/** Longest value that is looked at: as a line's limit. Longer ones are skipped. */
const LONGEST = 65_536;

interface Binary {
  field: Field | undefined;
  /** The value so far, length first. */
  bytes: Buffer;
}

export function journalExport(): EnvelopeForm {
  const reader = new EntryReader();
  return {
    name: "journal export",
    read(bytes, start, end, into) {
      if (!reader.take(bytes, start, end)) return false;
      // A line within an entry: read, but nothing to tell yet
      into.from = into.to = 0;
      const whole = reader.whole();
      if (whole === undefined) return true;
      timeAt(epochTime, whole.time, 0, whole.time.length, into);
      return readFrom(whole.program, whole.message, 0, whole.message.length, into);
    },
  };
}

class EntryReader {
  /** Undefined outside of an export. */
  private entry: Partial<Record<Field, Buffer>> | undefined;
  private binary: Binary | undefined;

  /** Whether the line is one of an export. */
  take(bytes: Buffer, start: number, end: number): boolean {
    if (this.binary !== undefined) {
      this.binary = more(this.binary, bytes.subarray(start, end), (field, value) => this.keep(field, value));
      return true;
    }
    if (startsWith(bytes, start, end, CURSOR) || (this.entry !== undefined && start === end)) this.entry = {};
    else if (this.entry !== undefined && !this.takeField(bytes, start, end)) this.entry = undefined;
    return this.entry !== undefined;
  }

  /** The entry, the first time that all of it is there. */
  whole(): Record<Field, Buffer> | undefined {
    const { time, program, message } = this.entry ?? {};
    if (time === undefined || program === undefined || message === undefined) return undefined;
    this.entry = {};
    return { time, program, message };
  }

  private takeField(bytes: Buffer, start: number, end: number): boolean {
    const equals = bytes.subarray(start, end).indexOf(EQUALS);
    const nameEnd = equals < 0 ? end : start + equals;
    const name = bytes.toString("latin1", start, Math.min(nameEnd, start + 65));
    if (!/^[A-Z0-9_]{1,64}$/.test(name)) return false;
    const field = FIELDS.get(name);
    if (equals < 0) this.binary = { field, bytes: Buffer.alloc(0) };
    else this.keep(field, bytes.subarray(nameEnd + 1, end));
    return true;
  }

  private keep(field: Field | undefined, value: Buffer): void {
    if (field !== undefined && this.entry !== undefined) this.entry[field] ??= Buffer.from(value);
  }
}

/** Adds a line, with the newline that ended it, to a binary value; undefined once the value is whole. */
function more(
  { field, bytes }: Binary,
  line: Buffer,
  take: (field: Field | undefined, value: Buffer) => void,
): Binary | undefined {
  const all = Buffer.concat([bytes, line, NEWLINE]);
  if (all.length < LENGTH_BYTES) return { field, bytes: all };
  const length = Number(all.readBigUInt64LE(0));
  if (all.length < LENGTH_BYTES + length + 1) {
    return { field, bytes: all.length > LONGEST ? skipped(all, length) : all };
  }
  if (length <= LONGEST) take(field, all.subarray(LENGTH_BYTES, LENGTH_BYTES + length));
  return undefined;
}

const NEWLINE = Buffer.from("\n");

/** Of a value that is too long only how much of it is still to come. */
function skipped(all: Buffer, length: number): Buffer {
  const rest = Buffer.alloc(LENGTH_BYTES);
  rest.writeBigUInt64LE(BigInt(length - (all.length - LENGTH_BYTES)));
  return rest;
}
