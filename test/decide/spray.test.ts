import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AddressHistory } from "../../functions/count/counter.ts";
import { decideAll } from "../../functions/decide/decide.ts";
import { at, context, history, hour, users } from "./factories.ts";

const DAYS = ["2026-11-20", "2026-11-21", "2026-11-22", "2026-11-23"];
const now = context("2026-11-24T00");
const range = (count: number, of: (n: number) => AddressHistory) =>
  Array.from({ length: count }, (_, n) => of(n));
const far = (n: number) => `9.${n}.0.1`;

/** One attempt on each of four days, at users that `userOf` names. */
function slow(ip: string, userOf: (day: number) => string, days = DAYS): AddressHistory {
  const hours = days.map((day, n) => hour(`${day}T0${n + 1}`, 1, { host: `mx${n}` }));
  return history(ip, hours, { userDays: days.map((day, n) => users(day, { [userOf(n)]: 1 })) });
}

describe("spraying", () => {
  test("at one user from many addresses is banned, each below maxretry", () => {
    const { decisions, of } = decideAll(
      range(20, (n) => slow(far(n), () => "boss")),
      now,
    );
    expect(decisions).toHaveLength(20);
    expect(of(slow(far(3), () => "boss"))).toMatchObject({
      action: "ban",
      rule: "spray",
      until: at("2026-11-30T05"),
      reason:
        "4 failed logins within 7 days, and 20 addresses that nobody logs in from tried the same user (limit 20); banned until 2026-11-30T05:00:00Z",
    });
  });

  test("takes as many addresses as the policy says", () => {
    expect(
      decideAll(
        range(19, (n) => slow(far(n), () => "boss")),
        now,
      ).decisions,
    ).toEqual([]);
  });

  test("from one network is banned, whomever it tries", () => {
    const network = range(8, (n) => slow(`9.0.0.${n * 9}`, (day) => `user${n}-${day}`));
    expect(decideAll(network, now).decisions.map(({ rule }) => rule)).toEqual(Array(8).fill("spray"));
    expect(decideAll(network.slice(1), now).decisions).toEqual([]);
    const site = range(8, (n) => slow(`2a02:1:2:${n + 1}::1`, (day) => `user${n}-${day}`));
    expect(decideAll(site, now).decisions).toHaveLength(8);
  });

  test("from a network that somebody logs in from is not", () => {
    const network = range(8, (n) => slow(`9.0.0.${n * 9}`, (day) => `user${n}-${day}`));
    const neighbour = history("9.0.0.200", [hour("2026-11-01T02", 0, { successes: 1 })]);
    expect(decideAll([...network, neighbour], now).decisions).toEqual([]);
  });

  test("at a steady pace is banned, though no two try the same", () => {
    const steady = (n: number) => {
      const hours = DAYS.flatMap((day) =>
        [1, 9, 17].map((h) => hour(`${day}T${String(h).padStart(2, "0")}`, 1)),
      );
      return history(far(n), hours, { userDays: DAYS.map((day) => users(day, { [`user${n}`]: 3 })) });
    };
    expect(decideAll(range(20, steady), now).decisions).toHaveLength(20);
    expect(decideAll(range(19, steady), now).decisions).toEqual([]);
  });

  test("is not what somebody does who mistypes a user that others spray, and gets in or gives up", () => {
    const sprayers = range(30, (n) => slow(far(n), () => "boss"));
    const mistyped = history("8.0.0.1", [hour("2026-11-23T09", 4)], {
      userDays: [users("2026-11-23", { boss: 4 })],
    });
    const owner = slow("8.0.0.2", () => "boss");
    const loggedIn = { ...owner, hours: [...owner.hours, hour("2026-11-23T12", 0, { successes: 1 })] };
    const { of } = decideAll([...sprayers, mistyped, loggedIn], now);
    expect(of(mistyped)).toMatchObject({ action: "watch", rule: "below" });
    expect(of(loggedIn)).toMatchObject({ action: "watch", rule: "below" });
  });

  test.each([
    ["ignoreip", { ignoreip: ["9.3.0.1"] }, "allow"],
    ["shared", { shared: { ...now.policy.shared, networks: ["9.3.0.0/16"] } }, "watch"],
    ["home", { home: ["JP"] }, "report"],
  ])("spares whom the policy spares: %s", (_, changes, action) => {
    const sprayers = range(30, (n) => slow(far(n), () => "boss"));
    const { of } = decideAll(sprayers, context("2026-11-24T00", changes, { "9.3.0.1": "JP" }));
    expect(of(sprayers[3]!)).toMatchObject({ action });
    expect(of(sprayers[4]!)).toMatchObject({ action: "ban" });
  });

  test("ends a bantime after the last attempt", () => {
    const sprayers = range(20, (n) => slow(far(n), () => "boss"));
    expect(decideAll(sprayers, context("2026-11-30T04:59:59Z")).decisions).toHaveLength(20);
    expect(decideAll(sprayers, context("2026-11-30T05")).decisions).toEqual([]);
  });

  test("is banned no shorter for more attempts", () => {
    const more = fc.array(fc.tuple(fc.nat(19), fc.nat(90), fc.integer({ min: 1, max: 6 })), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(more, (extra) => {
        const sprayers = range(20, (n) => slow(far(n), () => "boss"));
        const before = new Map(decideAll(sprayers, now).decisions.map((d) => [d.network, d.until ?? 0]));
        const worse = sprayers.map((one, n) => ({
          ...one,
          hours: [
            ...one.hours,
            ...extra.filter(([who]) => who === n).map(([, h, tries]) => hour(at(DAYS[0]!) + h * 3600, tries)),
          ],
        }));
        const after = new Map(decideAll(worse, now).decisions.map((d) => [d.network, d.until ?? 0]));
        for (const [network, until] of before) expect(after.get(network)).toBeGreaterThanOrEqual(until);
      }),
      { numRuns: 50 },
    );
  });
});
