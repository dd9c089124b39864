import { addressOf } from "../parse/address.ts";
import type { ListEntry } from "./blocklist.ts";
import type { ListFormat } from "./formats.ts";

/**
 * For /etc/hosts.deny of programs built with libwrap, hosts_access(5): one client a line. IPv4 networks with a dotted
 * mask, which every libwrap reads, IPv6 in brackets. sshd is left out: nobody is to lose the way in to mend a mistake.
 */
export const hostsDeny: ListFormat = {
  name: "hosts.deny",
  *render(entries) {
    for (const entry of entries) yield `ALL EXCEPT sshd: ${client(entry)}\n`;
  },
};

function client({ network, range: { family, first, prefix } }: ListEntry): string {
  const address = addressOf({ family, value: first });
  if (family === 6) return prefix === 128 ? `[${address}]` : `[${address}]/${prefix}`;
  return prefix === 32 ? network : `${address}/${dottedMask(prefix)}`;
}

function dottedMask(prefix: number): string {
  const value = ((1n << 32n) - 1n) ^ ((1n << BigInt(32 - prefix)) - 1n);
  return addressOf({ family: 4, value });
}
