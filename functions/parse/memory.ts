/**
 * The memory that matchers work on, and the table in which they stand. One for all: nothing in it outlives the call that it was
 * written for but what `reserve` has given away.
 */
import type { Func } from "./wasm.ts";
import { moduleOf, PAGES, TABLE_SIZE } from "./wasm-module.ts";

const memory = new WebAssembly.Memory({ initial: PAGES, maximum: PAGES });
const table = new WebAssembly.Table({ element: "anyfunc", initial: TABLE_SIZE, maximum: TABLE_SIZE });

/** All of it. */
export const bytes: Buffer<ArrayBuffer> = Buffer.from(memory.buffer);

/** Matchers load 16 bytes at once: so many around what they look at must be there. */
const PADDING = 64;

let reserved = PADDING;

/** Where so many bytes are that belong to the caller, at a multiple of 64. */
export function reserve(length: number): number {
  const at = reserved;
  reserved = Math.ceil((at + length + PADDING) / PADDING) * PADDING;
  if (reserved > bytes.length) throw new Error("the matchers' memory is full");
  return at;
}

/** A constant of theirs. */
export function keep(constant: Uint8Array): number {
  const at = reserve(constant.length);
  bytes.set(constant, at);
  return at;
}

export function numbersAt(address: number, count: number): Int32Array<ArrayBuffer> {
  return new Int32Array(memory.buffer, address, count);
}

/** As JavaScript calls it. @param imported what it may call of JavaScript, by name */
export function functionOf(
  main: Func,
  imported: Readonly<Record<string, (...values: number[]) => number>> = {},
): (...values: number[]) => number {
  const module = new WebAssembly.Module(moduleOf(main));
  const { exports } = new WebAssembly.Instance(module, { env: { ...imported, memory, table } });
  return exports.main as (...values: number[]) => number;
}

/** No line is longer, and nothing that is unpacked from one. */
const LONGEST = 2 ** 20;
const MESSAGE = reserve(LONGEST);

/** Copies a message to where matchers can look at it, until the next one; gives where it begins. -1: too long. */
export function hold(source: Buffer, from: number, to: number): number {
  if (to - from > LONGEST) return -1;
  source.copy(bytes, MESSAGE, from, to);
  return MESSAGE;
}

let slots = 0;

/** Puts a function of two numbers where others can call it; gives its slot. */
export function publish(matcher: (...values: number[]) => number): number {
  if (slots === TABLE_SIZE) throw new Error("the matchers' table is full");
  table.set(slots, matcher);
  return slots++;
}
