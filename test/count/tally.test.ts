import { expect, test } from "vitest";
import { addTallies } from "../../functions/count/add-tallies.ts";
import { type NameBook, USERS_TRACKED } from "../../functions/count/name-book.ts";
import { addEvent, createTally, daemonsOf } from "../../functions/count/tally.ts";
import { hasRow, rowNames, rowsOf } from "../../functions/count/tally-rows.ts";
import type { AddressBook } from "../../functions/parse/address-book.ts";
import type { LoginEvent } from "../../functions/parse/event.ts";
import { AT, failure, success } from "./factories.ts";

const CONTEXT = {
  host: "mx1",
  fingerprint: "0123456789abcdef",
  start: 0,
  end: 500,
  parser: "1",
  retentionDays: 97,
  nameUser: (user: string) => `<${user}>`,
};

test("a row per address and day, a cell per hour, service and evidence", () => {
  const rows = rowsFrom([
    failure({ attempts: 3 }),
    failure({ attempts: 2 }),
    failure({ service: "pop3" }),
    failure({ evidence: "auth" }),
    failure({ kind: "probe" }),
    failure({ at: AT + 86_400 }),
    failure({ ip: "198.51.100.9" }),
    success(),
  ]);
  expect(rows.map((row) => [row.day, row.ip])).toEqual([
    ["2026-11-24", "192.0.2.7"],
    ["2026-11-25", "192.0.2.7"],
    ["2026-11-24", "198.51.100.9"],
  ]);
  expect(rows[0]!.cells).toEqual([
    {
      hour: 2,
      daemon: "dovecot",
      service: "pop3",
      evidence: "login",
      logName: "maillog",
      attempts: 1,
      events: 1,
      probes: 0,
      successes: 0,
    },
    {
      hour: 2,
      daemon: "dovecot",
      service: "imap",
      evidence: "login",
      logName: "maillog",
      attempts: 5,
      events: 2,
      probes: 1,
      successes: 1,
    },
    {
      hour: 2,
      daemon: "dovecot",
      service: "imap",
      evidence: "auth",
      logName: "maillog",
      attempts: 1,
      events: 1,
      probes: 0,
      successes: 0,
    },
  ]);
});

test("a row expires a retention after the end of its day, whenever it was counted", () => {
  expect(new Date(rowsFrom([failure()])[0]!.expires * 1000).toISOString()).toBe("2027-03-02T00:00:00.000Z");
});

test("a user tried by a login process and its auth worker was tried once", () => {
  const [row] = rowsFrom([
    failure({ attempts: 2 }),
    failure({ evidence: "auth" }),
    failure({ evidence: "auth" }),
  ]);
  expect(row!.users).toEqual({ "<alice>": 2 });
});

test("of many users the most tried are kept, and how many there were", () => {
  const events = Array.from({ length: 300 }, (_, n) =>
    failure({ user: `u${n}`, attempts: n < 20 ? n + 1 : 1 }),
  );
  const [row] = rowsFrom(events);
  expect(Object.keys(row!.users)).toHaveLength(16);
  expect(row!.users["<u19>"]).toBe(20);
  expect(row!.userCount).toBe(USERS_TRACKED);
});

test("a name of any length is kept short, and still one user's", () => {
  const long = "x".repeat(60_000);
  const [row] = [
    ...rowsOf(tallyOf([failure({ user: long }), failure({ user: long }), failure({ user: `${long}y` })]), {
      ...CONTEXT,
      nameUser: (user) => user,
    }),
  ];
  expect(Object.values(row!.users).sort()).toEqual([1, 2]);
  for (const name of Object.keys(row!.users)) expect(name).toMatch(/^x{111}~[0-9a-f]{16}$/);
});

test("a tally tells which rows it has", () => {
  const tally = tallyOf([failure(), failure({ at: AT + 86_400, ip: "198.51.100.9" })]);
  expect([...rowNames(tally)]).toEqual([
    { day: "2026-11-24", ip: "192.0.2.7" },
    { day: "2026-11-25", ip: "198.51.100.9" },
  ]);
  expect(hasRow(tally, { day: "2026-11-25", ip: "198.51.100.9" })).toBe(true);
  expect(hasRow(tally, { day: "2026-11-24", ip: "198.51.100.9" })).toBe(false);
});

test("a user named __proto__ is a user", () => {
  const [row] = [
    ...rowsOf(tallyOf([failure({ user: "__proto__" })]), { ...CONTEXT, nameUser: (user) => user }),
  ];
  expect(Object.entries(row!.users)).toEqual([["__proto__", 1]]);
});

test("when users first got in is kept", () => {
  const [row] = rowsFrom([success({ at: AT + 60 }), success({ at: AT + 30 }), failure()]);
  expect(row).toMatchObject({
    first: AT,
    last: AT + 60,
    firstSuccess: AT + 30,
    successUsers: { "<alice>": 2 },
  });
});

test("a line of more attempts than a number holds tells of as many as it holds, and others add to them", () => {
  const [row] = rowsFrom([failure({ attempts: 9_999_999_999 }), failure()]);
  expect(row!.cells[0]!.attempts).toBe(2 ** 32);
});

test("a tally that was read takes more events, even if it was empty", () => {
  const tally = createTally("maillog");
  expect([...rowNames(tally)]).toEqual([]);
  for (let n = 0; n < 5000; n++) {
    addEvent(tally, failure({ ip: `198.51.100.${n % 200}` }));
    if (n % 1000 === 0) expect([...rowNames(tally)]).toHaveLength(Math.min(n + 1, 200));
  }
  const rows = [...rowsOf(tally, CONTEXT)];
  expect(rows.flatMap(({ cells }) => cells).reduce((sum, { attempts }) => sum + attempts, 0)).toBe(5000);
});

function tallyOf(events: LoginEvent[], addresses?: AddressBook, users?: NameBook, most?: number) {
  const tally = createTally("maillog", addresses, users, most);
  for (const event of events) addEvent(tally, event);
  return tally;
}

function rowsFrom(events: LoginEvent[]) {
  return [...rowsOf(tallyOf(events), CONTEXT)];
}

test("of two tallies added up each user keeps what is his", () => {
  const all = [
    failure({ user: "ann" }),
    success({ user: "bob" }),
    failure({ user: "carl", ip: "192.0.2.9" }),
    success({ user: "ann" }),
    failure({ user: "bob", at: AT + 60 }),
  ];
  const whole = [...rowsOf(tallyOf(all), CONTEXT)];
  // in a book of its own its users have other numbers
  for (const isShared of [false, true]) {
    const first = tallyOf(all.slice(0, 2));
    const second = tallyOf(all.slice(2), first.addresses, isShared ? first.users : undefined);
    addTallies(first, [second]);
    expect([...rowsOf(first, CONTEXT)]).toEqual(whole);
    expect([...rowsOf(second, CONTEXT)]).toEqual([]);
  }
});

test("a tally that packs what it has no room for has the same rows", () => {
  const users = Array.from({ length: 700 }, (_, n) => `user${n}`);
  const events = Array.from({ length: 2500 }, (_, n) => {
    const ip = n % 3 === 0 ? "192.0.2.7" : `198.51.100.${(n * 7) % 250}`;
    const event = { at: AT + ((n * 37) % 60) * 1800, ip, user: users[(n * 11) % 700]! };
    return n % 5 === 0 ? success(event) : failure(event);
  });
  const whole = [...rowsOf(tallyOf(events), CONTEXT)];
  expect(whole.map(({ userCount }) => userCount)).toContain(USERS_TRACKED);
  // 1: more than 64 packs, so two levels of them become one
  for (const most of [1, 50, 2000]) {
    const tally = tallyOf(events, undefined, undefined, most);
    expect(tally.packs.length).toBeGreaterThan(0);
    expect([...rowsOf(tally, CONTEXT)]).toEqual(whole);
    expect([...rowNames(tally)]).toEqual(whole.map(({ day, ip }) => ({ day, ip })));
    expect(hasRow(tally, { day: whole[0]!.day, ip: "203.0.113.1" })).toBe(false);
    expect(daemonsOf(tally)).toEqual(["dovecot"]);
  }
});

test("tallies are added up whether they are packed or not, and whoever numbers their users", () => {
  const all = Array.from({ length: 900 }, (_, n) => {
    const event = { at: AT + n * 60, ip: `198.51.100.${n % 20}`, user: `user${(n * 7) % 90}` };
    return n % 4 === 0 ? success(event) : failure(event);
  });
  const whole = [...rowsOf(tallyOf(all), CONTEXT)];
  for (const isShared of [false, true]) {
    for (const sizes of [
      [20, 20],
      [20, undefined],
      [undefined, 20],
    ]) {
      const first = tallyOf(all.slice(0, 300), undefined, undefined, sizes[0]);
      const users = isShared ? first.users : undefined;
      const others = [all.slice(300, 700), all.slice(700)].map((events) =>
        tallyOf(events, first.addresses, users, sizes[1]),
      );
      addTallies(first, others);
      expect([...rowsOf(first, CONTEXT)]).toEqual(whole);
      expect(first.events).toBe(900);
      for (const other of others) expect([...rowsOf(other, CONTEXT)]).toEqual([]);
    }
  }
});

test("tallies that are added to a full one fill packs together", () => {
  const all = Array.from({ length: 400 }, (_, n) =>
    failure({ at: AT + n * 3600, ip: `198.51.100.${n % 20}` }),
  );
  const first = tallyOf(all.slice(0, 10), undefined, undefined, 100);
  const others = Array.from({ length: 39 }, (_, n) =>
    tallyOf(all.slice(10 * n + 10, 10 * n + 20), first.addresses, first.users, 100),
  );
  addTallies(first, others);
  expect([...rowsOf(first, CONTEXT)]).toEqual([...rowsOf(tallyOf(all), CONTEXT)]);
  expect(first.packs).toHaveLength(4);
});
