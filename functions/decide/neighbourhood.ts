/** The networks that neighbours are looked for in: what one owner may hold. */
import { type IpNetwork, networkAround } from "./network.ts";
import type { Policy } from "./policy.ts";

/** Sites get a /48 at most, by the advice of RFC 6177. */
const IPV6_SITE = 48;

/** The network around a subject: IPv4 by `escalate.ipv4`, IPv6 the /48; a subject that is as wide stands for itself. */
export function neighbourhoodOf(range: IpNetwork, { escalate }: Policy): IpNetwork {
  const prefix = Math.min(range.prefix, range.family === 4 ? escalate.ipv4 : IPV6_SITE);
  return networkAround(range.family, range.first, prefix);
}

/**
 * A key for maps and sets of the neighbourhoods of one policy's subjects. IPv4 as a number: a million bigints would be slow, and
 * those on the way to them as well.
 */
export function neighbourhoodKey(range: IpNetwork, policy: Policy): number | bigint {
  if (range.family === 6) return neighbourhoodOf(range, policy).first >> 80n;
  const first = Number(range.first);
  return first - (first % 2 ** (32 - Math.min(range.prefix, policy.escalate.ipv4)));
}
