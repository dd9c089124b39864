import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { HourCount } from "../../functions/count/counter.ts";
import { type BanRule, banOf } from "../../functions/decide/bans.ts";
import { at, hour } from "./factories.ts";

const DAY = 86_400;
const rule: BanRule = {
  findtime: DAY,
  maxretry: 5,
  bantime: 7 * DAY,
  bantimeIncrement: { factor: 2, max: 90 * DAY },
  countProbes: false,
};
const later = at("2027-06-01");

describe("a ban", () => {
  test("begins with the end of the hour in which maxretry is reached", () => {
    const ban = banOf([hour("2026-11-24T02", 4), hour("2026-11-24T09", 1)], rule, later);
    expect(ban).toMatchObject({ until: at("2026-11-24T10") + 7 * DAY, attempts: 5, days: 1 });
  });

  test("needs maxretry", () => {
    expect(banOf([hour("2026-11-24T02", 4)], rule, later)).toBeUndefined();
  });

  test("looks back exactly findtime", () => {
    expect(banOf([hour("2026-11-23T10", 4), hour("2026-11-24T09", 1)], rule, later)).toBeDefined();
    expect(banOf([hour("2026-11-23T09", 4), hour("2026-11-24T09", 1)], rule, later)).toBeUndefined();
  });

  test("counts all hosts together", () => {
    const hours = [1, 2, 3, 4, 5].map((n) => hour("2026-11-24T02", 1, { host: `mx${n}` }));
    expect(banOf(hours, rule, later)?.hosts).toEqual(["mx1", "mx2", "mx3", "mx4", "mx5"]);
  });

  test("doubles with each day that holds a hot hour, up to the maximum", () => {
    const days = [1, 2, 3, 4, 5, 6].map((n) => at(`2026-11-0${n}T05`));
    const lengths = days.map((_, n) => {
      const hours = days.slice(0, n + 1).map((start) => hour(start, 5));
      return (banOf(hours, rule, later)!.until - days[n]! - 3600) / DAY;
    });
    expect(lengths).toEqual([7, 14, 28, 56, 90, 90]);
  });

  test("does not double within a day", () => {
    const ban = banOf([hour("2026-11-24T02", 50), hour("2026-11-24T03", 50)], rule, later);
    expect(ban).toMatchObject({ until: at("2026-11-24T04") + 7 * DAY, days: 1 });
  });

  test("grows past midnight, since the window is still full", () => {
    const ban = banOf([hour("2026-11-24T23", 5), hour("2026-11-25T00", 1)], rule, later);
    expect(ban).toMatchObject({ until: at("2026-11-25T01") + 14 * DAY, days: 2 });
  });

  test("is not shortened by a maximum below bantime", () => {
    const ban = banOf(
      [hour("2026-11-24T02", 5)],
      { ...rule, bantimeIncrement: { factor: 2, max: DAY } },
      later,
    );
    expect(ban?.until).toBe(at("2026-11-24T03") + 7 * DAY);
  });

  test("leaves out hours after now", () => {
    const hours = [hour("2026-11-24T02", 4), hour("2026-11-24T09", 1)];
    expect(banOf(hours, rule, at("2026-11-24T09") - 1)).toBeUndefined();
    expect(banOf(hours, rule, at("2026-11-24T09"))).toBeDefined();
  });

  test("counts probes only when told", () => {
    const hours = [hour("2026-11-24T02", 0, { probes: 5 })];
    expect(banOf(hours, rule, later)).toBeUndefined();
    expect(banOf(hours, { ...rule, countProbes: true }, later)).toBeDefined();
  });
});

describe("for any hours", () => {
  const hours = fc.array(
    fc
      .tuple(
        fc.integer({ min: 0, max: 200 }),
        fc.integer({ min: 0, max: 6 }),
        fc.constantFrom("mx1", "mx2", "mx3"),
      )
      .map(([n, attempts, host]) => hour(at("2026-11-01") + n * 3600, attempts, { host })),
    { maxLength: 40 },
  );
  const anyRule = fc.record({
    findtime: fc.integer({ min: 1, max: 72 }).map((n) => n * 3600),
    maxretry: fc.integer({ min: 1, max: 12 }),
    bantime: fc.integer({ min: 60, max: 10 * DAY }),
    bantimeIncrement: fc.record({
      factor: fc.constantFrom(1, 1.5, 2, 3),
      max: fc.integer({ min: 60, max: 90 * DAY }),
    }),
    countProbes: fc.constant(false),
  });
  const until = (counts: HourCount[], by: BanRule) => banOf(counts, by, later)?.until ?? 0;

  test("the formula of the design, taken literally, gives the same", () => {
    fc.assert(
      fc.property(hours, anyRule, (counts, by) => {
        expect(until(counts, by)).toBe(byTheBook(counts, by));
      }),
    );
  });

  test("more attempts never shorten a ban", () => {
    fc.assert(
      fc.property(hours, hours, anyRule, (counts, more, by) => {
        expect(until([...counts, ...more], by)).toBeGreaterThanOrEqual(until(counts, by));
      }),
    );
  });

  test("order and host do not matter", () => {
    fc.assert(
      fc.property(hours, anyRule, (counts, by) => {
        const shuffled = [...counts].reverse().map((counted) => ({ ...counted, host: "mx9" }));
        expect(until(shuffled, by)).toBe(until(counts, by));
      }),
    );
  });
});

/** Quadratic, hour by hour, as docs and design word it. */
function byTheBook(hours: HourCount[], by: BanRule): number {
  const within = (end: number) =>
    hours.filter((h) => h.hour < end && h.hour >= end - by.findtime).reduce((sum, h) => sum + h.attempts, 0);
  const hot = hours.filter((h) => h.attempts > 0 && within(h.hour + 3600) >= by.maxretry).map((h) => h.hour);
  return hot.reduce((latest, h) => {
    const n = new Set(hot.filter((other) => other <= h).map((other) => Math.floor(other / DAY))).size;
    const cap = Math.max(by.bantimeIncrement.max, by.bantime);
    const length = Math.min(by.bantime * by.bantimeIncrement.factor ** (n - 1), cap);
    return Math.max(latest, h + 3600 + Math.round(length));
  }, 0);
}
