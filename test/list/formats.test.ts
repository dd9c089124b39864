import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { lastOf, parseNetwork } from "../../functions/decide/network.ts";
import { blocklist } from "../../functions/list/blocklist.ts";
import { disjoint } from "../../functions/list/disjoint.ts";
import { formatNamed, formats, rendered } from "../../functions/list/formats.ts";
import { BadListJson, readJson } from "../../functions/list/json.ts";
import { uuid5 } from "../../functions/list/uuid.ts";
import { ban, bans, NOW } from "./factories.ts";

const DAY = 86_400;
const list = blocklist(
  [
    ban("9.9.9.9", 60 * DAY, { attempts: 3, country: undefined }),
    ban("198.51.100.0/24", DAY, { attempts: 90 }),
    ban("198.51.100.9", 2 * DAY, { attempts: 30, hosts: ["mx1", "mx2"], reason: 'said "hello, world"' }),
    ban("2001:db8::1", DAY),
    ban("2001:db8:1:2::/64", DAY),
  ],
  NOW,
);

const text = (name: string, entries = list, now = NOW) => rendered(formatNamed(name), entries, { now });

describe("a format", () => {
  test("nft: sets in a table of its own, a network cut around what is banned for longer", () => {
    expect(text("nft").split("\n")).toEqual([
      "add table inet fleetban_list",
      "add set inet fleetban_list banned4 { type ipv4_addr; flags interval, timeout; }",
      "flush set inet fleetban_list banned4",
      "add element inet fleetban_list banned4 {",
      "9.9.9.9 timeout 2147483s,",
      "198.51.100.0-198.51.100.8 timeout 86400s,",
      "198.51.100.9 timeout 172800s,",
      "198.51.100.10-198.51.100.255 timeout 86400s,",
      "}",
      "add set inet fleetban_list banned6 { type ipv6_addr; flags interval, timeout; }",
      "flush set inet fleetban_list banned6",
      "add element inet fleetban_list banned6 {",
      "2001:db8::1 timeout 86400s,",
      "2001:db8:1:2::/64 timeout 86400s,",
      "}",
      "",
    ]);
  });

  test("postfix: a line a network", () => {
    expect(text("postfix").split("\n")[1]).toBe("198.51.100.0/24 REJECT blocked after failed logins");
  });

  test("json: with reasons, and reads back as it was", () => {
    const parsed = JSON.parse(text("json"));
    expect(parsed.networks[2]).toEqual({
      network: "198.51.100.9",
      until: "2026-11-26T03:00:00Z",
      rule: "maxretry",
      reason: 'said "hello, world"',
      attempts: 30,
      hosts: ["mx1", "mx2"],
      country: "NL",
      first: "2026-11-24T01:00:00Z",
      last: "2026-11-24T02:59:00Z",
    });
    expect(parsed.networks[0].country).toBeNull();
    expect(readJson(text("json"))).toEqual(list);
    expect(readJson(text("json", []))).toEqual([]);
  });

  test.each([
    "",
    "[]",
    "null",
    '{"networks":7}',
    '{"networks":[{"network":"192.0.2.1","until":"tomorrow"}]}',
  ])("json: %s is refused", (wrong) => {
    expect(() => readJson(wrong)).toThrow(BadListJson);
  });

  test("csv: RFC 4180", () => {
    expect(text("csv").split("\n").slice(0, 4)).toEqual([
      "network,until,rule,reason,attempts,hosts,country,first,last",
      "9.9.9.9,2027-01-23T03:00:00Z,maxretry,10 failed logins at 1 host within 24 h (limit 5),3,mx1,,2026-11-24T01:00:00Z,2026-11-24T02:59:00Z",
      expect.stringMatching(/^198\.51\.100\.0\/24,2026-11-25T03:00:00Z,/),
      expect.stringMatching(/,"said ""hello, world""",30,mx1 mx2,NL,/),
    ]);
  });

  test("nginx: deny rules", () => {
    expect(text("nginx").split("\n").slice(0, 2)).toEqual(["deny 9.9.9.9;", "deny 198.51.100.0/24;"]);
  });

  test("rbldnsd: a dataset a family, with RFC 5782's test entry", () => {
    expect(text("rbldnsd").split("\n")).toEqual([
      "$TTL 300",
      "$DATASET ip4trie @",
      ":127.0.0.2:$ is blocked after failed logins",
      "127.0.0.2",
      "9.9.9.9",
      "198.51.100.0/24",
      "198.51.100.9",
      "$DATASET ip6trie @",
      ":127.0.0.2:$ is blocked after failed logins",
      "2001:db8::1",
      "2001:db8:1:2::/64",
      "",
    ]);
  });

  test("hosts.deny: dotted masks, brackets, never sshd", () => {
    expect(text("hosts.deny").split("\n")).toEqual([
      "ALL EXCEPT sshd: 9.9.9.9",
      "ALL EXCEPT sshd: 198.51.100.0/255.255.255.0",
      "ALL EXCEPT sshd: 198.51.100.9",
      "ALL EXCEPT sshd: [2001:db8::1]",
      "ALL EXCEPT sshd: [2001:db8:1:2::]/64",
      "",
    ]);
  });

  test("mikrotik: empties its lists, then fills them, with timeouts that RouterOS takes", () => {
    expect(text("mikrotik").split("\n")).toEqual([
      "/ip firewall address-list",
      "remove [find list=fleetban]",
      ":do { add list=fleetban address=9.9.9.9 timeout=5184000s } on-error={}",
      ":do { add list=fleetban address=198.51.100.0/24 timeout=86400s } on-error={}",
      ":do { add list=fleetban address=198.51.100.9 timeout=172800s } on-error={}",
      "/ipv6 firewall address-list",
      "remove [find list=fleetban]",
      ":do { add list=fleetban address=2001:db8::1/128 timeout=86400s } on-error={}",
      ":do { add list=fleetban address=2001:db8:1:2::/64 timeout=86400s } on-error={}",
      "",
    ]);
    const long = blocklist([ban("192.0.2.1", 400 * DAY)], NOW);
    expect(text("mikrotik", long)).toContain("timeout=21168000s");
  });

  test.each(["pan-os", "fortigate"])("%s: the worst first", (name) => {
    expect(text(name).split("\n").slice(0, 3)).toEqual(["198.51.100.0/24", "198.51.100.9", "2001:db8::1"]);
  });

  test.each([
    ["pan-os", 50_000],
    ["fortigate", 131_072],
  ])("%s: at most %d entries, the worst of them kept", (name, most) => {
    const many = blocklist(bans(most + 3), NOW);
    const lines = text(name, many).trimEnd().split("\n");
    expect(lines).toHaveLength(most);
    expect(new Set(lines.map((line) => line.split(" ")[0]))).toEqual(
      new Set(many.filter(({ attempts }) => attempts > 3).map(({ network }) => network)),
    );
    expect(lines[0]).toMatch(
      name === "pan-os" ? /^\S+ # the worst 50000 of 50003 networks, 3 cut$/ : /^\S+$/,
    );
  });

  test("stix: an indicator a network, the same id and version each time", () => {
    const bundle = JSON.parse(text("stix"));
    expect(bundle).toMatchObject({ type: "bundle", id: expect.stringMatching(/^bundle--[0-9a-f-]{36}$/) });
    const [identity, first, network] = bundle.objects;
    expect(identity).toMatchObject({ type: "identity", spec_version: "2.1", identity_class: "system" });
    expect(first).toMatchObject({ type: "indicator", pattern: "[ipv4-addr:value = '9.9.9.9']" });
    expect(network.pattern).toBe("[ipv4-addr:value ISSUBSET '198.51.100.0/24']");
    expect(bundle.objects.at(-1).pattern).toBe("[ipv6-addr:value ISSUBSET '2001:db8:1:2::/64']");
    expect(JSON.parse(text("stix", list, NOW + 60)).objects).toEqual(bundle.objects);
    expect(text("stix")).not.toMatch(/mx1|hello/);
  });

  test.each(formats.map(({ name }) => [name]))("%s: chunks end at line ends", (name) => {
    const chunks = [...formatNamed(name).render(list, { now: NOW })];
    expect(chunks.join("").endsWith("\n")).toBe(true);
    expect(chunks.join("")).not.toMatch(/undefined|NaN|\r/);
  });
});

test("an UUID of version 5 is that of RFC 9562, A.4", () => {
  expect(uuid5("6ba7b810-9dad-11d1-80b4-00c04fd430c8", "www.example.com")).toBe(
    "2ed6657d-e927-568b-95e1-2665a8aea6a2",
  );
});

describe("disjoint intervals", () => {
  const nested = fc.array(
    fc
      .tuple(
        fc.integer({ min: 0, max: 63 }),
        fc.integer({ min: 27, max: 32 }),
        fc.integer({ min: 1, max: 9 }),
      )
      .map(([n, prefix, lasts]) => ban(`192.0.2.${n - (n % 2 ** (32 - prefix))}/${prefix}`, lasts)),
    { maxLength: 16 },
  );

  test("ban each address exactly as long as the list does", () => {
    fc.assert(
      fc.property(nested, (made) => {
        const entries = blocklist(
          made.map((decision) => ({ ...decision, network: short(decision.network) })),
          NOW,
        );
        const intervals = disjoint(entries);
        const base = parseNetwork("192.0.2.0").first;
        for (let n = 0; n < 64; n++) {
          const at = base + BigInt(n);
          const listed = entries.filter(({ range }) => range.first <= at && at <= lastOf(range));
          const holding = intervals.filter(({ first, last }) => first <= at && at <= last);
          expect(holding.map(({ until }) => until)).toEqual(
            listed.length === 0 ? [] : [Math.max(...listed.map(({ until }) => until))],
          );
        }
        for (const [n, { first }] of intervals.entries())
          expect(n === 0 || first > intervals[n - 1]!.last).toBe(true);
      }),
    );
  });

  test("are the networks themselves where none lies in another", () => {
    const intervals = disjoint(blocklist([ban("192.0.2.0/25", 9), ban("2001:db8::/64", 9)], NOW));
    expect(intervals.map(({ network }) => network)).toEqual(["192.0.2.0/25", "2001:db8::/64"]);
  });
});

function short(network: string): string {
  return network.replace("/32", "");
}
