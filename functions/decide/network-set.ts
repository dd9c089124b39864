/** Many networks, asked often: is this address, or anything of this network, in one of them? */
import type { Address } from "../parse/event.ts";
import { compareNetworks, type IpNetwork, lastOf } from "./network.ts";
import { recentValue } from "./recent-value.ts";

export interface NetworkSet {
  /** The widest network of the set that holds the address. */
  find(ip: Address): IpNetwork | undefined;
  /** A network of the set that holds some of the network's addresses. */
  touching(network: IpNetwork): IpNetwork | undefined;
  /** Whether any address lies in both. */
  overlaps(network: IpNetwork): boolean;
}

/** O(n log n) once, then a binary search a question. */
export function networkSet(networks: Iterable<IpNetwork>): NetworkSet {
  const widest = withoutCovered(networks);
  const sets = { 4: searchable(widest, 4), 6: searchable(widest, 6) };
  const touching = (network: IpNetwork) =>
    sets[network.family].networks.length === 0
      ? undefined
      : lookUp(sets[network.family], network.first, lastOf(network));
  return {
    touching,
    overlaps: (network) => touching(network) !== undefined,
    find: (ip) => {
      if (widest.length === 0) return undefined;
      const { family, value } = recentValue(ip);
      return lookUp(sets[family], value, value);
    },
  };
}

/** In order, without those that lie in another. */
export function withoutCovered(networks: Iterable<IpNetwork>): IpNetwork[] {
  const kept: IpNetwork[] = [];
  for (const network of [...networks].sort(compareNetworks)) {
    const before = kept.at(-1);
    if (before?.family === network.family && network.first <= lastOf(before)) continue;
    kept.push(network);
  }
  return kept;
}

interface Searchable {
  networks: IpNetwork[];
  /** Of IPv4 as numbers: comparing bigints takes ten times as long. */
  lasts: Float64Array | bigint[];
}

function searchable(networks: IpNetwork[], family: 4 | 6): Searchable {
  const own = networks.filter((network) => network.family === family);
  const lasts = own.map(lastOf);
  return { networks: own, lasts: family === 4 ? Float64Array.from(lasts, Number) : lasts };
}

/** Some network that reaches into `[first, last]`: the first whose end is not before `first` tells. */
function lookUp({ networks, lasts }: Searchable, first: bigint, last: bigint): IpNetwork | undefined {
  const low = Array.isArray(lasts) ? firstFrom(lasts, first) : firstFrom(lasts, Number(first));
  const candidate = networks[low];
  return candidate !== undefined && candidate.first <= last ? candidate : undefined;
}

/** The place of the first number, of some in order, that is not less than the given one. */
function firstFrom<Num extends number | bigint>(numbers: ArrayLike<Num>, least: Num): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (numbers[middle]! < least) low = middle + 1;
    else high = middle;
  }
  return low;
}
