import { mergeCidr } from "cidr-tools";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  compareNetworks,
  contains,
  type IpNetwork,
  networkText,
  parseNetwork,
} from "../../functions/decide/network.ts";
import type { ListEntry } from "../../functions/list/blocklist.ts";
import { mergeEntries, mergeNetworks } from "../../functions/list/merge.ts";
import { addressOf } from "../../functions/parse/address.ts";

/** Networks close together, so that many are halves of one or lie in another. */
const network = fc.oneof(
  fc
    .tuple(fc.nat(1023), fc.integer({ min: 22, max: 32 }))
    .map(([n, prefix]) => around(4, 0xc6336400n + BigInt(n), prefix)),
  fc
    .tuple(fc.nat(63), fc.integer({ min: 60, max: 66 }))
    .map(([n, prefix]) => around(6, (0x20010db8n << 96n) + (BigInt(n) << 62n), prefix)),
);
const networks = fc.array(network, { maxLength: 60 });

describe("merging", () => {
  test("gives what cidr-tools gives", () => {
    fc.assert(
      fc.property(networks, (all) => {
        const ours = mergeNetworks(all, { ipv4: 0, ipv6: 0 }).map(withPrefix);
        expect(ours.sort()).toEqual(mergeCidr(all.map(withPrefix)).sort());
      }),
      { numRuns: 500 },
    );
  });

  test("never holds more nor less, nor goes wider than it may", () => {
    fc.assert(
      fc.property(networks, (all) => {
        const merged = mergeNetworks(all);
        expect(mergeCidr(merged.map(withPrefix)).sort()).toEqual(mergeCidr(all.map(withPrefix)).sort());
        const wide = merged.filter(({ family, prefix }) => prefix < (family === 4 ? 24 : 64));
        for (const one of wide) expect(all.map(networkText)).toContain(networkText(one));
      }),
    );
  });

  test.each([
    [["198.51.100.0", "198.51.100.1"], ["198.51.100.0/31"]],
    [
      ["198.51.100.1", "198.51.100.2"],
      ["198.51.100.1", "198.51.100.2"],
    ],
    [
      ["198.51.100.0/25", "198.51.100.128/25", "198.51.101.0/24"],
      ["198.51.100.0/24", "198.51.101.0/24"],
    ],
    [
      ["2001:db8::/64", "2001:db8:0:1::/64"],
      ["2001:db8::/64", "2001:db8:0:1::/64"],
    ],
    [["198.51.100.0/24", "198.51.100.7"], ["198.51.100.0/24"]],
    [["255.255.255.254", "255.255.255.255"], ["255.255.255.254/31"]],
  ])("%j becomes %j", (from, to) => {
    expect(mergeNetworks(from.map(parseNetwork)).map(networkText)).toEqual(to);
  });

  test("of entries tells of all that are in them", () => {
    fc.assert(
      fc.property(networks, (all) => {
        const entries = [...new Map(all.map((range) => [networkText(range), range])).values()]
          .sort(compareNetworks)
          .map(entryOf);
        const merged = mergeEntries(entries);
        const sum = (list: readonly ListEntry[]) => list.reduce((total, { attempts }) => total + attempts, 0);
        expect(sum(merged)).toBe(sum(entries));
        for (const { range } of entries)
          expect(merged.some((outer) => contains(outer.range, range))).toBe(true);
      }),
    );
  });
});

function around(family: 4 | 6, value: bigint, prefix: number): IpNetwork {
  const hostBits = BigInt((family === 4 ? 32 : 128) - prefix);
  return { family, first: (value >> hostBits) << hostBits, prefix };
}

function withPrefix({ family, first, prefix }: IpNetwork): string {
  return `${addressOf({ family, value: first })}/${prefix}`;
}

function entryOf(range: IpNetwork, n: number): ListEntry {
  const facts = { rule: "maxretry", reason: "", hosts: ["mx1"], country: "NL", first: n, last: n };
  return { network: networkText(range), range, until: 1000 + n, attempts: n, ...facts };
}
