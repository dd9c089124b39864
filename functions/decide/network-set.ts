/** Many networks, asked often: is this address, or anything of this network, in one of them? */
import type { Address } from "../parse/event.ts";
import { compareNetworks, type IpNetwork, lastOf } from "./network.ts";
import { recentIpv4, recentValue } from "./recent-value.ts";

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
  const ipv4 = searchable(widest, 4, Number);
  const ipv6 = searchable(widest, 6, (value) => value);
  const touching = (network: IpNetwork) => {
    const { networks: own } = network.family === 4 ? ipv4 : ipv6;
    if (own.length === 0) return undefined;
    const { first } = network;
    const last = lastOf(network);
    return network.family === 4 ? lookUp(ipv4, Number(first), Number(last)) : lookUp(ipv6, first, last);
  };
  return {
    touching,
    overlaps: (network) => touching(network) !== undefined,
    find: (ip) => {
      if (widest.length === 0) return undefined;
      const number = recentIpv4(ip);
      if (number >= 0) return lookUp(ipv4, number, number);
      const { value } = recentValue(ip);
      return lookUp(ipv6, value, value);
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

/** Of IPv4 as numbers: comparing bigints takes ten times as long. */
interface Searchable<Num> {
  networks: IpNetwork[];
  firsts: Num[];
  lasts: Num[];
}

function searchable<Num>(networks: IpNetwork[], family: 4 | 6, as: (value: bigint) => Num): Searchable<Num> {
  const own = networks.filter((network) => network.family === family);
  return {
    networks: own,
    firsts: own.map(({ first }) => as(first)),
    lasts: own.map((network) => as(lastOf(network))),
  };
}

/** Some network that reaches into `[first, last]`: the first whose end is not before `first` tells. */
function lookUp<Num extends number | bigint>(
  { networks, firsts, lasts }: Searchable<Num>,
  first: Num,
  last: Num,
): IpNetwork | undefined {
  const low = firstFrom(lasts, first);
  return low < firsts.length && firsts[low]! <= last ? networks[low] : undefined;
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
