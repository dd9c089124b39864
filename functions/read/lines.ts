/**
 * The lines of a log, on bytes, in one pass and constant memory.
 *
 *     const extent = await readLines(source, { name: "s3://logs/mx1/maillog.gz" }, (bytes, start, end, offset, line) => {
 *       const event = parser.parse(bytes, start, end);
 *     });
 *
 * `source` is any async iterable of bytes: a file, an S3 body; each of its chunks is read before the next is asked for. `onLine` is called for each complete
 * line, in order, without its newline and carriage return; `bytes` is reused, so what the callee keeps it must copy.
 * It is called for lines that begin within `ranges` only; the others are counted, not looked at.
 */
import type { ContainerName } from "./container.ts";
import { DamagedObject, LimitExceeded } from "./errors.ts";
import { DEFAULT_LIMITS, type Limits } from "./limits.ts";
import { decompressed, type Unpacked } from "./object.ts";
import type { ByteOffset, ByteRange } from "./offset.ts";
import { LineSplitter } from "./split.ts";

/** One line: `bytes` from `start` to `end`; `offset` is where it begins in the stream, `line` its number from 1. */
export type OnLine = (bytes: Buffer, start: number, end: number, offset: ByteOffset, line: number) => void;

/** Tells lines apart. */
export type FingerprintOf = (line: Buffer) => string;

/** Reads many lines at once, as far as it can. */
export interface LineBlocks {
  /** Longer lines are all for `onLine`. */
  readonly longest: number;
  /** Takes a piece of the log, if it can. */
  load(piece: Buffer): boolean;
  /**
   * Reads the lines `[from, to)` of the piece, up to one that is for `onLine`; gives where that begins, or `to`.
   * @param offset of the first one in the stream @param lines how many came before
   */
  read(from: number, to: number, offset: ByteOffset, lines: number): number;
  /** How many lines the last call has read. */
  readonly lines: number;
}

export interface ReadOptions {
  /** What errors call the object: a path, `s3://bucket/key`. */
  name: string;
  /** Where the object's first byte lies in its stream; 0 for a whole log. */
  start?: ByteOffset;
  /** Only lines that begin within one of these are delivered: disjoint, in order, offsets of the stream. */
  ranges?: readonly ByteRange[];
  /** Whether an unterminated last line is delivered too: for `scan`, and for a log that is finished. */
  tail?: boolean;
  /** Ends of lines whose hash is wanted, ascending: the boundaries that the ledger knows. */
  hashAt?: readonly ByteOffset[];
  /** What stands for a line in place of its hash. */
  fingerprintOf?: FingerprintOf | undefined;
  limits?: Partial<Limits>;
  /** Reads lines before `onLine` gets to them. */
  blocks?: LineBlocks | undefined;
  /** Called after each piece of the log with the bytes read so far; `LimitExceeded` ends the reading there. */
  afterPiece?: ((bytes: ByteOffset) => void) | undefined;
}

/** What was read. */
export interface LogExtent {
  container: ContainerName;
  /** The complete lines are the bytes `[start, end)` of the stream. */
  start: ByteOffset;
  end: ByteOffset;
  /** Bytes after the last newline: an unterminated line's. */
  tail: number;
  /** Complete lines, and the tail where it was asked for. */
  lines: number;
  /** Lines over the limit, which were not delivered. */
  longLines: number;
  /** The first complete line's hash; undefined where there is none. */
  fingerprint: string | undefined;
  /** The last complete line's hash. */
  lastLine: string | undefined;
  /** Of the offsets in `hashAt` those at which a line ends, with its hash. */
  boundaries: Map<ByteOffset, string>;
  /** Something that belongs to no member followed the compressed data, and was ignored. */
  trailing: boolean;
}

/**
 * The first complete line's hash, or what stands for it; undefined where there is none. No more is read than it needs.
 * Throws as `readLines`.
 */
export async function firstLineOf(
  source: AsyncIterable<Uint8Array>,
  options: Pick<ReadOptions, "name" | "limits" | "fingerprintOf">,
): Promise<string | undefined> {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const told: Unpacked = { container: "plain", bytes: 0, trailing: false };
  const splitter = new LineSplitter({ ...options, ranges: [] }, limits.line, () => {});
  for await (const chunk of decompressed(source, options.name, limits, told)) {
    splitter.take(chunk);
    if (splitter.fingerprint !== undefined) break;
  }
  return splitter.fingerprint;
}

/**
 * Throws, after all readable lines were delivered and with what was read as its `extent`, `DamagedObject` or
 * `LimitExceeded`; `NotALog` before any line; and whatever `source` or `onLine` throws.
 */
export async function readLines(
  source: AsyncIterable<Uint8Array>,
  options: ReadOptions,
  onLine: OnLine,
): Promise<LogExtent> {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const told: Unpacked = { container: "plain", bytes: 0, trailing: false };
  const splitter = new LineSplitter(options, limits.line, onLine);
  const extent = () => ({ ...splitter.extent(), container: told.container, trailing: told.trailing });
  try {
    for await (const chunk of decompressed(source, options.name, limits, told)) {
      splitter.take(chunk);
      options.afterPiece?.(told.bytes);
    }
  } catch (error) {
    if (error instanceof DamagedObject || error instanceof LimitExceeded) error.extent = extent();
    throw error;
  }
  if (options.tail) splitter.takeTail();
  return extent();
}
