import type { Decision, Network } from "../decide/decision.ts";
import { canonicalNetwork, compareNetworks, contains, type IpNetwork } from "../decide/network.ts";
import type { EpochSeconds } from "../parse/event.ts";

/** One network with a ban in force. */
export interface ListEntry {
  network: Network;
  /** The same as numbers. */
  range: IpNetwork;
  until: EpochSeconds;
  rule: string;
  reason: string;
  attempts: number;
  hosts: readonly string[];
  country: string | undefined;
  /** Of what is known of the address or network. */
  first: EpochSeconds;
  last: EpochSeconds;
}

/**
 * The blocklist that decisions make: bans still in force at `now`, IPv4 before IPv6, by number; no network twice,
 * and none that lies in a listed one which lasts as long. The order of the decisions does not matter.
 */
export function blocklist(decisions: Iterable<Decision>, now: EpochSeconds): ListEntry[] {
  const entries = [...decisions].flatMap((decision) => entryOf(decision, now)).sort(compareEntries);
  const kept: ListEntry[] = [];
  const covering: ListEntry[] = [];
  for (const entry of entries) {
    while (covering.length > 0 && !contains(covering.at(-1)!.range, entry.range)) covering.pop();
    if (covering.some((wider) => wider.until >= entry.until)) continue;
    kept.push(entry);
    covering.push(entry);
  }
  return kept;
}

/** The entries whose ban is in force at a later time. */
export function inForce(entries: readonly ListEntry[], now: EpochSeconds): ListEntry[] {
  return entries.filter(({ until }) => until > now);
}

function entryOf(decision: Decision, now: EpochSeconds): ListEntry[] {
  const { network, action, until, rule, reason, attempts, hosts, country, first, last } = decision;
  if (action !== "ban" || until === undefined || until <= now) return [];
  return [
    { network, range: canonicalNetwork(network), until, rule, reason, attempts, hosts, country, first, last },
  ];
}

/** By network; of the same network the longest ban first, so that the others are covered by it. */
function compareEntries(a: ListEntry, b: ListEntry): number {
  return compareNetworks(a.range, b.range) || b.until - a.until;
}
