/**
 * Input for `ipset restore` (ipset(8), 6.x and 7.x): two sets of type hash:net with a timeout an entry. hash:net
 * takes prefixes from /1 on. Reading it again with `ipset restore -exist` renews the timeouts.
 */
import type { ListEntry } from "./blocklist.ts";
import type { ListContext, ListFormat } from "./formats.ts";

/** Both sets in one file. */
export const ipset: ListFormat = {
  name: "ipset",
  *render(entries, context) {
    yield* setOf(4, entries, context);
    yield* setOf(6, entries, context);
  },
};

/** `fleetban4` alone. */
export const ipsetV4: ListFormat = {
  name: "ipset4",
  render: (entries, context) => setOf(4, entries, context),
};

/** `fleetban6` alone. */
export const ipsetV6: ListFormat = {
  name: "ipset6",
  render: (entries, context) => setOf(6, entries, context),
};

/** The kernel counts in milliseconds in 32 bits: ipset(8), "timeout", the largest value. */
const MAX_TIMEOUT = 2_147_483;
/** ipset's own default; the kernel refuses entries beyond maxelem. */
const LEAST_MAXELEM = 65_536;

function* setOf(family: 4 | 6, entries: readonly ListEntry[], { now }: ListContext): Generator<string> {
  const own = entries.filter(({ range, until }) => range.family === family && until > now);
  const name = `fleetban${family}`;
  const maxelem = powerOfTwo(Math.max(own.length * 2, LEAST_MAXELEM));
  yield `create ${name} hash:net family ${family === 4 ? "inet" : "inet6"} maxelem ${maxelem} timeout 0\n`;
  for (const { network, until } of own) {
    yield `add ${name} ${network} timeout ${Math.min(until - now, MAX_TIMEOUT)}\n`;
  }
}

/** Room to grow between two lists without a new set. */
function powerOfTwo(least: number): number {
  return 2 ** Math.ceil(Math.log2(least));
}
