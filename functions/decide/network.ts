/**
 * Networks as numbers: strict reading, canonical text, membership in large lists.
 * CIDR notation is RFC 4632, 3.1 and RFC 4291, 2.3; text is RFC 5952, host bits zero, `/32` and `/128` left out.
 */
import { addressOf, addressValue, parseAddress } from "../parse/address.ts";
import type { Address } from "../parse/event.ts";
import type { Network } from "./decision.ts";

export interface IpNetwork {
  family: 4 | 6;
  /** First address as a number, host bits zero. */
  first: bigint;
  /** Prefix length, 0 to 32 or 128. */
  prefix: number;
}

/**
 * Reads `192.0.2.7`, `192.0.2.0/24`, `2001:db8::/32`. Throws `BadNetwork` on anything else, on host bits that
 * are not zero (`192.0.2.7/24`: an address or a network may be meant) and on IPv4-mapped IPv6 networks, which
 * no log contains, since mapped addresses are counted as IPv4.
 */
export function parseNetwork(text: string): IpNetwork {
  const slash = text.indexOf("/");
  const ip = parseAddress(slash < 0 ? text : text.slice(0, slash));
  if (ip === undefined || text.includes("%")) throw new BadNetwork(text, "not an address or CIDR network");
  const { family, value } = addressValue(ip);
  if (slash < 0) return { family, first: value, prefix: bitsOf(family) };
  if (family === 4 && text.includes(":")) throw new BadNetwork(text, "write it as an IPv4 network");
  const prefix = parsePrefix(text.slice(slash + 1), bitsOf(family));
  if (prefix === undefined) throw new BadNetwork(text, `the prefix length is 0 to ${bitsOf(family)}`);
  const network = networkAround(family, value, prefix);
  if (network.first !== value)
    throw new BadNetwork(text, `host bits are set; did you mean ${networkText(network)}?`);
  if (isMapped(network)) throw new BadNetwork(text, "write IPv4-mapped networks as IPv4");
  return network;
}

/** The same for canonical text, as decisions and lists hold it: no check but that it is an address. */
export function canonicalNetwork(network: Network): IpNetwork {
  const slash = network.indexOf("/");
  if (slash >= 0) return parseNetwork(network);
  const { family, value } = addressValue(network);
  return { family, first: value, prefix: bitsOf(family) };
}

/** Canonical text; an address alone where the prefix is full. */
export function networkText({ family, first, prefix }: IpNetwork): Network {
  const address = addressOf({ family, value: first });
  return prefix === bitsOf(family) ? address : `${address}/${prefix}`;
}

/** The network of a given prefix length that an address lies in. */
export function networkOf(ip: Address, prefix: PrefixLengths): IpNetwork {
  const { family, value } = addressValue(ip);
  return networkAround(family, value, family === 4 ? prefix.ipv4 : prefix.ipv6);
}

export interface PrefixLengths {
  ipv4: number;
  ipv6: number;
}

export function lastOf({ family, first, prefix }: IpNetwork): bigint {
  return first + (1n << BigInt(bitsOf(family) - prefix)) - 1n;
}

/**
 * The network's own bits as a key for maps, among networks of one length. Not `first`: V8 hashes a bigint by its
 * lowest 64 bits, which are zero in every /64.
 */
export function prefixBits({ family, first, prefix }: IpNetwork): bigint {
  return first >> BigInt(bitsOf(family) - prefix);
}

export function contains(outer: IpNetwork, inner: IpNetwork): boolean {
  if (outer.family !== inner.family || outer.prefix > inner.prefix) return false;
  const hostBits = BigInt(bitsOf(outer.family) - outer.prefix);
  return outer.first >> hostBits === inner.first >> hostBits;
}

/** IPv4 before IPv6, then by first address, the wider one first. */
export function compareNetworks(a: IpNetwork, b: IpNetwork): number {
  if (a.family !== b.family) return a.family - b.family;
  if (a.first !== b.first) return a.first < b.first ? -1 : 1;
  return a.prefix - b.prefix;
}

export function bitsOf(family: 4 | 6): number {
  return family === 4 ? 32 : 128;
}

/** Thrown for text that is no network, with what is wrong about it. */
export class BadNetwork extends Error {
  override name = "BadNetwork";
  constructor(text: string, problem: string) {
    super(
      `${JSON.stringify(text.slice(0, 64))} is not a network: ${problem}. Write 192.0.2.0/24 or 2001:db8::/32`,
    );
  }
}

/** The network of a given prefix length around an address. */
export function networkAround(family: 4 | 6, value: bigint, prefix: number): IpNetwork {
  const hostBits = BigInt(bitsOf(family) - prefix);
  return { family, first: (value >> hostBits) << hostBits, prefix };
}

function parsePrefix(text: string, most: number): number | undefined {
  if (!/^(?:0|[1-9]\d{0,2})$/.test(text)) return undefined;
  const prefix = Number(text);
  return prefix <= most ? prefix : undefined;
}

/** ::ffff:0:0/96, RFC 4291, 2.5.5.2. */
function isMapped({ family, first, prefix }: IpNetwork): boolean {
  return family === 6 && prefix >= 96 && first >> 32n === 0xffffn;
}
