import type { ListEntry } from "./blocklist.ts";
import type { ListContext, ListFormat } from "./formats.ts";

/**
 * A script for MikroTik's `/import` (RouterOS 6.41 and 7; https://help.mikrotik.com/docs/display/ROS/Address-lists):
 * replaces the address lists `fleetban` of IPv4 and IPv6. Entries with a timeout live in memory, not in flash. Adding one
 * that is there already would end the script, so the lists are emptied first, and a failing entry does not end it.
 */
export const mikrotik: ListFormat = {
  name: "mikrotik",
  *render(entries, context) {
    yield* listOf("/ip firewall address-list", 4, entries, context);
    yield* listOf("/ipv6 firewall address-list", 6, entries, context);
  },
};

/** RouterOS refuses timeouts beyond 35w3d13h13m56s. */
const MAX_TIMEOUT = 35 * 7 * 86_400;

function* listOf(
  menu: string,
  family: 4 | 6,
  entries: readonly ListEntry[],
  { now }: ListContext,
): Generator<string> {
  yield `${menu}\nremove [find list=fleetban]\n`;
  for (const { network, range, until } of entries) {
    if (range.family !== family || until <= now) continue;
    const address = range.prefix === 128 ? `${network}/128` : network;
    yield `:do { add list=fleetban address=${address} timeout=${Math.min(until - now, MAX_TIMEOUT)}s } on-error={}\n`;
  }
}
