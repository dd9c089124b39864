import fc from "fast-check";
import { expect, test } from "vitest";
import { isoTime } from "../../functions/decide/iso-time.ts";

test("a time is told in UTC and to the second, in whatever year and however often it comes", () => {
  const second = fc.oneof(
    fc.integer({ min: -(2 ** 40), max: 2 ** 40 }),
    fc.integer({ min: -7200, max: 7200 }),
  );
  fc.assert(
    fc.property(second, (at) => {
      const told = new Date(at * 1000).toISOString().replace(".000Z", "Z");
      expect([isoTime(at), isoTime(at)]).toEqual([told, told]);
    }),
  );
});
