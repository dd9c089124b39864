import type { Network } from "../decide/decision.ts";
import { compareNetworks } from "../decide/network.ts";
import type { ListEntry } from "./blocklist.ts";

/** How one list differs from another; of added ones the worst first, else by number. */
export interface ListChange {
  before: number;
  after: number;
  added: Network[];
  dropped: Network[];
  longer: Network[];
  shorter: Network[];
}

export function listChange(before: readonly ListEntry[], after: readonly ListEntry[]): ListChange {
  const old = new Map(before.map(({ network, until }) => [network, until]));
  const now = new Map(after.map(({ network, until }) => [network, until]));
  const changed = after.filter(({ network, until }) => old.has(network) && old.get(network) !== until);
  const isLonger = ({ network, until }: ListEntry) => until > old.get(network)!;
  return {
    before: before.length,
    after: after.length,
    added: names(after.filter(({ network }) => !old.has(network)).sort(worstFirst)),
    dropped: names(before.filter(({ network }) => !now.has(network))),
    longer: names(changed.filter(isLonger)),
    shorter: names(changed.filter((entry) => !isLonger(entry))),
  };
}

/** Most attempts first, then by number. */
export function worstFirst(a: ListEntry, b: ListEntry): number {
  return b.attempts - a.attempts || compareNetworks(a.range, b.range);
}

function names(entries: readonly ListEntry[]): Network[] {
  return entries.map(({ network }) => network);
}
