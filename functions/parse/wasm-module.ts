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
  const funcs = [...imported, ...own];
  const types = [...new Set([2, ...funcs.map(({ params }) => params)])];
  const typeOf = ({ params }: Func) => unsigned(types.indexOf(params));
  const limits = (most: number) => [0x01, ...unsigned(most), ...unsigned(most)];
  const fromEnv = (name: string, ...kind: number[]) => [...text("env"), ...text(name), ...kind];
  const imports = [
    ...imported.map((one) => fromEnv(one.imported!, 0x00, ...typeOf(one))),
    fromEnv("memory", 0x02, ...limits(PAGES)),
    fromEnv("table", 0x01, 0x70, ...limits(TABLE_SIZE)),
  ];
  const numbers = (count: number) => new Array<number>(count).fill(I32);
  const sections = [
    section(1, vector(types.map((params) => [0x60, ...unsigned(params), ...numbers(params), 1, I32]))),
    section(2, vector(imports)),
    section(3, vector(own.map(typeOf))),
    section(7, vector([[...text("main"), 0x00, ...unsigned(funcs.indexOf(main))]])),
    section(10, vector(own.map((one) => sized(bodyOf(one, funcs))))),
  ];
  return new Uint8Array([0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...sections.flat()]);
}

/** Pages of 64 KiB that a memory has, and functions that a table has. */
export const PAGES = 256;
export const TABLE_SIZE = 4096;

function calledBy(main: Func): Func[] {
  const found = new Set([main]);
  const look = (code: Code): void => {
    for (const piece of code) {
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

function bodyOf({ locals, body }: Func, funcs: readonly Func[]): number[] {
  const bytes = locals === 0 ? [0] : [1, ...unsigned(locals), I32];
  const around: Label[] = [];
  const write = (code: Code): void => {
    for (const piece of code) {
      if (typeof piece === "number") bytes.push(piece);
      else if (isCode(piece)) write(piece);
      else if (piece.kind === "call") bytes.push(0x10, ...unsigned(funcs.indexOf(piece.target)));
      else if (piece.kind === "jump") bytes.push(piece.opcode, ...unsigned(depthOf(piece.to)));
      else {
        bytes.push(OPENS[piece.kind]);
        around.push(piece.label);
        write(piece.body);
        around.pop();
        bytes.push(END);
      }
    }
  };
  const depthOf = (label: Label) => around.length - 1 - around.lastIndexOf(label);
  write(body);
  bytes.push(END);
  return bytes;
}

function isCode(piece: Exclude<Piece, number>): piece is Code {
  return Array.isArray(piece);
}

function section(id: number, content: number[]): number[] {
  return [id, ...sized(content)];
}

function sized(content: readonly number[]): number[] {
  return [...unsigned(content.length), ...content];
}

function vector(items: readonly (readonly number[])[]): number[] {
  return [...unsigned(items.length), ...items.flat()];
}

function text(value: string): number[] {
  return sized([...Buffer.from(value)]);
}
