import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AddressHistory, HourCount, UserDay } from "../../functions/count/counter.ts";
import { decideAddress } from "../../functions/decide/decide.ts";
import { at, context, history, hour, users } from "./factories.ts";

const OFFICE = "203.0.113.80";
const now = context("2026-11-24T20");

function decide(
  hours: HourCount[],
  userDays: UserDay[],
  changes: object = {},
  more: Partial<AddressHistory> = {},
) {
  return decideAddress(history(OFFICE, hours, { userDays, ...more }), {
    ...now,
    ...context("2026-11-24T20", changes),
  });
}

describe("an address that users log in from", () => {
  test("is allowed whatever its own users fail at: a phone with yesterday's password", () => {
    const hours = [hour("2026-11-24T08", 0, { successes: 9 }), hour("2026-11-24T12", 400)];
    expect(decide(hours, [users("2026-11-24", { bob: 400 }, { alice: 5, bob: 4 })])).toMatchObject({
      action: "allow",
      rule: "allowAfterSuccess",
      reason:
        "400 failed logins within 24 h, but 2 users log in from 203.0.113.80 properly, last on 2026-11-24, and on no day were more than 50 attempts or 5 users others'",
    });
  });

  test("is allowed too where the phone failed before its owner logged in", () => {
    const hours = [hour("2026-11-24T02", 90), hour("2026-11-24T08", 0, { successes: 1 })];
    expect(decide(hours, [users("2026-11-24", { bob: 90 }, { bob: 1 })])).toMatchObject({ action: "allow" });
  });

  test("may try other users up to the ceilings, and no further", () => {
    const others = (count: number, attempts: number) => {
      const names = Object.fromEntries(Array.from({ length: count }, (_, n) => [`user${n}`, 1]));
      return decide(
        [hour("2026-11-24T08", 0, { successes: 60 }), hour("2026-11-24T12", attempts)],
        [users("2026-11-24", names, { alice: 60 })],
      );
    };
    expect(others(5, 50)).toMatchObject({ action: "allow" });
    expect(others(6, 50)).toMatchObject({ action: "ban" });
    expect(others(5, 51)).toMatchObject({
      action: "ban",
      rule: "maxretry",
      reason:
        "51 failed logins at users who never logged in from there at 1 host within 24 h (limit 5); banned until 2026-12-01T13:00:00Z",
    });
  });

  test("counts users that rows did not keep", () => {
    const hours = [hour("2026-11-24T08", 0, { successes: 60 }), hour("2026-11-24T12", 40)];
    expect(decide(hours, [users("2026-11-24", { alice: 20 }, { alice: 60 }, 40)])).toMatchObject({
      action: "ban",
    });
  });

  test("has ceilings by day: what was on other days does not add up", () => {
    const days = ["2026-11-21", "2026-11-22", "2026-11-23"];
    const hours = days.flatMap((day) => [hour(`${day}T08`, 0, { successes: 60 }), hour(`${day}T12`, 40)]);
    expect(
      decide(
        hours,
        days.map((day) => users(day, { eve: 40 }, { alice: 60 })),
      ),
    ).toMatchObject({ action: "allow" });
  });

  test("is banned longer for each further day above the ceilings", () => {
    const days = ["2026-11-22", "2026-11-23", "2026-11-24"];
    const hours = days.flatMap((day) => [hour(`${day}T08`, 0, { successes: 200 }), hour(`${day}T12`, 60)]);
    expect(
      decide(
        hours,
        days.map((day) => users(day, { eve: 60 }, { alice: 200 })),
      ),
    ).toMatchObject({
      action: "ban",
      until: at("2026-11-24T13") + 28 * 86_400,
    });
  });

  test("is not a friend for ever", () => {
    const hours = [hour("2026-10-20T08", 0, { successes: 9 }), hour("2026-11-24T12", 10)];
    const days = [users("2026-10-20", {}, { alice: 9 }), users("2026-11-24", { eve: 10 })];
    expect(decide(hours, days)).toMatchObject({ action: "ban" });
    expect(
      decide(hours, days, { allowAfterSuccess: { for: 60 * 86_400, maxPerDay: 50, maxUsersPerDay: 5 } }),
    ).toMatchObject({ action: "allow" });
  });

  test("is believed though the log does not name users", () => {
    const hours = [hour("2026-11-24T08", 0, { successes: 9 }), hour("2026-11-24T12", 10)];
    expect(decide(hours, [])).toMatchObject({ action: "allow" });
  });
});

describe("a guessed password", () => {
  const guesses = users("2026-11-24", { root: 4, admin: 3, carol: 2 }, { carol: 1 });

  test("does not lift the ban", () => {
    const hours = [hour("2026-11-24T02", 9), hour("2026-11-24T03", 0, { successes: 1 })];
    expect(decide(hours, [guesses])).toMatchObject({
      action: "ban",
      reason:
        "9 failed logins at 1 host within 24 h (limit 5); a password was guessed; banned until 2026-12-01T03:00:00Z",
    });
  });

  test("is seen within one hour too", () => {
    expect(decide([hour("2026-11-24T02", 9, { successes: 1 })], [guesses])).toMatchObject({ action: "ban" });
  });

  test("is never seen where somebody logged in before", () => {
    const hours = [hour("2026-11-23T02", 0, { successes: 1 }), hour("2026-11-24T02", 9, { successes: 1 })];
    expect(decide(hours, [users("2026-11-23", {}, { alice: 1 }), guesses])).toMatchObject({
      action: "allow",
    });
  });

  test("is never seen at one user alone", () => {
    const hours = [hour("2026-11-24T02", 900), hour("2026-11-24T03", 0, { successes: 1 })];
    expect(decide(hours, [users("2026-11-24", { carol: 900 }, { carol: 1 })])).toMatchObject({
      action: "allow",
    });
  });

  test("is not what a busy office's first morning looks like", () => {
    const hours = [hour("2026-11-24T08", 20, { successes: 30 }), hour("2026-11-24T09", 4, { successes: 40 })];
    const day = users("2026-11-24", { bob: 18, alcie: 3, blob: 3 }, { alice: 40, bob: 30 });
    expect(decide(hours, [day])).toMatchObject({ action: "allow" });
  });

  test("is seen though the account then sends all day", () => {
    const hours = [hour("2026-11-24T02", 30), hour("2026-11-24T03", 0, { successes: 500 })];
    const day = (tried: number) => users("2026-11-24", { root: 3, admin: 2 }, { carol: 500 }, tried);
    expect(decide(hours, [day(30)])).toMatchObject({ action: "ban", rule: "maxretry" });
    expect(decide(hours, [day(4)])).toMatchObject({ action: "allow" });
  });

  test("is not what a carrier's few customers look like, though somebody guesses behind the same address", () => {
    const hours = [hour("2026-11-24T00", 200), hour("2026-11-24T08", 0, { successes: 5 })];
    const logins = { a: 1, b: 1, c: 1, d: 1, e: 1 };
    const day = (tried: number) => users("2026-11-24", { root: 100, admin: 100 }, logins, tried);
    expect(decide(hours, [day(200)])).toMatchObject({ action: "allow", rule: "shared" });
    expect(decide(hours, [day(250)])).toMatchObject({ action: "ban", rule: "maxretry" });
  });

  test("is not what one host tells of who mistyped at another before the first login", () => {
    const hours = [
      hour("2026-11-22T02", 30, { host: "liar" }),
      hour("2026-11-23T08", 8, { successes: 1 }),
      hour("2026-11-24T08", 0, { successes: 1 }),
    ];
    const lie = users("2026-11-22", { root: 15, admin: 15 });
    const days = [
      lie,
      users("2026-11-23", { alice: 8 }, { alice: 1 }),
      users("2026-11-24", {}, { alice: 1 }),
    ];
    expect(decide(hours, days)).toMatchObject({ action: "allow" });
    expect(decide(hours.slice(0, 2), days.slice(0, 2))).toMatchObject({ action: "allow", rule: "otherHost" });
  });
});

describe("one host's word", () => {
  test("does not outweigh proper logins that another saw", () => {
    const hours = [hour("2026-11-24T02", 5000, { host: "liar" }), hour("2026-11-24T08", 0, { successes: 1 })];
    expect(decide(hours, [users("2026-11-24", { a: 2500, b: 2500 }, { alice: 1 })])).toMatchObject({
      action: "allow",
      rule: "otherHost",
      reason: "only liar tells of that many failed logins, and users log in properly at mx1",
    });
  });

  test("does where it is all there is, or where a second host agrees", () => {
    const alone = [hour("2026-11-24T02", 50, { host: "mx2" })];
    expect(decide(alone, [users("2026-11-24", { a: 50 })])).toMatchObject({ action: "ban" });
    const both = [
      ...alone,
      hour("2026-11-24T03", 50),
      hour("2026-11-24T08", 0, { host: "mx3", successes: 1 }),
    ];
    expect(decide(both, [users("2026-11-24", { a: 50, b: 50 }, { alice: 1 })])).toMatchObject({
      action: "ban",
    });
  });
});

describe("an address that many share", () => {
  const office = (
    attempts: number,
    day = users("2026-11-24", { eve: attempts }, { alice: 5, bob: 4, carol: 3 }),
  ) => decide([hour("2026-11-24T08", 0, { successes: 12 }), hour("2026-11-24T17", attempts)], [day]);

  test("has a limit of its own, and a short ban", () => {
    expect(office(499)).toMatchObject({
      action: "allow",
      rule: "shared",
      reason:
        "499 failed logins within 24 h, but 3 users log in from 203.0.113.80: limit 500 at users who never logged in from there",
    });
    expect(office(500)).toMatchObject({ action: "allow" });
    expect(
      decide(
        [hour("2026-11-24T19", 500, { successes: 12 })],
        [users("2026-11-24", {}, { a: 1, b: 1, c: 1 })],
      ),
    ).toMatchObject({
      action: "ban",
      rule: "shared",
      until: at("2026-11-24T21"),
    });
  });

  test("does not count its own users' attempts towards it", () => {
    expect(
      decide(
        [hour("2026-11-24T19", 5000, { successes: 12 })],
        [users("2026-11-24", { a: 4900 }, { a: 1, b: 1, c: 1 })],
      ),
    ).toMatchObject({
      action: "allow",
    });
  });

  test("may be given, though nobody is known to log in from there", () => {
    const changes = {
      shared: { networks: ["203.0.113.0/24"], starter: [], users: 3, maxretry: 500, bantime: 3600 },
    };
    expect(decide([hour("2026-11-24T19", 499)], [], changes)).toMatchObject({
      action: "allow",
      rule: "shared",
    });
    expect(decide([hour("2026-11-24T19", 500)], [], changes)).toMatchObject({
      action: "ban",
      rule: "shared",
    });
  });
});

describe("one host's lie", () => {
  const phone = { alice: 40 };
  const lie = { root: 30, admin: 30, bob: 9, eve: 9 };
  const tellers = {
    triedBy: new Map([
      ["mx1", new Map(Object.entries(phone))],
      ["liar", new Map(Object.entries(lie))],
    ]),
  };
  const hours = [
    hour("2026-11-23T09", 0, { successes: 2 }),
    hour("2026-11-24T09", 40, { successes: 1 }),
    hour("2026-11-24T09", 78, { host: "liar" }),
  ];
  const days = (known: object) => [
    users("2026-11-23", {}, { alice: 2 }),
    { ...users("2026-11-24", { ...phone, ...lie }, { alice: 1 }), ...known },
  ];

  test("bans no friend whose own phone fails all day", () => {
    expect(decide(hours, days(tellers))).toMatchObject({ action: "allow", rule: "otherHost" });
  });

  test("does where nobody knows which host told what: attempts at all count then", () => {
    expect(decide(hours, days({}))).toMatchObject({ action: "ban", rule: "maxretry" });
  });
});

describe("for any address with users", () => {
  const NAMES = ["alice", "bob", "root", "admin", "eve", "mail", "info", "test"];
  const event = fc.record({
    hour: fc.integer({ min: 0, max: 80 }),
    host: fc.constantFrom("mx1", "mx2"),
    user: fc.constantFrom(...NAMES),
    attempts: fc.integer({ min: 1, max: 30 }),
  });
  const success = fc.record({ hour: fc.integer({ min: 0, max: 80 }), user: fc.constantFrom("alice", "bob") });
  type Event = { hour: number; host: string; user: string; attempts: number };

  function told(events: Event[], successes: { hour: number; user: string }[]): AddressHistory {
    const start = at("2026-11-20");
    const hours = [
      ...events.map(({ hour: n, host, attempts }) => hour(start + n * 3600, attempts, { host })),
      ...successes.map(({ hour: n }) => hour(start + n * 3600, 0, { successes: 1 })),
    ].sort((a, b) => a.hour - b.hour);
    const days = [0, 1, 2, 3].map((n): UserDay => {
      const today = <T extends { hour: number }>(all: T[]) =>
        all.filter((one) => Math.floor(one.hour / 24) === n);
      const sum = (all: { user: string; count: number }[]) => {
        const sums = new Map<string, number>();
        for (const { user, count } of all) sums.set(user, (sums.get(user) ?? 0) + count);
        return sums;
      };
      const tried = sum(today(events).map(({ user, attempts }) => ({ user, count: attempts })));
      const succeeded = sum(today(successes).map(({ user }) => ({ user, count: 1 })));
      const byHost = Map.groupBy(today(events), ({ host }) => host);
      const triedBy = new Map(
        [...byHost].map(([host, own]) => [
          host,
          sum(own.map(({ user, attempts }) => ({ user, count: attempts }))),
        ]),
      );
      return { day: start + n * 86_400, tried, triedBy, triedCount: tried.size, succeeded };
    });
    return history(OFFICE, hours.length > 0 ? hours : [hour(start, 0)], { userDays: days });
  }

  test("more attempts never shorten a ban", () => {
    const events = fc.array(event, { maxLength: 12 });
    fc.assert(
      fc.property(events, events, fc.array(success, { maxLength: 6 }), (some, more, successes) => {
        const until = (all: Event[]) => decideAddress(told(all, successes), now).until ?? 0;
        expect(until([...some, ...more])).toBeGreaterThanOrEqual(until(some));
      }),
      { numRuns: 500 },
    );
  });
});
