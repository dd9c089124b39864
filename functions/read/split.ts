import { FINGERPRINT_BYTES, fingerprintOf } from "./fingerprint.ts";
import type { FingerprintOf, LineBlocks, LogExtent, OnLine, ReadOptions } from "./lines.ts";
import type { ByteOffset, ByteRange } from "./offset.ts";

const NEWLINE = 0x0a;
const RETURN = 0x0d;
/** Bytes that are split at once: few enough that the tables of what lines name stay in a core's cache beside them. */
const PIECE = 2 ** 17;
const EVERYTHING: readonly ByteRange[] = [{ start: 0, end: Number.POSITIVE_INFINITY }];

/**
 * Splits chunks into lines. A line across chunks is put together in `carry`: all of it, or its beginning where it
 * is too long. The native search for the newline is the only thing done to each byte.
 */
export class LineSplitter {
  private readonly onLine: OnLine;
  private readonly start: ByteOffset;
  private readonly longest: number;
  private readonly ranges: readonly ByteRange[];
  private readonly hashAt: readonly ByteOffset[];
  private readonly fingerprintOf: FingerprintOf;
  private readonly blocks: LineBlocks | undefined;
  private readonly carry: Buffer;
  private carried = 0;
  /** Length of the line whose beginning is in `carry`. */
  private pending = 0;
  /** Where the next line begins. */
  private offset: ByteOffset;
  private lines = 0;
  private longLines = 0;
  /** The first complete line's. */
  fingerprint: string | undefined;
  /** Beginning of the last complete line, as much as is hashed. */
  private readonly last = Buffer.alloc(FINGERPRINT_BYTES);
  private lastLength = 0;
  private readonly boundaries = new Map<ByteOffset, string>();
  /** The next of `ranges` and of `hashAt`. */
  private range = 0;
  private boundary = 0;
  /** Of lines that end before this offset nothing is wanted but that they are delivered: so it is with most. */
  private plainUntil: ByteOffset = 0;

  constructor(options: ReadOptions, longest: number, onLine: OnLine) {
    this.onLine = onLine;
    this.start = this.offset = options.start ?? 0;
    this.longest = longest;
    this.ranges = options.ranges ?? EVERYTHING;
    this.hashAt = options.hashAt ?? [];
    this.fingerprintOf = options.fingerprintOf ?? fingerprintOf;
    const { blocks } = options;
    this.blocks = blocks !== undefined && blocks.longest < longest ? blocks : undefined;
    // One more for the carriage return, so that CRLF does not shorten the longest line
    this.carry = Buffer.allocUnsafe(Math.max(longest + 1, FINGERPRINT_BYTES));
  }

  take(chunk: Buffer): void {
    for (let at = 0; at < chunk.length; at += PIECE) this.takePiece(chunk.subarray(at, at + PIECE));
  }

  private takePiece(piece: Buffer): void {
    let at = 0;
    let newline = piece.indexOf(NEWLINE);
    if (newline >= 0 && this.pending > 0) {
      this.endCarried(piece, newline);
      at = newline + 1;
      newline = piece.indexOf(NEWLINE, at);
    }
    const from = at;
    const isLoaded = newline >= 0 && this.blocks !== undefined && this.blocks.load(piece);
    const lastNewline = isLoaded ? piece.lastIndexOf(NEWLINE) : -1;
    while (newline >= 0) {
      const stop = this.readBlock(piece, at, lastNewline + 1);
      if (stop > newline) {
        at = stop;
        if (stop > lastNewline) break;
        newline = piece.indexOf(NEWLINE, at);
      }
      const { offset } = this;
      const next = offset + (newline - at) + 1;
      if (next < this.plainUntil && newline - at < this.longest) {
        this.offset = next;
        const end = newline > at && piece[newline - 1] === RETURN ? newline - 1 : newline;
        this.onLine(piece, at, end, offset, ++this.lines);
      } else this.endLine(piece, at, newline, newline - at);
      at = newline + 1;
      newline = piece.indexOf(NEWLINE, at);
    }
    if (at > from) this.remember(piece, lastLineIn(piece, from, at), at - 1);
    if (at < piece.length) this.append(piece, at, piece.length);
  }

  /** Has lines `[at, end)` read at once, as far as nothing else is wanted of them; gives where that ended. */
  private readBlock(piece: Buffer, at: number, end: number): number {
    const { blocks, offset, plainUntil } = this;
    if (blocks === undefined || at >= end || plainUntil - offset < 2) return at;
    const isPlain = offset + (end - at) < plainUntil;
    const to = isPlain ? end : piece.lastIndexOf(NEWLINE, at + (plainUntil - offset) - 2) + 1;
    if (to <= at) return at;
    const stop = blocks.read(at, to, offset, this.lines);
    this.lines += blocks.lines;
    this.offset = offset + (stop - at);
    return stop;
  }

  takeTail(): void {
    if (this.pending === 0) return;
    this.lines++;
    if (this.pending > this.longest) this.longLines++;
    else if (this.isWanted(this.offset)) this.onLine(this.carry, 0, this.carried, this.offset, this.lines);
  }

  extent(): Omit<LogExtent, "container" | "trailing"> {
    const { start, offset: end, pending: tail, lines, longLines, fingerprint, boundaries } = this;
    const lastLine = end > start ? this.fingerprintOf(this.last.subarray(0, this.lastLength)) : undefined;
    return { start, end, tail, lines, longLines, fingerprint, lastLine, boundaries };
  }

  private append(chunk: Buffer, from: number, to: number): void {
    this.pending += to - from;
    const room = Math.min(to - from, this.carry.length - this.carried);
    chunk.copy(this.carry, this.carried, from, from + room);
    this.carried += room;
  }

  private endCarried(chunk: Buffer, newline: number): void {
    this.append(chunk, 0, newline);
    const { pending, carried } = this;
    this.pending = this.carried = 0;
    this.endLine(this.carry, 0, carried, pending);
    this.remember(this.carry, 0, carried);
  }

  /** One complete line of `length` bytes, of which `[from, to)` is at hand. */
  private endLine(bytes: Buffer, from: number, to: number, length: number): void {
    const offset = this.offset;
    this.offset = offset + length + 1;
    this.lines++;
    if (this.fingerprint === undefined) this.fingerprint = this.fingerprintOf(bytes.subarray(from, to));
    if (this.boundary < this.hashAt.length) this.hashBoundary(bytes, from, to);
    const isWanted = this.isWanted(offset);
    this.plainUntil = isWanted ? Math.min(this.ranges[this.range]!.end, this.nextBoundary()) : 0;
    if (!isWanted) return;
    const end = to > from && bytes[to - 1] === RETURN ? to - 1 : to;
    if (length > to - from || end - from > this.longest) this.longLines++;
    else this.onLine(bytes, from, end, offset, this.lines);
  }

  private nextBoundary(): ByteOffset {
    while (this.hashAt[this.boundary]! <= this.offset) this.boundary++;
    return this.hashAt[this.boundary] ?? Number.POSITIVE_INFINITY;
  }

  private hashBoundary(bytes: Buffer, from: number, to: number): void {
    while (this.hashAt[this.boundary]! < this.offset) this.boundary++;
    if (this.hashAt[this.boundary] !== this.offset) return;
    this.boundaries.set(this.offset, this.fingerprintOf(bytes.subarray(from, to)));
  }

  private remember(bytes: Buffer, from: number, to: number): void {
    this.lastLength = bytes.copy(this.last, 0, from, Math.min(to, from + FINGERPRINT_BYTES));
  }

  private isWanted(offset: ByteOffset): boolean {
    let range = this.ranges[this.range];
    while (range !== undefined && offset >= range.end) range = this.ranges[++this.range];
    return range !== undefined && offset >= range.start;
  }
}

/** Where the last of the complete lines `[from, to)` begins. */
function lastLineIn(piece: Buffer, from: number, to: number): number {
  return to - 2 < from ? from : Math.max(from, piece.lastIndexOf(NEWLINE, to - 2) + 1);
}
