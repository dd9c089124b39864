import { expect, test } from "vitest";
import { BadLimits, parseLimits } from "../../functions/read/limits.ts";

test.each([
  ["", {}],
  ["bytes=20G", { bytes: 20 * 2 ** 30 }],
  ["ratio=800,addresses=5000000,line=128K", { ratio: 800, addresses: 5_000_000, line: 131_072 }],
  ["line=1M,", { line: 2 ** 20 }],
])("%j", (text, limits) => {
  expect(parseLimits(text)).toEqual(limits);
});

test.each([
  "bytes",
  "bytes=",
  "bytes=0",
  "bytes=-1",
  "bytes=1.5G",
  "bytes=20g",
  "line=10",
  "line=2M",
  "lines=5",
  "toString=5",
  "ratio=800 ",
])("%j is refused, and what to write is told", (text) => {
  expect(() => parseLimits(text)).toThrow(BadLimits);
  expect(() => parseLimits(text)).toThrow("write NAME=NUMBER");
});
