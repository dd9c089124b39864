import type { EpochSeconds } from "../parse/event.ts";
import type { ByteOffset } from "./counter.ts";
import { inOrder, overlaps, type Range, same, subtract } from "./ranges.ts";

/** Bytes of a stream that have been counted. Neighbours are merged, but for partial ones. */
export interface CountedRange extends Range {
  /** Hash of the range's last line: an object that continues the stream must agree. */
  lastLine: string;
  /** Counted from a damaged object: a good copy may take it over. Its receipt has this generation. */
  partial?: number;
}

/** A function's word that it is counting exactly these bytes. Until its lease ends nobody else does. */
export interface Claim extends Range {
  /** Which attempt at these bytes this is; rows of earlier ones are named by their receipts. */
  generation: number;
  owner: string;
  lease: EpochSeconds;
  lastLine: string;
  /** From a damaged object. */
  partial: boolean;
  /** Partial ranges whose rows this claim's rows replace. */
  replaces: Replaced[];
  /** The bytes have been counted and stay so: a replay puts their rows again. */
  recount?: true;
}

/** A partial range that gives way, and the generation of its receipt. */
export interface Replaced extends Range {
  generation: number;
}

/** Which log: a stream's name. */
export interface StreamName {
  host: string;
  fingerprint: string;
}

/** One log file of one host through its life. Changed only on `version = :read`. */
export interface Stream extends StreamName {
  /** 0: not stored yet. */
  version: number;
  ranges: CountedRange[];
  claims: Claim[];
  /** What all its rows call the log, whatever later copies of it are named: they are parts of one log and add up. */
  logName?: string;
  /** When all that was counted of it has expired. */
  expires: EpochSeconds;
}

/** Bytes of an object that have to be counted, as one set of rows. */
export interface Part extends Range {
  generation: number;
  replaces: Replaced[];
  recount?: true;
}

/** A line must end at this offset and have this hash, or the object is no copy of the stream. */
export interface Boundary {
  at: ByteOffset;
  lastLine: string;
}

export function emptyStream(host: string, fingerprint: string): Stream {
  return { host, fingerprint, version: 0, ranges: [], claims: [], expires: 0 };
}

/** The stream with these parts claimed; dead claims and partial ranges that they take over are gone. */
export function withClaims(stream: Stream, claims: readonly Claim[]): Stream {
  const replaced = claims.flatMap((claim) => claim.replaces);
  const isReplaced = (range: Range) => replaced.some((old) => same(old, range));
  const isTaken = (range: Range) => claims.some((claim) => same(claim, range)) || isReplaced(range);
  return {
    ...stream,
    version: stream.version + 1,
    ranges: stream.ranges.filter((range) => range.partial === undefined || !isReplaced(range)),
    claims: [...stream.claims.filter((old) => !isTaken(old)), ...claims],
  };
}

/**
 * How claims stand: `held` by who made them; `counted`, by him or by whoever took them over; or `lost` to somebody who
 * is at it.
 */
export function standing(stream: Stream, claims: readonly Claim[]): "held" | "counted" | "lost" {
  const isHeld = (claim: Claim) =>
    stream.claims.some((c) => same(c, claim) && c.owner === claim.owner && c.generation === claim.generation);
  if (claims.every(isHeld)) return "held";
  const open = claims.some((claim) => stream.claims.some((other) => overlaps(other, claim)));
  return !open && claims.every((claim) => subtract(claim, stream.ranges).length === 0) ? "counted" : "lost";
}

/** The stream with these claims, which must be held, counted. */
export function withCounted(stream: Stream, claims: readonly Claim[]): Stream {
  const fresh = claims.filter((claim) => !claim.recount);
  const counted = fresh.map(({ start, end, lastLine, partial, generation }) =>
    partial ? { start, end, lastLine, partial: generation } : { start, end, lastLine },
  );
  const ranges = stream.ranges.map((range) => recounted(range, claims));
  return { ...withoutClaims(stream, claims), ranges: merge([...ranges, ...counted]) };
}

/** The stream without these claims: their bytes are as if nobody had begun to count them. */
export function withoutClaims(stream: Stream, claims: readonly Claim[]): Stream {
  const left = stream.claims.filter((old) => !claims.some((claim) => same(claim, old)));
  return { ...stream, version: stream.version + 1, claims: left };
}

/** The stream with these parts counted, where nobody else can be at it: in memory. */
export function withCountedParts(stream: Stream, parts: readonly (Range & { lastLine: string })[]): Stream {
  const counted = parts.map(({ start, end, lastLine }) => ({ start, end, lastLine }));
  return { ...stream, ranges: merge([...stream.ranges, ...counted]) };
}

/** Bytes before the last counted one that nobody has counted: segments that have not come. */
export function gapsOf(stream: Stream): Range[] {
  const end = Math.max(0, ...stream.ranges.map((range) => range.end));
  return subtract({ start: 0, end }, stream.ranges);
}

/** A partial range is known by its receipt's generation, which a recount raises. */
function recounted(range: CountedRange, claims: readonly Claim[]): CountedRange {
  const again = claims.find((claim) => claim.recount && same(claim, range));
  return again === undefined || range.partial === undefined ? range : { ...range, partial: again.generation };
}

function merge(ranges: readonly CountedRange[]): CountedRange[] {
  const merged: CountedRange[] = [];
  for (const range of inOrder(ranges)) {
    const before = merged.at(-1);
    if (before?.end === range.start && before.partial === undefined && range.partial === undefined) {
      merged[merged.length - 1] = { start: before.start, end: range.end, lastLine: range.lastLine };
    } else merged.push(range);
  }
  return merged;
}
