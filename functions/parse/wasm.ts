/**
 * WebAssembly's instructions (WebAssembly Core Specification 2.0, 5.4), as much of them as matchers need: functions of 32-bit
 * numbers over one memory. Many short ones: to write a function is to call them.
 *
 *     const end = param(0);
 *     func({ params: 1, body: [loop(top => [...])] })
 */

/** Instructions: bytes, those of blocks within, and jumps to blocks around. */
export type Code = readonly Piece[];
export type Piece = number | Code | Block | Jump | Call;

interface Block {
  kind: "block" | "loop" | "if";
  label: Label;
  body: Code;
}

interface Jump {
  kind: "jump";
  opcode: number;
  to: Label;
}

interface Call {
  kind: "call";
  target: Func;
}

/** What a jump names: a block, which it leaves, or a loop, which it begins again. */
export type Label = symbol;

/** A function of `params` numbers that gives one. */
export interface Func {
  params: number;
  /** Local variables besides. */
  locals: number;
  body: Code;
  /** What JavaScript calls it, where it is one of its own. */
  imported?: string;
}

/** A number that a function keeps. */
export interface Local {
  readonly get: Code;
  set(value: Code): Code;
  /** Adds to it. */
  add(value: Code | number): Code;
}

/** A function of JavaScript. */
export function importedAs(imported: string, params: number): Func {
  return { imported, params, locals: 0, body: [] };
}

/** A function while it is written. */
export class FuncWriter implements Func {
  readonly params: number;
  locals = 0;
  body: Code = [];

  constructor(params: number) {
    this.params = params;
  }

  param(index: number): Local {
    return localAt(index);
  }

  local(): Local {
    return localAt(this.params + this.locals++);
  }
}

function localAt(index: number): Local {
  const get = [0x20, ...unsigned(index)];
  const set = (value: Code): Code => [value, 0x21, ...unsigned(index)];
  return { get, set, add: (value) => set(add(get, typeof value === "number" ? int(value) : value)) };
}

export function int(value: number): Code {
  return value >= -64 && value < 64 ? [0x41, value & 0x7f] : signed(0x41, value | 0, value >> 31);
}

function long(low: number, high: number): Code {
  return signed(0x42, low, high);
}

type Binary = (a: Code, b: Code) => Code;

function binary(opcode: number): Binary {
  return (a, b) => [a, b, opcode];
}

export const equal = binary(0x46);
export const differ = binary(0x47);
export const less = binary(0x48);
/** Of numbers without sign. */
export const lower = binary(0x49);
export const greater = binary(0x4a);
export const atMost = binary(0x4c);
export const atLeast = binary(0x4e);
export const add = binary(0x6a);
export const sub = binary(0x6b);
export const mul = binary(0x6c);
export const and = binary(0x71);
export const or = binary(0x72);
export const xor = binary(0x73);
export const shiftLeft = binary(0x74);
export const shiftRight = binary(0x76);
const sameLong = binary(0x51);

export function not(value: Code): Code {
  return [value, 0x45];
}

/** Both, the second looked at only where the first holds. */
export function both(a: Code, b: Code): Code {
  return select(a, b, int(0));
}

export function either(a: Code, b: Code): Code {
  return select(a, int(1), b);
}

/** One of two numbers; the other is not made. */
export function select(condition: Code, a: Code, b: Code): Code {
  return [condition, { kind: "if", label: Symbol(), body: [I32, a, ELSE, b] }];
}

/** The byte at `address + offset`. */
export function byteAt(address: Code, offset = 0): Code {
  return [address, 0x2d, 0, ...unsigned(offset)];
}

/** 32 bits, little-endian; they need not be aligned. */
export function wordAt(address: Code, offset = 0): Code {
  return [address, 0x28, 0, ...unsigned(offset)];
}

export function store(address: Code, offset: number, value: Code): Code {
  return [address, value, 0x36, 0, ...unsigned(offset)];
}

function halfAt(address: Code, offset = 0): Code {
  return [address, 0x2f, 0, ...unsigned(offset)];
}

/** Whether eight bytes at two addresses are the same. */
export function sameEight(a: Code, b: Code, offset = 0): Code {
  return sameLong([a, 0x29, 0, ...unsigned(offset)], [b, 0x29, 0, ...unsigned(offset)]);
}

/** Whether `bytes` stand at `address`; as many must be there, whatever they are. */
export function isThere(address: Code, bytes: Uint8Array): Code {
  const { length } = bytes;
  const tests: Code[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, length);
  let at = 0;
  for (; length - at >= 8 || (length > 8 && at < length); at += 8) {
    const from = Math.min(at, length - 8);
    const wanted = long(view.getInt32(from, true), view.getInt32(from + 4, true));
    tests.push(sameLong([address, 0x29, 0, ...unsigned(from)], wanted));
  }
  for (; length - at >= 4 || (length > 4 && at < length); at += 4) {
    const from = Math.min(at, length - 4);
    tests.push(equal(wordAt(address, from), int(view.getUint32(from, true))));
  }
  for (; length - at >= 2; at += 2) tests.push(equal(halfAt(address, at), int(view.getUint16(at, true))));
  if (at < length) tests.push(equal(byteAt(address, at), int(bytes[at]!)));
  return tests.length === 0 ? int(1) : tests.reduce(both);
}

/** Of the 16 bytes at `address + offset` those that are one of `wanted`: a bit each, the lowest for the first. */
export function bytesAmong(address: Code, offset: number, ...wanted: number[]): Code {
  const load = sixteenAt(address, offset);
  const equal = wanted.map((byte): Code => [load, sixteen(byte), ...SIMD, 0x23]);
  return bitsOf(equal.reduce((a, b) => [a, b, ...SIMD, 0x50]));
}

/** Of the 16 bytes at two addresses those that are the same, likewise. */
export function bytesAlike(a: Code, b: Code): Code {
  return bitsOf([sixteenAt(a), sixteenAt(b), ...SIMD, 0x23]);
}

/** Of the 16 bytes there those that are `first` or one of the `count - 1` behind it, likewise. */
export function bytesWithin(address: Code, first: number, count: number): Code {
  return bitsOf(eachLower(eachLess(sixteenAt(address), first), sixteen(count)));
}

/**
 * Stores eight bytes: of the 16 at `from` the first `length`, each less than `less + 16` and not less than it, as four bits, the rest
 * as none.
 */
export function storeHalves(address: Code, from: Code, length: Code, less: number): Code {
  const places = [...SIMD, 0x0c, ...new Array(16).keys()];
  const taken: Code = [
    eachLess(sixteenAt(from), less),
    eachLower(places, [length, ...SIMD, 0x0f]),
    ...SIMD,
    0x4e,
  ];
  // in each of eight pairs the second's bits go above the first's, then the pairs become bytes
  const above: Code = [taken, int(4), ...SIMD, 0x8d, 0x01];
  const pairs: Code = [
    taken,
    above,
    ...SIMD,
    0x50,
    [...SIMD, 0x0c, ...new Array(8).fill([0xff, 0]).flat()],
    ...SIMD,
    0x4e,
  ];
  return [address, pairs, pairs, ...SIMD, 0x66, ...SIMD, 0x5b, 0, 0, 0];
}

/** Fills 16 bytes with ones. */
export function storeOnes(address: Code, offset: number): Code {
  return [address, sixteen(0xff), ...SIMD, 0x0b, 0, ...unsigned(offset)];
}

function sixteenAt(address: Code, offset = 0): Code {
  return [address, ...SIMD, 0x00, 0, ...unsigned(offset)];
}

/** The same byte 16 times. */
function sixteen(byte: number): Code {
  return [...SIMD, 0x0c, ...new Array<number>(16).fill(byte)];
}

function eachLess(bytes: Code, by: number): Code {
  return [bytes, sixteen(by), ...SIMD, 0x71];
}

/** All ones in place of each byte that is lower, without sign. */
function eachLower(a: Code, b: Code): Code {
  return [a, b, ...SIMD, 0x26];
}

/** The highest bit of each of 16 bytes. */
function bitsOf(bytes: Code): Code {
  return [bytes, ...SIMD, 0x64];
}

/** Copies so many bytes. */
export function copy(to: Code, from: Code, length: number): Code {
  return [to, from, int(length), 0xfc, 10, 0, 0];
}

/** Fills so many bytes with zeros. */
export function clear(from: Code, length: number): Code {
  return [from, int(0), int(length), 0xfc, 11, 0];
}

/** Place of the lowest, or of the highest bit that is set. */
export function lowestBit(value: Code): Code {
  return [value, 0x68];
}

export function highestBit(value: Code): Code {
  return sub(int(31), [value, 0x67]);
}

/** Without its lowest bit; without the bit of that place. */
export function withoutLowest(value: Code): Code {
  return and(value, sub(value, int(1)));
}

export function withoutBit(value: Code, place: Code): Code {
  return xor(value, shiftLeft(int(1), place));
}

export function when(condition: Code, then: Code, otherwise?: Code): Code {
  const body = otherwise === undefined ? [VOID, then] : [VOID, then, ELSE, otherwise];
  return [condition, { kind: "if", label: Symbol(), body }];
}

/** Jumping to its label leaves it. */
export function block(write: (label: Label) => Code): Code {
  const label = Symbol();
  return [{ kind: "block", label, body: [VOID, write(label)] }];
}

/** Jumping to its label begins it again; without a jump it ends. */
export function loop(write: (label: Label) => Code): Code {
  const label = Symbol();
  return [{ kind: "loop", label, body: [VOID, write(label)] }];
}

export function loopWhile(condition: Code, body: Code): Code {
  return block((out) => loop((again) => [jumpIf(not(condition), out), body, jump(again)]));
}

export function jump(to: Label): Code {
  return [{ kind: "jump", opcode: 0x0c, to }];
}

export function jumpIf(condition: Code, to: Label): Code {
  return [condition, { kind: "jump", opcode: 0x0d, to }];
}

export function giveBack(value: Code): Code {
  return [value, 0x0f];
}

export function call(target: Func, ...values: Code[]): Code {
  return [...values, { kind: "call", target }];
}

/** Calls a function for what it does. */
export function run(target: Func, ...values: Code[]): Code {
  return [call(target, ...values), 0x1a];
}

/** Calls the function of two numbers that stands in the table there. */
export function callAt(slot: Code, ...values: Code[]): Code {
  return [...values, slot, 0x11, 0, 0];
}

const SIMD = [0xfd] as const;
const VOID = 0x40;
export const I32 = 0x7f;
const ELSE = 0x05;

/** LEB128. */
export function unsigned(value: number): number[] {
  return value <= 0x7f ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

/** An instruction, and behind it LEB128 of 64 bits with a sign. */
function signed(opcode: number, low: number, high: number): number[] {
  const bytes = [opcode];
  for (let lower = low, upper = high; ; ) {
    const seven = lower & 0x7f;
    lower = (lower >>> 7) | (upper << 25);
    upper >>= 7;
    const sign = seven & 0x40 ? -1 : 0;
    const isLast = lower === sign && upper === sign;
    bytes.push(isLast ? seven : seven | 0x80);
    if (isLast) return bytes;
  }
}
