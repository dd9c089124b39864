import type { EpochSeconds } from "../parse/event.ts";
import type { ByteOffset } from "./counter.ts";
import { contains, inOrder, overlaps, type Range, subtract } from "./ranges.ts";

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
}

/** A partial range that gives way, and the generation of its receipt. */
export interface Replaced extends Range {
  generation: number;
}

/** One log file of one host through its life. Changed only on `version = :read`. */
export interface Stream {
  host: string;
  fingerprint: string;
  /** 0: not stored yet. */
  version: number;
  ranges: CountedRange[];
  claims: Claim[];
}

/** Bytes of an object that have to be counted, as one set of rows. */
export interface Part extends Range {
  generation: number;
  replaces: Replaced[];
}

export type Plan =
  /** Count these parts; none means that every byte has been counted. */
  | { parts: Part[]; boundaries: Boundary[] }
  /** Others are at it, or died at bytes that this object has not: try again later. */
  | { busy: string };

/** A line must end at this offset and have this hash, or the object is no copy of the stream. */
export interface Boundary {
  at: ByteOffset;
  lastLine: string;
}

export function emptyStream(host: string, fingerprint: string): Stream {
  return { host, fingerprint, version: 0, ranges: [], claims: [] };
}

/**
 * What an object that holds bytes `object` of a stream has to count.
 *
 * A dead claim is taken over with its exact range, so that its rows are overwritten. A good object counts what
 * was counted from a damaged one again, together with what lies around it.
 */
export function planParts(
  stream: Stream,
  object: Range,
  damaged: boolean,
  isDead: (claim: Claim) => boolean,
): Plan {
  const claims = stream.claims.filter((claim) => overlaps(claim, object));
  const obstacle = claims.find((claim) => !isDead(claim) || !contains(object, claim));
  if (obstacle !== undefined) return { busy: describe(obstacle, isDead(obstacle)) };
  const yielding = stream.ranges.filter(
    (range) => !damaged && range.partial !== undefined && contains(object, range),
  );
  const settled = stream.ranges.filter((range) => !yielding.includes(range));
  const gaps = subtract(object, [...settled, ...claims]).map((gap) => freshPart(gap, yielding));
  const takenOver = claims.map((claim) => takeOver(claim));
  return { parts: inOrder([...gaps, ...takenOver]), boundaries: boundariesIn(settled, object) };
}

/** The stream with these parts claimed; dead claims and partial ranges that they take over are gone. */
export function withClaims(stream: Stream, claims: readonly Claim[]): Stream {
  const replaced = claims.flatMap((claim) => claim.replaces);
  return {
    ...stream,
    version: stream.version + 1,
    ranges: stream.ranges.filter(
      (range) => !(range.partial !== undefined && replaced.some((r) => same(r, range))),
    ),
    claims: [...stream.claims.filter((old) => !claims.some((claim) => same(claim, old))), ...claims],
  };
}

/** The stream with these claims counted, or undefined if somebody has taken one over. */
export function withCounted(stream: Stream, claims: readonly Claim[]): Stream | undefined {
  const held = claims.every((claim) =>
    stream.claims.some((c) => same(c, claim) && c.owner === claim.owner && c.generation === claim.generation),
  );
  if (!held) return undefined;
  const counted = claims.map(({ start, end, lastLine, partial, generation }) =>
    partial ? { start, end, lastLine, partial: generation } : { start, end, lastLine },
  );
  return {
    ...stream,
    version: stream.version + 1,
    ranges: merge([...stream.ranges, ...counted]),
    claims: stream.claims.filter((old) => !claims.some((claim) => same(claim, old))),
  };
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

function freshPart(gap: Range, yielding: readonly CountedRange[]): Part {
  const replaces = yielding
    .filter((range) => contains(gap, range))
    .map(({ start, end, partial }) => ({ start, end, generation: partial ?? 0 }));
  return { ...gap, generation: 1 + Math.max(0, ...replaces.map((r) => r.generation)), replaces };
}

function takeOver(claim: Claim): Part {
  return { start: claim.start, end: claim.end, generation: claim.generation + 1, replaces: claim.replaces };
}

function boundariesIn(ranges: readonly CountedRange[], object: Range): Boundary[] {
  return inOrder(ranges)
    .filter((range) => range.end > object.start && range.end <= object.end)
    .map((range) => ({ at: range.end, lastLine: range.lastLine }));
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

function same(a: Range, b: Range): boolean {
  return a.start === b.start && a.end === b.end;
}

function describe(claim: Claim, dead: boolean): string {
  const bytes = `bytes ${claim.start} to ${claim.end}`;
  return dead
    ? `${bytes} were begun from an object that has more of this log; it must be read again first`
    : `${bytes} are being counted by another function`;
}
