import { expect, test } from "vitest";
import { daemons } from "../../functions/parse/daemons.ts";
import { CODES } from "../../functions/parse/login.ts";
import { hold } from "../../functions/parse/memory.ts";
import { shape } from "../../functions/parse/shape.ts";

test("each shape of each daemon can be compiled", () => {
  const from = hold(Buffer.from("\u0001"), 0, 1);
  for (const { name, shapes } of daemons) {
    for (const one of shapes) {
      expect(one.fits(from, from + 1), `${name}: ${one.text}`).toBe(false);
      expect(one.beginning().length, one.text).toBeGreaterThan(0);
    }
  }
  expect(CODES).toBeLessThan(2 ** 13);
});

test.each([
  ["<user:text> from <ip> as <again:text>", "before and after the address"],
  ["<x:nothing>", "no hole type nothing"],
  ["<user:text><ip>", "a literal must follow"],
  ["{a", "not closed"],
])("a shape that cannot be is refused when it is used: %s", (text, reason) => {
  expect(() => shape(text, {}).fits(0, 1)).toThrow(reason);
});
