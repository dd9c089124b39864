/** IPv6 addresses that stand for IPv4 ones: behind translators the last bits tell the client, not the /64. */
import { addressOf } from "../parse/address.ts";
import type { Address } from "../parse/event.ts";
import { contains, type IpNetwork, parseNetwork } from "./network.ts";
import { recentIpv4, recentValue } from "./recent-value.ts";

/** RFC 6052: what an IPv4 client looks like to a host that only has IPv6. */
export const NAT64 = parseNetwork("64:ff9b::/96");
/** RFC 4380. */
const TEREDO = parseNetwork("2001::/32");
/** RFC 3056. */
const SIX_TO_FOUR = parseNetwork("2002::/16");

/** The IPv4 address that a NAT64 or 6to4 address carries. (Mapped addresses are IPv4 since they were read.) */
export function embeddedIpv4(ip: Address): Address | undefined {
  if (recentIpv4(ip) >= 0) return undefined;
  const { value } = recentValue(ip);
  const network: IpNetwork = { family: 6, first: value, prefix: 128 };
  if (contains(NAT64, network)) return addressOf({ family: 4, value: value & 0xffff_ffffn });
  if (contains(SIX_TO_FOUR, network)) return addressOf({ family: 4, value: (value >> 80n) & 0xffff_ffffn });
  return undefined;
}

/**
 * Whether an address's neighbours are strangers: a /64 of NAT64 is the whole IPv4 Internet, one of Teredo all
 * clients of one server. There only the address itself may be counted and banned.
 */
export function standsAlone(address: IpNetwork): boolean {
  if (address.family === 4) return false;
  // most addresses lie in neither: one shift tells
  const begin = address.first >> 96n;
  return begin === TEREDO_BEGIN || (begin === NAT64_BEGIN && contains(NAT64, address));
}

const TEREDO_BEGIN = TEREDO.first >> 96n;
const NAT64_BEGIN = NAT64.first >> 96n;
