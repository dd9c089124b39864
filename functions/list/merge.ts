import { bitsOf, contains, type IpNetwork, networkText } from "../decide/network.ts";
import { withoutCovered } from "../decide/network-set.ts";
import type { ListEntry } from "./blocklist.ts";

/** How wide a merged network may become: prefix lengths. */
export interface Widest {
  ipv4: number;
  ipv6: number;
}

/** Hosts refuse what is wider than one owner's network. */
const WIDEST: Widest = { ipv4: 24, ipv6: 64 };

/**
 * Fewer networks that hold exactly the same addresses, in order: two halves of one become that one, no wider than
 * `widest`. O(n log n).
 */
export function mergeNetworks(networks: Iterable<IpNetwork>, widest: Widest = WIDEST): IpNetwork[] {
  const merged: IpNetwork[] = [];
  for (const network of withoutCovered(networks)) {
    let last = network;
    while (
      isOtherHalf(merged.at(-1), last) &&
      last.prefix > (last.family === 4 ? widest.ipv4 : widest.ipv6)
    ) {
      last = { family: last.family, first: merged.pop()!.first, prefix: last.prefix - 1 };
    }
    merged.push(last);
  }
  return merged;
}

/**
 * The list in fewer entries, for programs that take so many and know no end of a ban. What a merged entry tells is of
 * all that are in it: the attempts of all, the earliest end.
 */
export function mergeEntries(entries: readonly ListEntry[]): ListEntry[] {
  const ranges = mergeNetworks(entries.map(({ range }) => range));
  let at = 0;
  return ranges.map((range) => {
    const parts: ListEntry[] = [];
    while (at < entries.length && contains(range, entries[at]!.range)) parts.push(entries[at++]!);
    return parts.length === 1 ? parts[0]! : mergedEntry(range, parts);
  });
}

function mergedEntry(range: IpNetwork, parts: readonly ListEntry[]): ListEntry {
  const network = networkText(range);
  return {
    network,
    range,
    until: Math.min(...parts.map(({ until }) => until)),
    rule: parts[0]!.rule,
    reason: `${parts.length} entries of ${network}`,
    attempts: parts.reduce((sum, { attempts }) => sum + attempts, 0),
    hosts: [...new Set(parts.flatMap(({ hosts }) => hosts))].sort(),
    country: parts.every(({ country }) => country === parts[0]!.country) ? parts[0]!.country : undefined,
    first: Math.min(...parts.map(({ first }) => first)),
    last: Math.max(...parts.map(({ last }) => last)),
  };
}

/** Whether two networks are the halves of one, the first given first. */
function isOtherHalf(before: IpNetwork | undefined, { family, first, prefix }: IpNetwork): boolean {
  if (before === undefined || before.family !== family || before.prefix !== prefix) return false;
  const size = 1n << BigInt(bitsOf(family) - prefix);
  return before.first + size === first && (before.first & size) === 0n;
}
