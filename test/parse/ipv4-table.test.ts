import { expect, test } from "vitest";
import { Ipv4Table, SOUGHT_BYTES } from "../../functions/parse/ipv4-table.ts";
import { bytes, functionOf, reserve } from "../../functions/parse/memory.ts";
import { TextTable } from "../../functions/parse/text-table.ts";
import { call, FuncWriter, importedAs, int } from "../../functions/parse/wasm.ts";
import { mulberry32 } from "../random.ts";

const PLACE = reserve(256);
const numbers = new Map<string, number>();
let asked = 0;

/** Texts that end in 9 get none. */
function ask(from: number, to: number): number {
  asked++;
  const text = bytes.toString("latin1", from, to);
  if (text.endsWith("9")) return -1;
  if (!numbers.has(text)) numbers.set(text, numbers.size);
  return numbers.get(text)!;
}

const asking = (from: Parameters<typeof call>[1], to: Parameters<typeof call>[1]) =>
  call(importedAs("ask", 2), from, to);
const table = new Ipv4Table(64, asking, new TextTable(64, asking));
const writer = new FuncWriter(2);
const [from, to] = [writer.param(0).get, writer.param(1).get];
const RECORD = reserve(SOUGHT_BYTES);
writer.body = [table.sought(int(RECORD), from, to), table.numberBy(int(RECORD), from, to)];
const numberOf = functionOf(writer, { ask });

function find(text: string, offset = 0): number {
  bytes.write(text, PLACE + offset, "latin1");
  return numberOf(PLACE + offset, PLACE + offset + text.length);
}

test("each text has its own number: addresses, what is like one, and what is none, whatever stands around it", () => {
  const random = mulberry32(11);
  const pick = (most: number) => Math.floor(random() * most);
  const octet = () => String(pick(random() < 0.5 ? 4 : 256));
  const makers = [
    () => [octet(), octet(), octet(), octet()].join("."),
    () => Array.from({ length: pick(18) }, () => "./0123456789:"[pick(13)]).join(""),
    () => `2001:db8::${pick(99)}`,
    () => "0".repeat(pick(17)),
    () => `${octet()}.${octet()}.${octet()}.${octet()}0`,
  ];
  const texts = Array.from({ length: 300 }, () => makers[pick(makers.length)]!());
  for (let n = 0; n < 30_000; n++) {
    bytes[PLACE + pick(256)] = 0x2c + pick(16);
    const text = texts[pick(texts.length)]!;
    const found = find(text, pick(80));
    expect(found, text).toBe(text.endsWith("9") ? -1 : numbers.get(text));
  }
});

test("a number is asked for once, until all is forgotten, and each time where there is none", () => {
  const times = (text: string) => {
    asked = 0;
    for (let n = 0; n < 3; n++) find(text);
    return asked;
  };
  table.clear();
  expect(["192.0.2.1", "255.255.255.255", "0.0.0.0", "2001:db8::1"].map(times)).toEqual([1, 1, 1, 1]);
  expect(["192.0.2.1", "192.0.2.9"].map(times)).toEqual([0, 3]);
  table.clear();
  expect(["192.0.2.1", "2001:db8::1"].map(times)).toEqual([1, 1]);
});
