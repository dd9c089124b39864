import type { Boundary, Claim, CountedRange, Part, Stream } from "./ledger.ts";
import { contains, inOrder, overlaps, type Range, same, subtract } from "./ranges.ts";

export type Plan =
  /** Count these parts; none means that every byte has been counted. */
  | Work
  /** Somebody else is at it: try again later. */
  | { busy: string }
  /** A dead claim on bytes that this object has not all: it must be released first. */
  | { stale: Claim };

export interface Work {
  parts: Part[];
  boundaries: Boundary[];
}

/** The bytes are being counted by another function, or coverage went on changing: the message comes again. */
export class StreamBusyError extends Error {
  override name = "StreamBusyError";
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
  const isYielding = (range: CountedRange) =>
    !damaged && range.partial !== undefined && contains(object, range);
  const yielding = stream.ranges.filter(isYielding);
  const { live, stale, dead, absorbed } = claimsOn(stream, object, yielding, isDead);
  if (live !== undefined) return { busy: describe(live) };
  if (stale !== undefined) return { stale };
  const settled = stream.ranges.filter((range) => !yielding.includes(range));
  const free = subtract(object, [...settled, ...dead]);
  const fresh = free.map((gap) => freshPart(gap, [...yielding.map(replacing), ...absorbed]));
  return { parts: inOrder([...fresh, ...dead.map(takeOver)]), boundaries: boundariesIn(settled, object) };
}

/** Bytes that have been counted, as one set of rows, by that generation. */
export interface CountedPart extends Range {
  generation: number;
  lastLine: string;
}

/** What a replay has to do to count these parts again, with exactly their ranges. Parts that have gone are left out. */
export function planRecount(
  stream: Stream,
  wanted: readonly CountedPart[],
  isDead: (claim: Claim) => boolean,
): Plan {
  const counted = wanted.filter((part) => stream.ranges.some((range) => contains(range, part)));
  const isOn = (claim: Claim) => counted.some((part) => overlaps(part, claim));
  const live = stream.claims.find((claim) => isOn(claim) && !isDead(claim));
  if (live !== undefined) return { busy: describe(live) };
  const parts = inOrder(counted).map(({ start, end, generation }): Part => {
    const begun = stream.claims.find((claim) => same(claim, { start, end }));
    const latest = Math.max(generation, begun?.generation ?? 0);
    return { start, end, generation: latest + 1, replaces: begun?.replaces ?? [], recount: true };
  });
  return { parts, boundaries: counted.map(({ end, lastLine }) => ({ at: end, lastLine })) };
}

/** Whether two plans count the same. */
export function isSamePlan(a: readonly Part[], b: readonly Part[]): boolean {
  const text = ({ start, end, generation, replaces, recount }: Part) =>
    JSON.stringify([start, end, generation, recount === true, replaces.map((old) => [old.start, old.end])]);
  return a.map(text).join() === b.map(text).join();
}

interface ClaimsOn {
  /** Somebody counts bytes that this object would have to. */
  live: Claim | undefined;
  stale: Claim | undefined;
  /** To be taken over. */
  dead: Claim[];
  /** Recounts of partial ranges that yield: what replaces these, replaces them. */
  absorbed: Claim[];
}

function claimsOn(
  stream: Stream,
  object: Range,
  yielding: readonly Range[],
  isDead: (claim: Claim) => boolean,
): ClaimsOn {
  const near = stream.claims.filter((claim) => overlaps(claim, object));
  const yields = (claim: Claim) => yielding.some((range) => same(range, claim));
  // what is being counted again has been counted, so nothing hangs on it here
  const matters = (claim: Claim) => !claim.recount || yields(claim);
  const dead = near.filter((claim) => isDead(claim));
  const absorbed = dead.filter((claim) => claim.recount && yields(claim));
  return {
    live: near.find((claim) => matters(claim) && !isDead(claim)),
    stale: dead.find((claim) => !claim.recount && !contains(object, claim)),
    dead: dead.filter((claim) => contains(object, claim) && !absorbed.includes(claim)),
    absorbed,
  };
}

interface Yielding extends Range {
  generation: number;
}

function replacing({ start, end, partial }: CountedRange): Yielding {
  return { start, end, generation: partial ?? 0 };
}

function freshPart(gap: Range, yielding: readonly Yielding[]): Part {
  const within = yielding.filter((range) => contains(gap, range));
  const generation = 1 + Math.max(0, ...within.map((range) => range.generation));
  const replaces = within.map(({ start, end, generation }) => ({ start, end, generation }));
  return { ...gap, generation, replaces };
}

function takeOver({ start, end, generation, replaces, recount }: Claim): Part {
  return { start, end, generation: generation + 1, replaces, ...(recount && { recount }) };
}

function boundariesIn(ranges: readonly CountedRange[], object: Range): Boundary[] {
  return inOrder(ranges)
    .filter((range) => range.end > object.start && range.end <= object.end)
    .map((range) => ({ at: range.end, lastLine: range.lastLine }));
}

function describe({ start, end }: Claim): string {
  return `bytes ${start} to ${end} are being counted by another function`;
}
