import type { Address } from "../parse/event.ts";
import { standsAlone } from "./embedded.ts";
import { bitsOf, type IpNetwork, networkAround, type PrefixLengths } from "./network.ts";
import type { NetworkSet } from "./network-set.ts";
import { recentIpv4, recentValue } from "./recent-value.ts";

/** What is counted, decided and banned as one: an address, or the network that the policy's prefix makes of it. */
export interface Subject {
  range: IpNetwork;
  /** Whether it is one address. */
  single: boolean;
}

/**
 * The subject of an address. IPv6 clients own at least a /64 (RFC 6177), so by default that counts as one;
 * but one address stands for itself where its neighbours are strangers (NAT64, Teredo), and where part of the
 * network is protected, so that a ban cannot take the protected with it.
 */
export function subjectOf(ip: Address, { prefix, protectedSet }: SubjectContext): Subject {
  const { family, value } = recentValue(ip);
  const bits = bitsOf(family);
  const length = family === 4 ? prefix.ipv4 : prefix.ipv6;
  const address: IpNetwork = { family, first: value, prefix: bits };
  if (length === bits) return { range: address, single: true };
  const range = networkAround(family, value, length);
  if (standsAlone(address) || protectedSet.overlaps(range)) return { range: address, single: true };
  return { range, single: false };
}

/** Whether an address is its own subject, as far as its text tells: true for most. */
export function isOwnSubject(ip: Address, { prefix }: Pick<SubjectContext, "prefix">): boolean {
  return prefix.ipv4 === 32 && recentIpv4(ip) >= 0;
}

/** The subject of addresses that count as one, by the bits that they have in common. */
export function groupSubject(family: 4 | 6, bits: bigint, { prefix }: SubjectContext): Subject {
  const length = family === 4 ? prefix.ipv4 : prefix.ipv6;
  return { range: { family, first: bits << BigInt(bitsOf(family) - length), prefix: length }, single: false };
}

export interface SubjectContext {
  prefix: PrefixLengths;
  /** Everything that is never banned because the policy says so. */
  protectedSet: NetworkSet;
}
