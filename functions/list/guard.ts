/**
 * The guard: a list of more than `from` entries may not change too much at once without somebody's word. It looks at
 * what a new list adds and drops; what expires, what was unbanned and what the rules now allow is no drop.
 */
import type { Network } from "../decide/decision.ts";
import { compareNetworks, lastOf } from "../decide/network.ts";
import { networkSet } from "../decide/network-set.ts";
import type { Policy } from "../decide/policy.ts";
import type { EpochSeconds } from "../parse/event.ts";
import { inForce, type ListEntry } from "./blocklist.ts";
import { worstFirst } from "./change.ts";
import { mergeEntries, mergeNetworks } from "./merge.ts";

/** What is remembered between lists. */
export interface GuardState {
  /**
   * What growth is measured by: the entries of the list when it last had stood unrefused for a day, or was accepted.
   * Measured by the list before, growth by a factor a minute would never be noticed.
   */
  reference: { networks: number; at: EpochSeconds };
  refusal: Refusal | undefined;
}

/** What the list lacks, or still holds, until somebody accepts it. */
export interface Refusal {
  since: EpochSeconds;
  /** How many networks are to be banned and not on the list, and the worst of them. */
  withheld: number;
  worst: Network[];
  /** How many networks should be dropped and stay on the list, and some of them. */
  held: number;
  dropped: Network[];
  /** What is too much, a sentence each. */
  reasons: string[];
}

export interface GuardContext {
  guard: Policy["guard"];
  now: EpochSeconds;
  /** Somebody has looked at the change and takes it. */
  accept: boolean;
  /** Whether a network is off the list for a reason: unbanned, or allowed by the rules. */
  isCleared: (network: Network) => boolean;
}

const DAY = 86_400;
const EXAMPLES = 10;

/**
 * The list that may be published instead of `all` that is wanted; all lists are in the order of `blocklist`.
 *
 * @param before the list in force; undefined where there is none: the first one is taken as it is, but for maxEntries
 */
export function guarded(
  before: readonly ListEntry[] | undefined,
  all: readonly ListEntry[],
  state: GuardState | undefined,
  context: GuardContext,
): { entries: ListEntry[]; state: GuardState } {
  const { now } = context;
  // before any is left out for want of room, halves become one: that is exact, but their reasons are gone
  const wanted = all.length > context.guard.maxEntries ? mergeEntries(all) : all;
  const old = inForce(before ?? [], now);
  const reference = state?.reference ?? { networks: old.length, at: now };
  const bounds = boundsOf(before, old.length, reference.networks, context);
  const dropped = droppedOf(old, wanted, context);
  const held = dropped.length > bounds.drops ? dropped : [];
  const { listed, withheld } = choose(wanted, old, held.length, bounds);
  const entries = [...listed, ...held].sort((a, b) => compareNetworks(a.range, b.range));
  const reasons = [
    ...(withheld.length > 0 ? [growthReason(wanted.length, reference.networks, bounds, context)] : []),
    ...(held.length > 0 ? [shrinkReason(held.length, old.length, context)] : []),
  ];
  // as many as there were before merging, or the next list would seem to grow
  const size = withheld.length === 0 ? Math.max(all.length, entries.length) : entries.length;
  const nextReference = before === undefined ? { networks: size, at: now } : rolled(reference, size, context);
  if (reasons.length === 0) return { entries, state: { reference: nextReference, refusal: undefined } };
  const refusal: Refusal = {
    since: state?.refusal?.since ?? now,
    withheld: withheld.length,
    worst: withheld.slice(0, EXAMPLES).map(({ network }) => network),
    held: held.length,
    dropped: held.slice(0, EXAMPLES).map(({ network }) => network),
    reasons,
  };
  // while it refuses, growth goes on being measured by what was accepted
  const stays = before !== undefined && !context.accept;
  return { entries, state: { reference: stays ? reference : nextReference, refusal } };
}

interface Bounds {
  /** Entries with what is added; what was on the list before may stay. */
  growth: number;
  entries: number;
  drops: number;
}

function boundsOf(before: unknown, old: number, reference: number, { guard, accept }: GuardContext): Bounds {
  const { maxEntries, maxGrowth, maxShrink, from } = guard;
  if (before === undefined || accept) return { growth: Infinity, entries: maxEntries, drops: Infinity };
  return {
    growth: Math.max(from, Math.floor(reference * maxGrowth)),
    entries: maxEntries,
    drops: old > from ? maxShrink * old : Infinity,
  };
}

/** What was listed, is still in force, and lies in nothing that is wanted. */
function droppedOf(
  old: readonly ListEntry[],
  wanted: readonly ListEntry[],
  { isCleared }: GuardContext,
): ListEntry[] {
  const covered = networkSet(mergeNetworks(wanted.map(({ range }) => range)));
  return old.filter(({ network, range }) => {
    const wider = covered.overlaps(range) ? covered.find(network.split("/")[0]!) : undefined;
    const isIn = wider !== undefined && lastOf(wider) >= lastOf(range);
    return !isIn && !isCleared(network);
  });
}

/** What was on the list stays, the worst of the others is added; past maxEntries the worst of all. */
function choose(
  wanted: readonly ListEntry[],
  old: readonly ListEntry[],
  held: number,
  bounds: Bounds,
): { listed: ListEntry[]; withheld: ListEntry[] } {
  const networks = new Set(old.map(({ network }) => network));
  const known = wanted.filter(({ network }) => networks.has(network)).sort(worstFirst);
  const added = wanted.filter(({ network }) => !networks.has(network)).sort(worstFirst);
  const room = Math.max(bounds.growth - held - known.length, 0);
  const most = Math.max(bounds.entries - held, 0);
  const chosen = [...known, ...added.slice(0, room)].sort(worstFirst);
  return {
    listed: chosen.slice(0, most),
    withheld: [...chosen.slice(most), ...added.slice(room)].sort(worstFirst),
  };
}

/** The reference follows the list once a day, or at once where somebody accepted it. */
function rolled(
  reference: GuardState["reference"],
  networks: number,
  { now, accept }: GuardContext,
): GuardState["reference"] {
  return accept || now - reference.at >= DAY ? { networks, at: now } : reference;
}

function growthReason(
  wanted: number,
  reference: number,
  { growth }: Bounds,
  { guard }: GuardContext,
): string {
  if (growth >= guard.maxEntries)
    return `${wanted} networks are to be banned, more than maxEntries ${guard.maxEntries}`;
  return `the list would grow from ${reference} to ${wanted} networks, more than maxGrowth ${guard.maxGrowth} allows: the worst ${growth} are on it`;
}

function shrinkReason(held: number, old: number, { guard }: GuardContext): string {
  return `${held} of ${old} networks would be dropped before their time, more than maxShrink ${guard.maxShrink} allows: they stay`;
}
