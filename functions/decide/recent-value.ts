import { type AddressValue, addressValue } from "../parse/address.ts";
import type { Address } from "../parse/event.ts";

let recentIp: Address = "";
let recent: AddressValue = { family: 4, value: 0n };

/** As `addressValue`; rules ask many things about the same address, one after the other. */
export function recentValue(ip: Address): AddressValue {
  if (recentIp !== ip) {
    recent = addressValue(ip);
    recentIp = ip;
  }
  return recent;
}
