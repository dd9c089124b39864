import type { ListEntry } from "./blocklist.ts";
import type { ListFormat } from "./formats.ts";

/**
 * A zone for rbldnsd, dataset type `combined` (rbldnsd(8), 0.998 to 1.0): listed addresses are answered with A 127.0.0.2
 * and a TXT that names them. Holds the test entry that RFC 5782, 5 demands, 127.0.0.2; rbldnsd asks the IPv4 part for
 * IPv4-mapped addresses, so that it answers IPv6's, ::ffff:127.0.0.2, too.
 */
export const rbldnsd: ListFormat = {
  name: "rbldnsd",
  *render(entries) {
    yield `$TTL ${TTL}\n$DATASET ip4trie @\n${VALUE}\n127.0.0.2\n`;
    yield* networksOf(4, entries);
    yield `$DATASET ip6trie @\n${VALUE}\n`;
    yield* networksOf(6, entries);
  },
};

/** Seconds that resolvers keep an answer: as long as a new ban may take to be known. */
const TTL = 300;
/** `$` is the address that was asked for. */
const VALUE = ":127.0.0.2:$ is blocked after failed logins";

function* networksOf(family: 4 | 6, entries: readonly ListEntry[]): Generator<string> {
  for (const { network, range } of entries) if (range.family === family) yield `${network}\n`;
}
