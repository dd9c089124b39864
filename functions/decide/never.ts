/**
 * Addresses that are never banned, whatever they did: they name no host of the Internet, so a ban would hit the
 * own machine, the own network or nobody. From the IANA special-purpose address registries (RFC 6890) and, for
 * IPv6, the address space registry: only 2000::/3 is given out (RFC 4291, 2.4).
 * Documentation ranges (RFC 5737, 3849, 9637) are left out on purpose: tests live there.
 */
import { addressValue } from "../parse/address.ts";
import type { Address } from "../parse/event.ts";
import { embeddedIpv4, NAT64 } from "./embedded.ts";
import { contains, type IpNetwork, parseNetwork } from "./network.ts";
import { networkSet } from "./network-set.ts";

/** What kind of address this is, where it is never banned: `a private address (RFC 1918)`. */
export function neverBanned(ip: Address): string | undefined {
  const found = neverSet.find(ip);
  if (found !== undefined) return nameOf(found, ip);
  const inside = embeddedIpv4(ip);
  const why = inside === undefined ? undefined : neverBanned(inside);
  return why && `${why} inside an IPv6 address`;
}

/** Whether a network holds any address that is never banned. */
export function holdsNeverBanned(network: IpNetwork): boolean {
  return neverSet.overlaps(network);
}

const NEVER: readonly (readonly [network: string, name: string])[] = [
  ["0.0.0.0/8", "an unspecified address (RFC 1122)"],
  ["10.0.0.0/8", "a private address (RFC 1918)"],
  ["100.64.0.0/10", "an address inside a carrier's NAT (RFC 6598)"],
  ["127.0.0.0/8", "a loopback address (RFC 1122)"],
  ["169.254.0.0/16", "a link-local address (RFC 3927)"],
  ["172.16.0.0/12", "a private address (RFC 1918)"],
  ["192.0.0.0/24", "reserved for protocols (RFC 6890)"],
  ["192.168.0.0/16", "a private address (RFC 1918)"],
  ["198.18.0.0/15", "reserved for benchmarks (RFC 2544)"],
  ["224.0.0.0/4", "a multicast address (RFC 5771)"],
  ["240.0.0.0/4", "a reserved or broadcast address (RFC 1112)"],
  ["::/128", "an unspecified address (RFC 4291)"],
  ["::1/128", "a loopback address (RFC 4291)"],
  ["fc00::/7", "a unique-local address (RFC 4193)"],
  ["fe80::/10", "a link-local address (RFC 4291)"],
  ["ff00::/8", "a multicast address (RFC 4291)"],
];

const named = NEVER.map(([network, name]) => ({ network: parseNetwork(network), name }));

export const NEVER_BANNED: readonly IpNetwork[] = [
  ...named.map(({ network }) => network),
  ...outsideGlobalIpv6(),
];
const neverSet = networkSet(NEVER_BANNED);

/** All of IPv6 but 2000::/3 and NAT64's prefix: the networks beside the path to each. */
function outsideGlobalIpv6(): IpNetwork[] {
  const upper: IpNetwork[] = ["4000::/2", "8000::/1"].map(parseNetwork);
  const besideNat64 = Array.from({ length: NAT64.prefix - 3 }, (_, i) => sibling(NAT64.first, 4 + i));
  return [...upper, ...besideNat64];
}

/** The network of that prefix length that differs from `value`'s in its last bit only. */
function sibling(value: bigint, prefix: number): IpNetwork {
  const hostBits = BigInt(128 - prefix);
  return { family: 6, first: ((value >> hostBits) ^ 1n) << hostBits, prefix };
}

function nameOf(found: IpNetwork, ip: Address): string {
  const single = { ...addressValue(ip), prefix: found.family === 4 ? 32 : 128 };
  const exact = named.find(({ network }) => contains(network, { ...single, first: single.value }));
  return exact?.name ?? "a reserved address (RFC 4291)";
}
