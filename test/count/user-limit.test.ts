import { expect, test } from "vitest";
import { userAt } from "../../functions/count/entries.ts";
import { NameBook, USERS_TRACKED } from "../../functions/count/name-book.ts";
import { limitUsers } from "../../functions/count/user-limit.ts";
import { codeOf, WHAT } from "../../functions/parse/login.ts";
import { codeAndUser, eventsAndSpan, WIDTH } from "../../functions/parse/login-entry.ts";

const DAY = 86_400;
const TRIED = codeOf("dovecot", "imap", "login", WHAT.ATTEMPT);
const GOT_IN = codeOf("dovecot", "imap", "login", WHAT.SUCCESS);

test("of many users of a day those with the lowest hashes are kept", () => {
  const { book, users } = bookOf(Array.from({ length: 1000 }, (_, n) => `user${n}`));
  const lowest = users.toSorted((a, b) => book.hashOf(a) - book.hashOf(b)).slice(0, USERS_TRACKED);
  expect(kept(book, [{ code: TRIED, day: 3, users }])).toEqual([lowest.toSorted((a, b) => a - b)]);
});

test("each day's users, and those who failed and those who got in, are bounded each for themselves", () => {
  const { book, users } = bookOf(Array.from({ length: 600 }, (_, n) => `user${n}`));
  const few = users.slice(0, USERS_TRACKED);
  const groups = [
    { code: TRIED, day: 3, users: few },
    { code: GOT_IN, day: 3, users },
    { code: TRIED, day: 4, users: users.slice(0, 10) },
    { code: TRIED, day: 5, users },
  ];
  const [tried, gotIn, next, last] = kept(book, groups) as [number[], number[], number[], number[]];
  expect(tried).toEqual(few);
  expect(gotIn).toHaveLength(USERS_TRACKED);
  expect(next).toEqual(users.slice(0, 10));
  expect(last).toEqual(gotIn);
});

test("whoever tried a user again tried one user", () => {
  const { book, users } = bookOf(Array.from({ length: USERS_TRACKED }, (_, n) => `user${n}`));
  expect(kept(book, [{ code: TRIED, day: 3, users: [...users, ...users] }])).toEqual([[...users, ...users]]);
  expect(limitUsers(book)(entriesOf([{ code: TRIED, day: 3, users }]), 0, users.length)).toBe(false);
});

test.each([
  ["costarring", "liquid"],
  ["liquid", "costarring"],
])("of names with the same hash the first is kept: %s before %s", (...pair) => {
  const [costarring] = bookOf(pair).users as [number];
  const hash = bookOf(pair).book.hashOf(costarring);
  const names = Array.from({ length: 5000 }, (_, n) => `user${n}`);
  const { book: all, users: numbers } = bookOf(names);
  const lower = names.filter((_, at) => all.hashOf(numbers[at]!) < hash).slice(0, USERS_TRACKED - 1);
  const { book, users } = bookOf([...lower, ...pair]);
  expect(new Set(users.slice(-2).map((user) => book.hashOf(user)))).toEqual(new Set([hash]));
  const [tried] = kept(book, [{ code: TRIED, day: 3, users }]) as [number[]];
  expect(tried.map((user) => book.nameOf(user)).sort()).toEqual([...lower, "costarring"].sort());
});

interface Group {
  code: number;
  day: number;
  users: readonly number[];
}

function bookOf(names: readonly string[]) {
  const book = new NameBook();
  return { book, users: names.map((name) => book.numberOf(name, false)) };
}

/** The users that are left of each group's. */
function kept(book: NameBook, groups: readonly Group[]): number[][] {
  const values = entriesOf(groups);
  limitUsers(book)(values, 0, values.length / WIDTH);
  let at = 0;
  return groups.map(({ users }) => {
    const left = users.map(() => userAt(values, at++ * WIDTH));
    return left.filter((user) => user > 0);
  });
}

function entriesOf(groups: readonly Group[]): Uint32Array {
  return Uint32Array.from(
    groups.flatMap(({ code, day, users }) =>
      users.flatMap((user) => [0, codeAndUser(code, user), 1, day * DAY, eventsAndSpan(1, 0)]),
    ),
  );
}
