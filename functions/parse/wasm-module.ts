/** WebAssembly modules of functions (WebAssembly Core Specification 2.0, 5.5). */
import { type Code, type Func, I32, type Label, type Piece, unsigned } from "./wasm.ts";

const END = 0x0b;
const OPENS = { block: 0x02, loop: 0x03, if: 0x04 };

/**
 * A module with all functions that `main` calls, which it exports as `main`. Of `env` it takes the memory, the table, whose functions
 * have two parameters, and those functions that are JavaScript's.
 */
export function moduleOf(main: Func): Uint8Array<ArrayBuffer> {
  const called = calledBy(main);
  const imported = called.filter((one) => one.imported !== undefined);
  const own = called.filter((one) => one.imported === undefined);
  const numbers = new Map([...imported, ...own].map((one, number) => [one, number]));
  const types = [...new Set([2, ...called.map(({ params }) => params)])];
  const typeOf = ({ params }: Func) => unsigned(types.indexOf(params));
  const limits = (most: number) => [0x01, ...unsigned(most), ...unsigned(most)];
  const fromEnv = (name: string, ...kind: number[]) => [...text("env"), ...text(name), ...kind];
  const imports = [
    ...imported.map((one) => fromEnv(one.imported!, 0x00, ...typeOf(one))),
    fromEnv("memory", 0x02, ...limits(PAGES)),
    fromEnv("table", 0x01, 0x70, ...limits(TABLE_SIZE)),
  ];
  const i32s = (count: number) => new Array<number>(count).fill(I32);
  const into = new Bytes();
  into.add(0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
  into.section(1, types, (params) => into.add(0x60, ...unsigned(params), ...i32s(params), 1, I32));
  into.section(2, imports, (one) => into.add(...one));
  into.section(3, own, (one) => into.add(...typeOf(one)));
  into.section(7, [main], (one) => into.add(...text("main"), 0x00, ...unsigned(numbers.get(one)!)));
  into.section(10, own, (one) => into.sized(() => writeBody(one, numbers, into)));
  return into.written();
}

/** Pages of 64 KiB that a memory has, and functions that a table has. */
export const PAGES = 256;
export const TABLE_SIZE = 4096;

function calledBy(main: Func): Func[] {
  const found = new Set([main]);
  // here and below by index: `for … of` makes an object for each of some hundred thousand pieces until V8 compiles it with care
  const look = (code: Code): void => {
    for (let i = 0; i < code.length; i++) {
      const piece = code[i]!;
      if (typeof piece === "number") continue;
      if (isCode(piece)) look(piece);
      else if (piece.kind === "call") {
        if (found.has(piece.target)) continue;
        found.add(piece.target);
        look(piece.target.body);
      } else if (piece.kind !== "jump") look(piece.body);
    }
  };
  look(main.body);
  return [...found];
}

function writeBody({ locals, body }: Func, numbers: ReadonlyMap<Func, number>, into: Bytes): void {
  const around: Label[] = [];
  const write = (code: Code): void => {
    for (let i = 0; i < code.length; i++) {
      const piece = code[i]!;
      if (typeof piece === "number") into.addOne(piece);
      else if (isCode(piece)) write(piece);
      else if (piece.kind === "call") into.add(0x10, ...unsigned(numbers.get(piece.target)!));
      else if (piece.kind === "jump") into.add(piece.opcode, ...unsigned(depthOf(piece.to)));
      else {
        into.addOne(OPENS[piece.kind]);
        around.push(piece.label);
        write(piece.body);
        around.pop();
        into.addOne(END);
      }
    }
  };
  const depthOf = (label: Label) => around.length - 1 - around.lastIndexOf(label);
  if (locals === 0) into.add(0);
  else into.add(1, ...unsigned(locals), I32);
  write(body);
  into.addOne(END);
}

function isCode(piece: Exclude<Piece, number>): piece is Code {
  return Array.isArray(piece);
}

/** Bytes while they are written, each once: a log makes a hundred modules. */
class Bytes {
  private bytes = new Uint8Array(2 ** 13);
  private length = 0;

  addOne(byte: number): void {
    if (this.length === this.bytes.length) this.grow();
    this.bytes[this.length++] = byte;
  }

  add(...bytes: number[]): void {
    for (let i = 0; i < bytes.length; i++) this.addOne(bytes[i]!);
  }

  section<Item>(id: number, items: readonly Item[], write: (item: Item) => void): void {
    this.addOne(id);
    this.sized(() => {
      this.add(...unsigned(items.length));
      for (const item of items) write(item);
    });
  }

  /** What `write` adds, and before it how long that is: always in three bytes, as LEB128 may have zeros at its end. */
  sized(write: () => void): void {
    this.add(0, 0, 0);
    const from = this.length;
    write();
    const size = this.length - from;
    this.bytes.set([(size & 0x7f) | 0x80, ((size >> 7) & 0x7f) | 0x80, size >> 14], from - 3);
  }

  written(): Uint8Array<ArrayBuffer> {
    return this.bytes.subarray(0, this.length);
  }

  private grow(): void {
    const bytes = new Uint8Array(this.bytes.length * 2);
    bytes.set(this.bytes);
    this.bytes = bytes;
  }
}

function text(value: string): number[] {
  const bytes = Buffer.from(value);
  return [...unsigned(bytes.length), ...bytes];
}
