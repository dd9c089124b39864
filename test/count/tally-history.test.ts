import fc from "fast-check";
import { expect, test } from "vitest";
import type { AddressHistory, UserDay } from "../../functions/count/counter.ts";
import { addCounts, historyOf, NOTHING } from "../../functions/count/history.ts";
import { historiesOf } from "../../functions/count/scan-histories.ts";
import { addEvent, createTally } from "../../functions/count/tally.ts";
import { historyOfTallies, type TallyPart } from "../../functions/count/tally-history.ts";
import { addressesOf } from "../../functions/count/tally-order.ts";
import { type RowContext, rowsOfAddress } from "../../functions/count/tally-rows.ts";
import { AddressBook } from "../../functions/parse/address-book.ts";
import type { LoginEvent } from "../../functions/parse/event.ts";
import { AT, failure } from "./factories.ts";

const event = fc
  .record({
    hour: fc.nat(80),
    outcome: fc.constantFrom("failure", "success"),
    kind: fc.constantFrom("auth", "probe"),
    daemon: fc.constantFrom("dovecot", "postfix"),
    evidence: fc.constantFrom("login", "auth", "summary"),
    service: fc.constantFrom("imap", "pop3", "auth"),
    ip: fc.constantFrom("192.0.2.7", "192.0.2.8"),
    user: fc.constantFrom("a", "b", "c", undefined),
    attempts: fc.constantFrom(1, 2, 3, 2 ** 31),
  })
  .map(
    ({ hour, ...rest }): LoginEvent => failure({ at: AT + hour * 1800, ...(rest as Partial<LoginEvent>) }),
  );

const log = fc.record({
  name: fc.constantFrom("maillog", "auth.log"),
  host: fc.constantFrom("mx1", "mx2"),
  events: fc.array(event, { maxLength: 30 }),
  most: fc.constantFrom(1, 4, undefined),
});

test("a history from tallies is the one that their rows give", () => {
  fc.assert(
    fc.property(fc.array(log, { minLength: 1, maxLength: 4 }), (logs) => {
      const addresses = new AddressBook();
      const parts = logs.map((log) => partOf(log, addresses));
      for (let number = 0; number < addresses.size; number++) {
        const ip = addresses.addressOf(number);
        const seen = parts.filter(({ tally }) => addressesOf(tally).includes(number));
        const rows = seen.flatMap(({ tally, context }) => [...rowsOfAddress(tally, ip, context)]);
        const view = historyOfTallies(number, seen);
        const { sums, ...history } = whole(view);
        expect(history).toEqual(historyOf(ip, rows));
        for (const { day, tried } of view.triedSince ? history.userDays : [])
          expect(triedOn(view, day, day).sort()).toEqual([...tried.keys()].sort());
        const counts = history.hours.reduce(addCounts, NOTHING);
        expect(sums).toMatchObject({ ...counts, hours: history.hours.length });
      }
    }),
  );
});

test("each address has one history, of all parts that hold something of it, packed or not", () => {
  fc.assert(
    fc.property(fc.array(log, { maxLength: 6 }), fc.constantFrom(0, undefined), (logs, most) => {
      const addresses = new AddressBook();
      // one that nobody tells of, before and behind the others
      addresses.numberOf("198.51.100.1");
      const parts = logs.map((log) => partOf(log, addresses));
      addresses.numberOf("198.51.100.2");
      const wanted = ["192.0.2.7", "192.0.2.8"].map((ip) =>
        historyOf(
          ip,
          parts.flatMap(({ tally, context }) => rowsOfAddress(tally, ip, context)),
        ),
      );
      const told = [...historiesOf(parts, addresses.size, most)].map(whole).map(({ sums, ...rest }) => rest);
      const byAddress = (a: { ip: string }, b: { ip: string }) => (a.ip < b.ip ? -1 : 1);
      expect(told.sort(byAddress)).toEqual(wanted.filter(({ hours }) => hours.length > 0));
    }),
  );
});

test("of many users that were tried on a day a history from tallies names those that a row would", () => {
  const tally = createTally("maillog");
  const tries = Array.from({ length: 120 }, (_, n) => `user${(n * n) % 59}`);
  for (const [n, user] of tries.entries()) addEvent(tally, failure({ at: AT + n * 60, user }));
  const { context } = partOf({ name: "maillog", host: "mx1", events: [] }, tally.addresses);
  const view = historyOfTallies(0, [{ tally, context }]);
  const [{ day, tried, triedCount }] = view.userDays as [UserDay];
  expect(triedCount).toBeGreaterThan(16);
  expect(triedOn(view, day)).toEqual([...tried.keys()]);
  expect(triedOn(view, day - 86_400)).toEqual([]);
});

test("users are told of each day by itself, from a midnight on", () => {
  const tally = createTally("maillog");
  const tries = ["ann", "bob", "ann"].map((user, n) => failure({ at: AT + n * 86_400, user }));
  const many = Array.from({ length: 40 }, (_, n) => failure({ at: AT + 86_400, user: `user${n}` }));
  for (const one of [...tries, ...many, ...many.slice(0, 20)]) addEvent(tally, one);
  const { context } = partOf({ name: "maillog", host: "mx1", events: [] }, tally.addresses);
  const view = historyOfTallies(0, [{ tally, context }]);
  const days = view.userDays.map(({ day }) => day);
  for (const since of days)
    for (const { day, tried } of view.userDays)
      expect(triedOn(view, day, since)).toEqual(day < since ? [] : [...tried.keys()]);
});

test("users are told by the numbers that each who asks gives them, also when there are more of them", () => {
  const tally = createTally("maillog");
  const { context } = partOf({ name: "maillog", host: "mx1", events: [] }, tally.addresses);
  addEvent(tally, failure({ at: AT, user: "ann" }));
  const view = () => historyOfTallies(0, [{ tally, context }]);
  const day = AT - (AT % 86_400);
  const one = (user: string) => ["ann", "bob"].indexOf(user);
  expect(numbersOn(view(), day, one)).toEqual([0]);
  expect(numbersOn(view(), day, () => 7)).toEqual([7]);
  addEvent(tally, failure({ at: AT, user: "bob" }));
  expect(numbersOn(view(), day, one)).toEqual([0, 1]);
});

/** @param since the midnight from which on is asked */
function triedOn(view: AddressHistory, day: number, since = 0): string[] {
  const names: string[] = [];
  return numbersOn(view, day, (name) => names.push(name) - 1, since).map((number) => names[number]!);
}

function numbersOn(
  view: AddressHistory,
  day: number,
  numberOf: (user: string) => number,
  since = 0,
): number[] {
  const told = view.triedSince!(since, numberOf)!;
  return told.user.slice(0, told.size).filter((_, at) => told.day[at] === day);
}

/** Each member asked for. */
function whole(view: AddressHistory): AddressHistory {
  const { ip, hours, userDays, services, users, first, last, firstSuccess, sums } = view;
  return { ip, hours, userDays, services, users, first, last, firstSuccess, sums };
}

function partOf(
  {
    name,
    host,
    events,
    most,
  }: { name: string; host: string; events: LoginEvent[]; most?: number | undefined },
  addresses: AddressBook,
): TallyPart {
  const tally = createTally(name, addresses, undefined, most);
  for (const one of events) addEvent(tally, one);
  const context: RowContext = {
    ...{ host, fingerprint: "0123456789abcdef", start: 0, end: 9, parser: "1", retentionDays: 0 },
    nameUser: (user) => user,
  };
  return { tally, context };
}
