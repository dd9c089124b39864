import fc from "fast-check";
import { expect, test } from "vitest";
import { inOrder, overlaps, type Range, subtract } from "../../functions/count/ranges.ts";

const range = fc
  .tuple(fc.nat(60), fc.integer({ min: 1, max: 20 }))
  .map(([start, length]) => ({ start, end: start + length }));

test("subtract gives exactly the bytes that nobody has, in order", () => {
  fc.assert(
    fc.property(range, fc.array(range, { maxLength: 8 }), (whole, covered) => {
      const gaps = subtract(whole, covered);
      expect(bytesOf(gaps)).toEqual(bytesOf([whole]).filter((byte) => !covered.some((c) => has(c, byte))));
      expect(gaps).toEqual(inOrder(gaps));
    }),
  );
});

test.each([
  ["nothing covered", { start: 0, end: 10 }, [], [{ start: 0, end: 10 }]],
  [
    "a hole in the middle",
    { start: 0, end: 10 },
    [{ start: 3, end: 5 }],
    [
      { start: 0, end: 3 },
      { start: 5, end: 10 },
    ],
  ],
  ["all covered", { start: 2, end: 8 }, [{ start: 0, end: 8 }], []],
  [
    "an end that is not known yet",
    { start: 0, end: Infinity },
    [{ start: 0, end: 8 }],
    [{ start: 8, end: Infinity }],
  ],
])("subtract: %s", (_name, whole, covered, gaps) => {
  expect(subtract(whole, covered)).toEqual(gaps);
});

test("neighbours do not overlap", () => {
  expect(overlaps({ start: 0, end: 5 }, { start: 5, end: 9 })).toBe(false);
});

function bytesOf(ranges: Range[]): number[] {
  return ranges.flatMap(({ start, end }) => Array.from({ length: end - start }, (_, index) => start + index));
}

function has({ start, end }: Range, byte: number): boolean {
  return start <= byte && byte < end;
}
