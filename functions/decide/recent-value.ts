import { type AddressValue, addressValue, ipv4Value } from "../parse/address.ts";
import type { Address } from "../parse/event.ts";

let recentIp: Address = "";
let recentNumber = -1;
let recent: AddressValue | undefined;

/** As `addressValue`; rules ask many things about the same address, one after the other. */
export function recentValue(ip: Address): AddressValue {
  const number = recentIpv4(ip);
  recent ??= number < 0 ? addressValue(ip) : { family: 4, value: BigInt(number) };
  return recent;
}

/** As `ipv4Value`. Most addresses are IPv4, and big numbers are garbage that takes as long to make as the answer. */
export function recentIpv4(ip: Address): number {
  if (recentIp !== ip) {
    recentNumber = ipv4Value(ip);
    recent = undefined;
    recentIp = ip;
  }
  return recentNumber;
}
