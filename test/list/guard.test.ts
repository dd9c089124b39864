import { describe, expect, test } from "vitest";
import { parseNetwork } from "../../functions/decide/network.ts";
import type { ListEntry } from "../../functions/list/blocklist.ts";
import { type GuardContext, type GuardState, guarded } from "../../functions/list/guard.ts";

const NOW = 1_000_000;
const DAY = 86_400;
const guard = { maxEntries: 1000, maxShrink: 0.5, maxGrowth: 3, from: 10 };

function entry(n: number, attempts = n, until = NOW + DAY): ListEntry {
  const network = `198.${n >> 8}.${n & 255}.1`;
  const facts = { rule: "maxretry", reason: "", hosts: [], country: undefined, first: 0, last: 0 };
  return { network, range: parseNetwork(network), until, attempts, ...facts };
}

const entries = (count: number, from = 0) => Array.from({ length: count }, (_, n) => entry(from + n));
const context = (changes: Partial<GuardContext> = {}): GuardContext => ({
  guard,
  now: NOW,
  accept: false,
  isCleared: () => false,
  ...changes,
});
const state = (networks: number, at = NOW): GuardState => ({
  reference: { networks, at },
  refusal: undefined,
});
const names = (list: readonly ListEntry[]) => list.map(({ network }) => network);

describe("a list that grows", () => {
  test("is taken whole within the bound", () => {
    const { entries: list, state: next } = guarded(entries(20), entries(60), state(20), context());
    expect(list).toEqual(entries(60));
    expect(next).toEqual(state(20));
  });

  test("past the bound gets the worst, and the rest is told", () => {
    const { entries: list, state: next } = guarded(entries(20), entries(100), state(20), context());
    expect(list).toHaveLength(60);
    expect(names(list)).toEqual(names([...entries(20), ...entries(40, 60)]));
    expect(next.refusal).toMatchObject({
      since: NOW,
      withheld: 40,
      held: 0,
      worst: names(entries(10, 50)).reverse(),
    });
    expect(next.refusal?.reasons).toEqual([
      "the list would grow from 20 to 100 networks, more than maxGrowth 3 allows: the worst 60 are on it",
    ]);
  });

  test("does not creep past it, run by run, day by day", () => {
    let before = entries(20);
    let known: GuardState | undefined = state(20);
    for (let run = 1; run < 6; run++) {
      const next = guarded(before, entries(900), known, context({ now: NOW + run * DAY * 0.19 }));
      [before, known] = [next.entries, next.state];
      expect(before).toHaveLength(60);
    }
    const later = guarded(
      before.map((one) => ({ ...one, until: NOW + 9 * DAY })),
      entries(900).map((one) => ({ ...one, until: NOW + 9 * DAY })),
      known,
      context({ now: NOW + 3 * DAY }),
    );
    expect(later.entries).toHaveLength(60);
    expect(later.state.refusal?.since).toBe(NOW + DAY * 0.19);
  });

  test("is taken when somebody accepts it, and then is what growth is measured by", () => {
    const { entries: list, state: next } = guarded(
      entries(20),
      entries(900),
      state(20),
      context({ accept: true }),
    );
    expect(list).toHaveLength(900);
    expect(next).toEqual(state(900));
  });

  test("never has more than maxEntries, whoever accepts it", () => {
    const { entries: list, state: next } = guarded(
      entries(20),
      entries(1200),
      state(20),
      context({ accept: true }),
    );
    expect(names(list)).toEqual(names(entries(1000, 200)));
    expect(next.refusal?.reasons).toEqual(["1200 networks are to be banned, more than maxEntries 1000"]);
  });

  test("that would have more is merged first, where that is exact", () => {
    const neighbours = Array.from({ length: 1280 }, (_, n) => {
      const network = `198.51.${n >> 8}.${n & 255}`;
      return { ...entry(n), network, range: parseNetwork(network) };
    });
    const { entries: list, state: next } = guarded(undefined, neighbours, undefined, context());
    expect(names(list)).toEqual([0, 1, 2, 3, 4].map((n) => `198.51.${n}.0/24`));
    expect(next.refusal).toBeUndefined();
    expect(guarded(list, neighbours.slice(0, 900), next, context()).state.refusal).toBeUndefined();
  });

  test("may do so while it is small, and when it is the first", () => {
    expect(guarded(entries(1), entries(10), state(1), context()).entries).toHaveLength(10);
    expect(guarded(undefined, entries(900), undefined, context())).toEqual({
      entries: entries(900),
      state: state(900),
    });
  });

  test("within a day's bound is measured anew each day", () => {
    const next = guarded(entries(20), entries(50), state(20, NOW - DAY), context());
    expect(next.state).toEqual(state(50));
  });
});

describe("a list that shrinks", () => {
  test("too much keeps what was on it", () => {
    const { entries: list, state: next } = guarded(entries(20), entries(5), state(20), context());
    expect(names(list)).toEqual(names(entries(20)));
    expect(next.refusal).toMatchObject({ withheld: 0, held: 15 });
    expect(next.refusal?.reasons[0]).toMatch(/^15 of 20 networks would be dropped before their time/);
  });

  test("by half may, and by all where somebody accepts it", () => {
    expect(guarded(entries(20), entries(10), state(20), context()).entries).toHaveLength(10);
    expect(guarded(entries(20), [], state(20), context({ accept: true })).entries).toEqual([]);
  });

  test("may by what ended, was unbanned or allowed, or lies in a wider network now", () => {
    const ended = entries(20).map((one) => ({ ...one, until: NOW }));
    expect(guarded(ended, [], state(20), context()).entries).toEqual([]);
    expect(guarded(entries(20), [], state(20), context({ isCleared: () => true })).entries).toEqual([]);
    const wide = { ...entry(0), network: "198.0.0.0/16", range: parseNetwork("198.0.0.0/16") };
    expect(guarded(entries(20), [wide], state(20), context()).entries).toEqual([wide]);
  });

  test("may while it is small", () => {
    expect(guarded(entries(10), [], state(10), context()).entries).toEqual([]);
  });

  test("and grows at once keeps the old and adds up to the bound", () => {
    const { entries: list } = guarded(entries(20), entries(100, 500), state(20), context());
    expect(list).toHaveLength(60);
    expect(names(list)).toEqual(expect.arrayContaining(names(entries(20))));
  });
});
