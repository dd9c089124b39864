import fc from "fast-check";
import { expect, test } from "vitest";
import { eventsAt, lastAt } from "../../functions/count/entries.ts";
import { putInOrder } from "../../functions/count/entry-order.ts";
import { codeAndUser, eventsAndSpan, MOST_EVENTS, WIDTH } from "../../functions/parse/login-entry.ts";

type Entry = [
  address: number,
  codeAndUser: number,
  attempts: number,
  events: number,
  first: number,
  last: number,
];

function numbersOf([address, codeAndUser, attempts, events, first, last]: Entry): number[] {
  return [address, codeAndUser, attempts, first, eventsAndSpan(events, last - first)];
}

function entryAt(values: Uint32Array, at: number): Entry {
  const [address, codeAndUser, attempts, first] = values.subarray(at) as unknown as [
    number,
    number,
    number,
    number,
  ];
  return [address, codeAndUser, attempts, eventsAt(values, at), first, lastAt(values, at)];
}

test("entries of one address, hour, code and user are one", () => {
  const alone: Entry[] = [
    [0, codeAndUser(3, 2), 1, 1, 7300, 7300],
    [0, codeAndUser(3, 2), 1, 1, 3599, 3599],
    [0, codeAndUser(2, 9), 1, 1, 7400, 7400],
  ];
  const twice: Entry[] = [
    [2, codeAndUser(3, 1), 4, 2, 7300, 7400],
    [2, codeAndUser(3, 1), 2 ** 32 - 5, 1, 7250, 7350],
  ];
  expect(ordered([...twice, ...alone], 3)).toEqual({
    starts: [0, 3, 3, 4],
    entries: [alone[1], alone[2], alone[0], [2, codeAndUser(3, 1), 2 ** 32 - 1, 3, 7250, 7400]],
  });
});

test("what is more than an entry can stand for stays in two", () => {
  const attempts: Entry[] = [
    [0, codeAndUser(3, 1), 2 ** 32 - 1, 1, 7250, 7250],
    [0, codeAndUser(3, 1), 1, 1, 7251, 7251],
  ];
  const events: Entry[] = [
    [1, codeAndUser(3, 1), 5, MOST_EVENTS, 7200, 10_799],
    [1, codeAndUser(3, 1), 1, 1, 7251, 7251],
  ];
  expect(ordered([...attempts, ...events], 2)).toEqual({
    starts: [0, 2, 4],
    entries: [...attempts, ...events],
  });
});

test("nothing is in order, whatever number of addresses", () => {
  expect(ordered([], 0)).toEqual({ starts: [0], entries: [] });
  expect(ordered([], 2)).toEqual({ starts: [0, 0, 0], entries: [] });
});

test("more entries than are put in order at a time, and more of one address alone", () => {
  const all = Array.from({ length: 400_000 }, (_, n): Entry => {
    const mixed = Math.imul(n, 0x9e3779b1) >>> 0;
    const address = mixed % 4 > 0 ? 5 : (mixed >>> 8) % 1000;
    return [address, mixed >>> 12, 1, 1, n, n];
  });
  const { starts, entries } = ordered(all, 1000);
  const keys = new Set(all.map(keyOf));
  expect(entries.length).toBe(keys.size);
  expect(entries.map(keyOf)).toEqual([...keys].sort());
  expect(entries.reduce((sum, [, , , events]) => sum + events, 0)).toBe(all.length);
  const own = starts.flatMap((start, address) =>
    Array<number>((starts[address + 1] ?? start) - start).fill(address),
  );
  expect(entries.map(([address]) => address)).toEqual(own);
});

test.each([
  ["the same again and again", () => 7],
  ["in order", (n: number) => n >>> 3],
  ["in any order", (n: number) => (n * 7919) % 5000],
])("a flood of one address, %s", (_, userOf) => {
  const all = Array.from(
    { length: 40_000 },
    (_, n): Entry => [1, codeAndUser(1, userOf(n)), 1, 1, 7200, 7200],
  );
  const { starts, entries } = ordered([[0, codeAndUser(1, 1), 1, 1, 7200, 7200], ...all], 2);
  const users = new Set(all.map((_, n) => userOf(n)));
  expect(starts).toEqual([0, 1, 1 + users.size]);
  expect(entries.slice(1).map(([, code]) => code)).toEqual(
    [...users].sort((a, b) => a - b).map((user) => codeAndUser(1, user)),
  );
  expect(entries.reduce((sum, [, , attempts]) => sum + attempts, 0)).toBe(40_001);
});

test("an address whose users were taken is put in order again", () => {
  const all: Entry[] = [1, 2, 3, 4].map((user) => [0, codeAndUser(1, user), 1, 1, 10 * user, 10 * user]);
  const other: Entry = [1, codeAndUser(1, 3), 1, 1, 5, 5];
  const limit = (values: Uint32Array, from: number, to: number) => {
    if (values[from * WIDTH] !== 0) return false;
    for (const entry of [from + 1, to - 1]) values[entry * WIDTH + 1] = codeAndUser(1, 0);
    return true;
  };
  expect(ordered([...all, other], 2, limit)).toEqual({
    starts: [0, 3, 4],
    entries: [[0, codeAndUser(1, 0), 2, 2, 20, 40], all[0], all[2], other],
  });
});

const someEntry = fc
  .record({
    address: fc.nat(3),
    code: fc.constantFrom(0, 2, 8, 300),
    user: fc.nat(5),
    attempts: fc.constantFrom(0, 1, 1, 3, 2 ** 31),
    events: fc.constantFrom(1, 1, 2, 2 ** 19),
    first: fc.nat(4 * 3600 - 1),
    span: fc.constantFrom(0, 0, 17),
  })
  .map(({ address, code, user, attempts, events, first, span }): Entry => {
    const last = Math.min(first + span, first - (first % 3600) + 3599);
    return [address, codeAndUser(code, user), attempts, events, first, last];
  });

/** As lines come: in the order of time, of a few logs behind each other, or in none. */
const someOrder = fc.constantFrom(
  (all: readonly Entry[]) => all.toSorted((a, b) => a[4] - b[4]),
  (all: readonly Entry[]) => [0, 1].flatMap((odd) => all.filter(([, , , , first]) => first % 2 === odd)),
  (all: readonly Entry[]) => all.toSorted((a, b) => a[4] - b[4]).reverse(),
  (all: readonly Entry[]) => all,
);

test("entries in any order come out as if each were looked up", () => {
  fc.assert(
    fc.property(fc.array(someEntry, { maxLength: 300, size: "max" }), someOrder, (entries, inOrder) => {
      const all = inOrder(entries);
      expect(ordered(all, 4).entries).toEqual(lookedUp(all));
    }),
  );
});

test("an hour of many users, in any order, comes out as if each were looked up", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(200), { maxLength: 400, size: "max" }), fc.nat(100), (users, before) => {
      const hour = users.map((user, n): Entry => [0, codeAndUser(2, user), 1, 1, 3600 + n, 3600 + n]);
      const others = Array.from({ length: before }, (_, n): Entry => [0, codeAndUser(1, n), 1, 1, n, n]);
      const all = [...others, ...hour, ...others];
      expect(ordered(all, 1).entries).toEqual(lookedUp(all));
    }),
  );
});

/** Equal ones as one in the order in which they come, as long as one can stand for them. */
function lookedUp(all: readonly Entry[]): Entry[] {
  const byKey = Map.groupBy(all, keyOf);
  return [...byKey.keys()].sort().flatMap((key) => byKey.get(key)!.reduce(withEntry, []));
}

function withEntry(merged: Entry[], entry: Entry): Entry[] {
  const [address, code, attempts, events, first, last] = merged.at(-1) ?? entry;
  const sum = [attempts + entry[2], events + entry[3]] as const;
  if (merged.length === 0 || sum[0] >= 2 ** 32 || sum[1] > MOST_EVENTS) return [...merged, entry];
  const span = [Math.min(first, entry[4]), Math.max(last, entry[5])] as const;
  return [...merged.slice(0, -1), [address, code, ...sum, ...span]];
}

/** What cannot be told apart is one entry; as text, in the order that entries are to be in. */
function keyOf([address, codeAndUser, , , first]: Entry): string {
  return [address, Math.floor(first / 3600), codeAndUser]
    .map((number) => `${number}`.padStart(10, "0"))
    .join(" ");
}

function ordered(
  all: readonly Entry[],
  addresses: number,
  limit: Parameters<typeof putInOrder>[2] = () => false,
) {
  const { values, size, starts } = putInOrder(
    { values: Uint32Array.from(all.flatMap(numbersOf)), size: all.length },
    addresses,
    limit,
  );
  const entries = Array.from({ length: size }, (_, n) => entryAt(values, n * WIDTH));
  return { starts: [...starts], entries };
}
