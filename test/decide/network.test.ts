import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BadNetwork, contains, networkText, parseNetwork } from "../../functions/decide/network.ts";
import { networkSet } from "../../functions/decide/network-set.ts";

describe("networks", () => {
  test.each([
    ["192.0.2.7", "192.0.2.7"],
    ["192.0.2.7/32", "192.0.2.7"],
    ["192.0.2.0/24", "192.0.2.0/24"],
    ["0.0.0.0/0", "0.0.0.0/0"],
    ["2001:DB8:0:0::/64", "2001:db8::/64"],
    ["2001:db8::1/128", "2001:db8::1"],
    ["::/0", "::/0"],
    ["::ffff:192.0.2.7", "192.0.2.7"],
  ])("%s reads as %s", (text, canonical) => {
    expect(networkText(parseNetwork(text))).toBe(canonical);
  });

  test.each([
    "",
    "192.0.2",
    "192.0.2.0/",
    "192.0.2.0/33",
    "192.0.2.0/024",
    "192.0.2.0/+24",
    "192.0.2.0/24/8",
    "192.0.2.0/ 24",
    "010.0.0.0/8",
    "0x7f.1/8",
    "2001:db8::/129",
    "2001:db8::/-1",
    "::ffff:192.0.2.0/120",
    "::ffff:0:0/96",
    "fe80::1%eth0",
    "example.com/24",
    "192.0.2.0/24\n",
  ])("%j is refused", (text) => {
    expect(() => parseNetwork(text)).toThrow(BadNetwork);
  });

  test("says which network was meant where host bits are set", () => {
    expect(() => parseNetwork("192.0.2.7/24")).toThrow("did you mean 192.0.2.0/24?");
  });
});

describe("network sets", () => {
  test("find what holds an address", () => {
    const set = networkSet(["198.51.100.0/24", "198.51.100.7", "2001:db8::/32"].map(parseNetwork));
    expect(set.find("198.51.100.7")).toEqual(parseNetwork("198.51.100.0/24"));
    expect(set.find("198.51.101.0")).toBeUndefined();
    expect(set.find("2001:db8:ffff::1")).toEqual(parseNetwork("2001:db8::/32"));
    expect(set.find("2001:db9::")).toBeUndefined();
  });

  test("agree with asking every network", () => {
    fc.assert(
      fc.property(fc.array(ipv4Network, { maxLength: 30 }), ipv4Network, (networks, asked) => {
        const set = networkSet(networks);
        expect(set.overlaps(asked)).toBe(
          networks.some((one) => contains(one, asked) || contains(asked, one)),
        );
      }),
    );
  });
});

/** Crowded, so that networks meet. */
const ipv4Network = fc
  .tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 22, max: 32 }))
  .map(([value, prefix]) => {
    const hostBits = BigInt(32 - prefix);
    return { family: 4 as const, first: (BigInt(value) >> hostBits) << hostBits, prefix };
  });
