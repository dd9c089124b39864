/**
 * Input for `nft -f` (nft(8), 0.9 to 1.1): table `inet fleetban_list` of its own with sets `banned4` and `banned6`, an
 * end for each element. One transaction: chains that the administrator has added to the table stay, and no packet sees
 * an empty set. It makes no chain: which packets are dropped is for the administrator to say (docs/blocklist.md).
 * Of another name than host/apply's table, so that both may be loaded.
 */
import { addressOf } from "../parse/address.ts";
import type { ListEntry } from "./blocklist.ts";
import { disjoint, type Interval } from "./disjoint.ts";
import type { ListContext, ListFormat } from "./formats.ts";

export const nft: ListFormat = {
  name: "nft",
  *render(entries, context) {
    yield "add table inet fleetban_list\n";
    yield* setOf(4, entries, context);
    yield* setOf(6, entries, context);
  },
};

/** The kernel's limit for ipset; nft takes more, but two formats of one list should not differ. */
const MAX_TIMEOUT = 2_147_483;

function* setOf(family: 4 | 6, entries: readonly ListEntry[], { now }: ListContext): Generator<string> {
  const name = `inet fleetban_list banned${family}`;
  yield `add set ${name} { type ipv${family}_addr; flags interval, timeout; }\n`;
  yield `flush set ${name}\n`;
  const intervals = disjoint(entries.filter(({ range, until }) => range.family === family && until > now));
  if (intervals.length === 0) return;
  yield `add element ${name} {\n`;
  for (const interval of intervals) {
    yield `${intervalText(interval)} timeout ${Math.min(interval.until - now, MAX_TIMEOUT)}s,\n`;
  }
  yield "}\n";
}

function intervalText({ family, first, last, network }: Interval): string {
  if (network !== undefined) return network;
  const from = addressOf({ family, value: first });
  return first === last ? from : `${from}-${addressOf({ family, value: last })}`;
}
