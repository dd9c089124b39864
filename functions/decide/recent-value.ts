import { type AddressValue, addressValue } from "../parse/address.ts";
import type { Address } from "../parse/event.ts";

let recent = { ip: "", address: { family: 4, value: 0n } as AddressValue };

/** As `addressValue`; rules ask many things about the same address, one after the other. */
export function recentValue(ip: Address): AddressValue {
  if (recent.ip !== ip) recent = { ip, address: addressValue(ip) };
  return recent.address;
}
