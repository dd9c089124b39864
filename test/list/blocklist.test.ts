import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseNetwork } from "../../functions/decide/network.ts";
import { blocklist } from "../../functions/list/blocklist.ts";
import { formatNamed, formats, rendered, UnknownFormat } from "../../functions/list/formats.ts";
import { ban, NOW } from "./factories.ts";

const DAY = 86_400;
const fleet = [
  ban("2001:db8:1:2::/64", DAY),
  ban("203.0.113.9", DAY),
  ban("9.9.9.9", 60 * DAY),
  ban("2001:db8::1", DAY),
  ban("198.51.100.0/24", 2 * DAY),
];

describe("the blocklist", () => {
  test("is in the order of the numbers, IPv4 first", () => {
    expect(blocklist(fleet, NOW).map(({ network }) => network)).toEqual([
      "9.9.9.9",
      "198.51.100.0/24",
      "203.0.113.9",
      "2001:db8::1",
      "2001:db8:1:2::/64",
    ]);
  });

  test("holds bans in force and nothing else", () => {
    const others = (["report", "allow", "watch"] as const).map((action, n) =>
      ban(`192.0.2.${n}`, DAY, { action }),
    );
    expect(blocklist([...others, ban("192.0.2.9", 0), ban("192.0.2.10", 1)], NOW)).toMatchObject([
      { network: "192.0.2.10", until: NOW + 1 },
    ]);
  });

  test("holds a network once, for the longest of its bans", () => {
    expect(blocklist([ban("192.0.2.1", 5), ban("192.0.2.1", 9), ban("192.0.2.1", 7)], NOW)).toMatchObject([
      { until: NOW + 9 },
    ]);
  });

  test("leaves out what a listed network covers for as long", () => {
    const decisions = [
      ban("192.0.2.0/24", DAY),
      ban("192.0.2.1", DAY),
      ban("192.0.2.2", 2 * DAY),
      ban("192.0.3.1", 1),
    ];
    expect(blocklist(decisions, NOW).map(({ network }) => network)).toEqual([
      "192.0.2.0/24",
      "192.0.2.2",
      "192.0.3.1",
    ]);
  });

  test("does not depend on the order of the decisions", () => {
    const decisions = fc.array(
      fc
        .tuple(fc.integer({ min: 0, max: 63 }), fc.constantFrom(28, 30, 32), fc.integer({ min: 1, max: 4 }))
        .map(([n, prefix, lasts]) =>
          ban(`192.0.2.${n - (n % 2 ** (32 - prefix))}/${prefix}`.replace("/32", ""), lasts),
        ),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(decisions, (made) => {
        const list = blocklist(made, NOW);
        expect(blocklist([...made].reverse(), NOW)).toEqual(list);
        for (const { network, until } of made) {
          const range = parseNetwork(network);
          const held = list.filter(
            (entry) => entry.range.first <= range.first && entry.range.prefix <= range.prefix,
          );
          expect(held.some((entry) => entry.until >= until!)).toBe(true);
        }
      }),
    );
  });
});

describe("a format", () => {
  const entries = blocklist(fleet, NOW);
  const text = (name: string) => rendered(formatNamed(name), entries, { now: NOW });

  test("tsv: network and end of the ban", () => {
    expect(text("tsv")).toBe(
      [
        `9.9.9.9\t${NOW + 60 * DAY}`,
        `198.51.100.0/24\t${NOW + 2 * DAY}`,
        `203.0.113.9\t${NOW + DAY}`,
        `2001:db8::1\t${NOW + DAY}`,
        `2001:db8:1:2::/64\t${NOW + DAY}`,
        "",
      ].join("\n"),
    );
  });

  test("plain: networks only", () => {
    expect(text("plain")).toBe("9.9.9.9\n198.51.100.0/24\n203.0.113.9\n2001:db8::1\n2001:db8:1:2::/64\n");
  });

  test("ipset: a set a family, timeouts that the kernel can hold", () => {
    expect(text("ipset").split("\n")).toEqual([
      "create fleetban4 hash:net family inet maxelem 65536 timeout 0",
      "add fleetban4 9.9.9.9 timeout 2147483",
      "add fleetban4 198.51.100.0/24 timeout 172800",
      "add fleetban4 203.0.113.9 timeout 86400",
      "create fleetban6 hash:net family inet6 maxelem 65536 timeout 0",
      "add fleetban6 2001:db8::1 timeout 86400",
      "add fleetban6 2001:db8:1:2::/64 timeout 86400",
      "",
    ]);
  });

  test("ipset: room for more than the list holds, and no timeout that never ends", () => {
    const many = Array.from({ length: 70_000 }, (_, n) =>
      ban(`198.${n >> 16}.${(n >> 8) & 255}.${n & 255}`, DAY),
    );
    const [create] = rendered(formatNamed("ipset"), blocklist(many, NOW), { now: NOW }).split("\n");
    expect(create).toContain("maxelem 262144");
    expect(rendered(formatNamed("ipset"), entries, { now: NOW + DAY })).not.toContain(
      "timeout 0\nadd fleetban4 203",
    );
    expect(rendered(formatNamed("ipset"), entries, { now: NOW + DAY })).not.toContain("203.0.113.9");
  });

  test.each(formats.map(({ name }) => [name]))("%s: an empty list is a file too", (name) => {
    expect(() => rendered(formatNamed(name), [], { now: NOW })).not.toThrow();
  });

  test("that is not known is refused, naming those that are", () => {
    expect(() => formatNamed("csvv")).toThrow(UnknownFormat);
    expect(() => formatNamed("csvv")).toThrow("tsv, plain, ipset");
  });
});
