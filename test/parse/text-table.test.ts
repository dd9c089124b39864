import { expect, test } from "vitest";
import { bytes, functionOf, reserve } from "../../functions/parse/memory.ts";
import { TextTable } from "../../functions/parse/text-table.ts";
import { call, FuncWriter, importedAs } from "../../functions/parse/wasm.ts";
import { mulberry32 } from "../random.ts";

const PLACE = reserve(256);
const numbers = new Map<string, number>();
let asked = 0;

/** Odd texts of some lengths get none. */
function ask(from: number, to: number): number {
  asked++;
  const text = bytes.toString("latin1", from, to);
  if (text.length % 7 === 6) return -1 - (asked % 3);
  if (!numbers.has(text)) numbers.set(text, numbers.size);
  return numbers.get(text)!;
}

const table = new TextTable(64, (from, to) => call(importedAs("ask", 2), from, to));
const writer = new FuncWriter(2);
writer.body = table.numberOf(writer.param(0).get, writer.param(1).get);
const numberOf = functionOf(writer, { ask });

/** With whatever stands around it. */
function find(text: Buffer, offset: number): number {
  text.copy(bytes, PLACE + offset);
  return numberOf(PLACE + offset, PLACE + offset + text.length);
}

test("each text has its own number, however alike they are and whatever stands around them", () => {
  const random = mulberry32(7);
  const texts = Array.from({ length: 400 }, () =>
    Buffer.from(
      Array.from({ length: Math.floor(random() * 60) }, () =>
        random() < 0.9 ? 0 : 0x80 + Math.floor(random() * 2),
      ),
    ),
  );
  for (let n = 0; n < 30_000; n++) {
    bytes[PLACE + Math.floor(random() * 256)] = Math.floor(random() * 3);
    const text = texts[Math.floor(random() ** 3 * texts.length)]!;
    const found = find(text, Math.floor(random() * 80));
    const hasNone = text.length % 7 === 6;
    if (hasNone) expect(found).toBeLessThan(0);
    else expect(found).toBe(numbers.get(text.toString("latin1")));
  }
});

test("a number is asked for once, until all is forgotten; that of a long text and of one that got none each time", () => {
  const times = (text: string) => {
    asked = 0;
    for (let n = 0; n < 3; n++) find(Buffer.from(text), 0);
    return asked;
  };
  expect([times("abc"), times("abc")]).toEqual([1, 0]);
  expect([times("x".repeat(63)), times("x".repeat(64))]).toEqual([1, 3]);
  expect([times("abcdef"), times("")]).toEqual([3, 3]);
  table.clear();
  expect(times("abc")).toBe(1);
});

test("where texts are many, they are forgotten, and numbers stay right", () => {
  table.clear();
  const names = Array.from({ length: 200 }, (_, n) => `${n}@${"example.net".repeat(1 + (n % 4))}`);
  const right = names.filter((name) => name.length % 7 !== 6);
  for (let n = 0; n < 20; n++) {
    for (const name of right) expect(find(Buffer.from(name), n)).toBe(numbers.get(name));
  }
});
