import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decideAddress, decideAll } from "../../functions/decide/decide.ts";
import { at, context, history, hour } from "./factories.ts";

const attacker = history("198.51.100.7", [
  hour("2026-11-24T02", 4),
  hour("2026-11-24T09", 6, { host: "mx2" }),
]);

describe("one address", () => {
  test("is banned with the numbers in a sentence", () => {
    expect(decideAddress(attacker, context("2026-11-24T10"))).toEqual({
      ip: "198.51.100.7",
      network: "198.51.100.7",
      action: "ban",
      rule: "maxretry",
      reason: "10 failed logins at 2 hosts within 24 h (limit 5); banned until 2026-12-01T10:00:00Z",
      until: at("2026-12-01T10"),
      attempts: 10,
      events: 10,
      successes: 0,
      users: 1,
      hosts: ["mx1", "mx2"],
      services: ["imap"],
      first: at("2026-11-24T02"),
      last: at("2026-11-24T09:30:00Z"),
      country: undefined,
    });
  });

  test("the article's ten lines", () => {
    const hours = [hour("2014-08-10T14", 4, { host: "main" }), hour("2014-08-11T03", 6, { host: "main" })];
    const decision = decideAddress(history("94.102.63.160", hours), context("2014-08-11T03"));
    expect(decision).toMatchObject({
      action: "ban",
      attempts: 10,
      reason: "10 failed logins at 1 host within 24 h (limit 5); banned until 2014-08-18T04:00:00Z",
    });
  });

  test("is watched below the limit", () => {
    const below = history("198.51.100.7", [hour("2026-11-24T02", 4), hour("2026-11-25T02", 1)]);
    expect(decideAddress(below, context("2026-11-25T10"))).toMatchObject({
      action: "watch",
      rule: "below",
      reason: "4 failed logins within 24 h at most, limit 5",
    });
  });

  test("is free at the very second its ban ends", () => {
    expect(decideAddress(attacker, context("2026-12-01T09:59:59Z"))).toMatchObject({ action: "ban" });
    expect(decideAddress(attacker, context("2026-12-01T10"))).toMatchObject({
      action: "watch",
      rule: "expired",
      until: undefined,
      reason: "10 failed logins at 2 hosts within 24 h (limit 5); that ban ended 2026-12-01T10:00:00Z",
    });
  });

  test("is decided for the moment that is asked for", () => {
    const decision = decideAddress(attacker, context("2026-11-24T05"));
    expect(decision).toMatchObject({
      action: "watch",
      attempts: 4,
      hosts: ["mx1"],
      last: at("2026-11-24T05"),
    });
  });

  test("without failed logins is clean", () => {
    const user = history("198.51.100.7", [hour("2026-11-24T02", 0, { successes: 3 })]);
    expect(decideAddress(user, context("2026-11-24T10"))).toMatchObject({
      action: "allow",
      rule: "clean",
      successes: 3,
    });
  });

  test.each([
    ["never", "10.0.0.1", {}, "10.0.0.1 is a private address (RFC 1918): never banned"],
    ["own", "192.0.2.25", { own: ["192.0.2.25"] }, "192.0.2.25 is among the fleet's own addresses"],
    ["proxy", "192.0.2.25", { trustedProxies: ["192.0.2.25"] }, "192.0.2.25 is among the trusted proxies"],
    [
      "ignoreip",
      "192.0.2.25",
      { ignoreip: ["192.0.2.0/24"] },
      "192.0.2.25 lies in 192.0.2.0/24, among ignoreip",
    ],
  ])("%s: allowed whatever it does", (rule, ip, changes, reason) => {
    const attack = history(ip, [hour("2026-11-24T02", 5000)]);
    expect(decideAddress(attack, context("2026-11-24T10", changes))).toMatchObject({
      action: "allow",
      rule,
      reason,
    });
  });
});

describe("home", () => {
  const home = { home: ["JP"], homeMaxretry: 100 };
  const attempts = (n: number) => history("198.51.100.7", [hour("2026-11-24T02", n)]);
  const decide = (n: number, changes: object, country?: string) =>
    decideAddress(attempts(n), context("2026-11-24T10", changes, country ? { "198.51.100.7": country } : {}));

  test("is reported, not banned", () => {
    expect(decide(10, home, "JP")).toMatchObject({
      action: "report",
      rule: "home",
      country: "JP",
      until: undefined,
      reason:
        "10 failed logins at 1 host within 24 h (limit 5) from JP, a home country: reported, not banned below 100",
    });
  });

  test("is banned too from homeMaxretry on", () => {
    expect(decide(100, home, "JP")).toMatchObject({
      action: "ban",
      rule: "homeMaxretry",
      until: at("2026-12-01T03"),
    });
  });

  test("does not shield others", () => {
    expect(decide(10, home, "NL")).toMatchObject({ action: "ban", rule: "maxretry" });
    expect(decide(10, {}, "JP")).toMatchObject({ action: "ban", rule: "maxretry" });
  });

  test("holds for unknown countries only when told", () => {
    expect(decide(10, home)).toMatchObject({ action: "ban" });
    expect(decide(10, { ...home, unknownCountry: "report" })).toMatchObject({ action: "report" });
  });

  test("below maxretry is nobody's business", () => {
    expect(decide(4, home, "JP")).toMatchObject({ action: "watch", rule: "below" });
  });
});

describe("an IPv6 network", () => {
  const spread = ["2001:db8:1:2::1", "2001:db8:1:2::2", "2001:db8:1:2:ffff::"].map((ip) =>
    history(ip, [hour("2026-11-24T02", 2)]),
  );

  test("counts and is banned as one /64", () => {
    const { decisions, of } = decideAll(spread, context("2026-11-24T10"));
    expect(decisions).toMatchObject([{ network: "2001:db8:1:2::/64", attempts: 6, action: "ban" }]);
    expect(of(spread[1]!)).toMatchObject({ network: "2001:db8:1:2::/64", action: "ban" });
    expect(of(history("2001:db8:1:3::1", [hour("2026-11-24T02", 2)]))).toMatchObject({ action: "watch" });
  });

  test("can be a single address when the policy says so", () => {
    const { decisions } = decideAll(spread, context("2026-11-24T10", { prefix: { ipv4: 32, ipv6: 128 } }));
    expect(decisions).toEqual([]);
  });

  test("is not banned as a whole where somebody in it is never banned", () => {
    const guesses = spread.map((one) => ({ ...one, hours: [hour("2026-11-24T02", 9)] }));
    const { decisions, of } = decideAll(guesses, context("2026-11-24T10", { ignoreip: ["2001:db8:1:2::2"] }));
    expect(decisions.map(({ network }) => network).sort()).toEqual([
      "2001:db8:1:2::1",
      "2001:db8:1:2:ffff::",
    ]);
    expect(of(guesses[1]!)).toMatchObject({ action: "allow", rule: "ignoreip" });
  });

  test.each(["64:ff9b::c633:6407", "2001::53aa:64c:1:2"])(
    "%s stands for itself: its /64 is full of strangers",
    (ip) => {
      const { decisions } = decideAll([history(ip, [hour("2026-11-24T02", 9)])], context("2026-11-24T10"));
      expect(decisions).toMatchObject([{ network: ip }]);
    },
  );
});

describe("for any fleet", () => {
  const ip = fc.constantFrom(
    "198.51.100.7",
    "198.51.100.8",
    "203.0.113.9",
    "2001:db8::1",
    "2001:db8::2",
    "10.0.0.1",
  );
  const counted = fc
    .tuple(fc.integer({ min: 0, max: 72 }), fc.integer({ min: 0, max: 8 }), fc.constantFrom("mx1", "mx2"))
    .map(([n, attempts, host]) => hour(at("2026-11-20") + n * 3600, attempts, { host }));
  const histories = fc.uniqueArray(
    fc
      .tuple(ip, fc.array(counted, { minLength: 1, maxLength: 12 }))
      .map(([address, hours]) => history(address, hours)),
    { selector: (one) => one.ip, maxLength: 6 },
  );
  const now = context("2026-11-24");

  test("the order of addresses and hours does not matter", () => {
    fc.assert(
      fc.property(histories, (fleet) => {
        const turned = [...fleet].reverse().map((one) => ({ ...one, hours: [...one.hours].reverse() }));
        const sorted = (decisions: { network: string }[]) =>
          decisions.sort((a, b) => (a.network < b.network ? -1 : 1));
        expect(sorted(decideAll(turned, now).decisions)).toEqual(sorted(decideAll(fleet, now).decisions));
      }),
    );
  });

  test("a longer list of friends bans nobody more, and nobody longer", () => {
    fc.assert(
      fc.property(
        histories,
        fc.subarray(["198.51.100.0/24", "203.0.113.9", "2001:db8::/48"]),
        (fleet, ignoreip) => {
          const strict = new Map(decideAll(fleet, now).decisions.map((d) => [d.network, d.until ?? 0]));
          for (const { network, until } of decideAll(fleet, context("2026-11-24", { ignoreip })).decisions) {
            expect(until ?? 0).toBeLessThanOrEqual(strict.get(network) ?? 0);
          }
        },
      ),
    );
  });

  test("what an address is told agrees with the list", () => {
    fc.assert(
      fc.property(histories, (fleet) => {
        const { decisions, of } = decideAll(fleet, now);
        const banned = new Set(decisions.map(({ network }) => network));
        for (const one of fleet) {
          const decision = of(one);
          expect(decision.action === "ban").toBe(banned.has(decision.network));
        }
      }),
    );
  });
});
