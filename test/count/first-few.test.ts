import { expect, test } from "vitest";
import { firstFew } from "../../functions/count/first-few.ts";

const byValue = (a: number, b: number) => a - b;

test.each([0, 1, 15, 16, 17, 1000])(
  "of %i numbers the first 16 are those that sorting would give",
  (count) => {
    const numbers = Array.from({ length: count }, (_, n) => (n * 7919) % 1009);
    const sorted = numbers.toSorted(byValue);
    expect(firstFew(numbers, 16, byValue)).toEqual(sorted.slice(0, 16));
    expect(firstFew(sorted, 16, byValue)).toEqual(sorted.slice(0, 16));
    expect(firstFew(sorted.toReversed(), 16, byValue)).toEqual(sorted.slice(0, 16));
  },
);
