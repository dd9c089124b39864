import { parseAddress } from "./address.ts";
import type { Address } from "./event.ts";

/** As Roundcube writes them behind `X-`: the one that has a single address stands first. */
const REAL_IP = /^(?:X-)?Real-IP: *([^, ]*)(?:,X-Forwarded-For: *(.*))?$/i;
const NAME = /^(?:X-)?Forwarded-For: */i;

/** Loopback, private, link-local, carrier-grade NAT (RFC 1918, 6598, 3927, 4193): whoever is there is a hop, not a client. */
const PRIVATE =
  /^(?:10|127|192\.168|169\.254|172\.(?:1[6-9]|2\d|3[01])|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\.|^::1$|^f[cd]|^fe[89ab]/;

/**
 * The client of a list of addresses, to which each proxy has added the one that it saw (X-Forwarded-For): the last that is
 * neither a proxy of ours nor in a private network; if all are, the last that is no proxy of ours. What stands farther left
 * a client may have sent itself. Undefined where an address that counts is none.
 */
export function clientOf(list: string, isProxy: (address: Address) => boolean): Address | undefined {
  let inside: Address | undefined;
  for (const hop of list.split(",").reverse()) {
    const address = parseHop(hop);
    if (address === undefined) return inside;
    if (isProxy(address)) continue;
    if (!PRIVATE.test(address)) return address;
    inside ??= address;
  }
  return inside;
}

/**
 * The client that headers tell of: such a list, with or without its header's name, or X-Real-IP, perhaps before it. Undefined where
 * the two disagree: a proxy sets one of them, and passes on what a client sends as the other.
 */
export function clientOfHeaders(
  headers: string,
  isProxy: (address: Address) => boolean,
): Address | undefined {
  const [, real, list] = REAL_IP.exec(headers) ?? [];
  if (real === undefined) return clientOf(headers, isProxy);
  const address = parseHop(real);
  if (address === undefined || isProxy(address)) return undefined;
  return list === undefined || clientOf(list, isProxy) === address ? address : undefined;
}

/** `203.0.113.7`, `203.0.113.7:50118`, `[2001:db8::7]:50118`, perhaps behind a header's name. */
function parseHop(text: string): Address | undefined {
  const hop = text.trim().replace(NAME, "").trim();
  const bracketed = /^\[([^\]]*)\](?::\d{1,5})?$/.exec(hop)?.[1];
  return parseAddress(bracketed ?? hop) ?? parseAddress(hop.replace(/:\d{1,5}$/, ""));
}
