import { describe, expect, test } from "vitest";
import { decideAll } from "../../functions/decide/decide.ts";
import { context, history, hour, users } from "./factories.ts";

const now = context("2026-11-24T10");
const attack = (ip: string, attempts: number, ...hosts: string[]) =>
  history(
    ip,
    hosts.map((host) => hour("2026-11-24T02", attempts, { host })),
  );
const range = (count: number, of: (n: number) => string) => Array.from({ length: count }, (_, n) => of(n));

describe("a network", () => {
  const eight = range(8, (n) => `198.51.100.${n * 8}`).map((ip) => attack(ip, 9, "mx1", "mx2"));

  test("is banned when enough of its addresses are", () => {
    const { decisions, of } = decideAll(eight, now);
    expect(decisions).toHaveLength(9);
    expect(decisions).toContainEqual(
      expect.objectContaining({
        network: "198.51.100.0/24",
        action: "ban",
        rule: "escalate",
        attempts: 8 * 18,
        hosts: ["mx1", "mx2"],
        reason:
          "8 addresses of 198.51.100.0/24 are banned (limit 8) and nobody logs in from there; banned until 2026-12-01T03:00:00Z",
      }),
    );
    expect(of(attack("198.51.100.77", 1, "mx1"))).toMatchObject({
      ip: "198.51.100.77",
      action: "ban",
      rule: "escalate",
    });
    expect(of(attack("198.51.101.77", 1, "mx1"))).toMatchObject({ action: "watch" });
  });

  test("is of the first address's country, in whatever order they come", () => {
    const countryOf = (ip: string) => (ip === "198.51.100.0" ? "NL" : "DE");
    for (const all of [eight, eight.toReversed()])
      expect(decideAll(all, { ...now, countryOf }).decisions).toContainEqual(
        expect.objectContaining({ rule: "escalate", ip: "198.51.100.0", country: "NL" }),
      );
  });

  test("is not banned for fewer", () => {
    expect(decideAll(eight.slice(1), now).decisions).toHaveLength(7);
  });

  test("is not banned when somebody logs in from there", () => {
    const user = history("198.51.100.200", [hour("2026-11-20T02", 0, { successes: 1 })]);
    expect(decideAll([...eight, user], now).decisions).toHaveLength(8);
  });

  test("is banned though one of its attackers guessed a password", () => {
    const guessed = history("198.51.100.200", [hour("2026-11-24T02", 9, { successes: 1 })], {
      userDays: [users("2026-11-24", { root: 5, admin: 3, eve: 1 }, { eve: 1 })],
    });
    expect(decideAll([...eight, guessed], now).decisions.map(({ network }) => network)).toContain(
      "198.51.100.0/24",
    );
  });

  test.each([
    ["protected", { ignoreip: ["198.51.100.250"] }],
    ["the fleet's own", { own: ["198.51.100.250"] }],
    [
      "shared",
      { shared: { networks: ["198.51.100.128/25"], starter: [], users: 3, maxretry: 500, bantime: 3600 } },
    ],
  ])("is not banned when a part of it is %s", (_, changes) => {
    const networks = decideAll(eight, context("2026-11-24T10", changes)).decisions.map(
      ({ network }) => network,
    );
    expect(networks).not.toContain("198.51.100.0/24");
  });

  test("is not banned when a part of it is at home", () => {
    const home = context("2026-11-24T10", { home: ["JP"] }, { "198.51.100.200": "JP" });
    const { decisions } = decideAll([...eight, attack("198.51.100.200", 9, "mx1", "mx2")], home);
    expect(decisions.map(({ action }) => action).sort()).toEqual([...range(8, () => "ban"), "report"]);
  });

  test("is not banned on one host's word", () => {
    const alone = eight.map(({ ip }) => attack(ip, 9, "mx1"));
    expect(decideAll(alone, now).decisions).toHaveLength(8);
    expect(decideAll([...eight.slice(0, 4), ...alone.slice(4)], now).decisions).toHaveLength(9);
  });
});

describe("what one host alone tells", () => {
  const small = { guard: { ...now.policy.guard, from: 5 } };
  const hosts = range(20, (n) => `mx${n}`);
  const others = hosts.map((host, n) => attack(`203.0.${n}.1`, 9, host, "mx0"));
  const lies = range(50, (n) => `9.${n}.0.1`).map((ip, n) => attack(ip, 100 + n, "liar"));

  test("makes at most its share of the list, the worst first", () => {
    const { decisions, of } = decideAll([...others, ...lies], context("2026-11-24T10", small));
    const told = decisions.filter(({ hosts: by }) => by.includes("liar"));
    // 20 others: 5 of 25 would be more than a tenth, but so few may always be
    expect(told.map(({ attempts }) => attempts).sort()).toEqual([145, 146, 147, 148, 149]);
    expect(of(lies[0]!)).toMatchObject({
      action: "watch",
      rule: "maxHostShare",
      until: undefined,
      reason:
        "not banned: only liar tells of its 100 failed logins, and what one host alone tells makes at most 5 entries, the worst",
    });
  });

  test("grows with the list", () => {
    const more = range(180, (n) => `8.${n}.0.1`).map((ip) => attack(ip, 9, "mx1", "mx2"));
    const { decisions } = decideAll([...others, ...more, ...lies], context("2026-11-24T10", small));
    const told = decisions.filter(({ hosts: by }) => by.includes("liar")).length;
    expect(told).toBe(22);
    expect(told / decisions.length).toBeLessThanOrEqual(0.1);
  });

  test("is the whole list of a fleet of one", () => {
    expect(decideAll(lies, context("2026-11-24T10", small)).decisions).toHaveLength(50);
  });

  test("is not bounded while the list is small", () => {
    expect(decideAll([...others, ...lies], now).decisions).toHaveLength(70);
  });
});

describe("alerts", () => {
  const day = users("2026-11-24", { root: 5, admin: 4 }, { carol: 1 });

  test("name the user and the hosts of a guessed password, banned or ignored for other reasons", () => {
    const hours = [hour("2026-11-24T02", 9), hour("2026-11-24T03", 0, { host: "mx2", successes: 1 })];
    const cracked = history("198.51.100.7", [...hours, hour("2026-11-24T04", 20, { host: "mx3" })], {
      userDays: [day],
    });
    expect(decideAll([cracked], now).alerts).toMatchObject([
      { kind: "guessed", ip: "198.51.100.7", users: ["carol"], hosts: ["mx2"], at: hours[1]!.hour },
    ]);
    expect(decideAll([cracked], context("2026-11-24T10", { ignoreip: ["198.51.100.7"] })).alerts).toEqual([]);
  });

  test("tell of offices that offend and of hosts that stand alone", () => {
    const office = history("198.51.100.7", [hour("2026-11-24T02", 60, { successes: 9 })], {
      userDays: [users("2026-11-24", {}, { alice: 5, bob: 3, carol: 1 })],
    });
    const lied = history("198.51.100.8", [
      hour("2026-11-24T02", 60, { host: "liar" }),
      hour("2026-11-24T03", 0, { successes: 9 }),
    ]);
    expect(decideAll([office, lied], now).alerts.map(({ kind, ip }) => [kind, ip])).toEqual([
      ["shared", "198.51.100.7"],
      ["otherHost", "198.51.100.8"],
    ]);
  });
});

test("the fleet's own addresses may be learned", () => {
  const { decisions } = decideAll([attack("192.0.2.25", 90, "mx1")], { ...now, own: ["192.0.2.25"] });
  expect(decisions).toEqual([]);
});
