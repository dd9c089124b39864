import { lastOf } from "../decide/network.ts";
import type { EpochSeconds } from "../parse/event.ts";
import type { ListEntry } from "./blocklist.ts";

/** Addresses `first` to `last`, both included, banned until `until`. */
export interface Interval {
  family: 4 | 6;
  first: bigint;
  last: bigint;
  until: EpochSeconds;
  /** The listed network that it is, where it is a whole one. */
  network: string | undefined;
}

/**
 * The list as intervals that have no address in common, for programs that refuse nested networks: one is cut around
 * those in it, which are banned for longer. Takes entries in the list's order, and gives the intervals in order.
 */
export function disjoint(entries: readonly ListEntry[]): Interval[] {
  const done: Interval[] = [];
  /** The networks that the present one lies in, the innermost last; `first` is where its unwritten part begins. */
  const open: Interval[] = [];
  const closeAllBut = (holds: (interval: Interval) => boolean) => {
    while (open.length > 0 && !holds(open.at(-1)!)) {
      const ended = open.pop()!;
      if (ended.first <= ended.last) done.push(ended);
    }
  };
  for (const { network, range, until } of entries) {
    const { family, first } = range;
    closeAllBut((outer) => outer.family === family && outer.last >= first);
    const last = lastOf(range);
    const outer = open.at(-1);
    if (outer !== undefined && outer.first < first)
      done.push({ ...outer, last: first - 1n, network: undefined });
    if (outer !== undefined) Object.assign(outer, { first: last + 1n, network: undefined });
    open.push({ family, first, last, until, network });
  }
  closeAllBut(() => false);
  return done;
}
