import type { Bits } from "./bits.ts";

/** Damage in a bzip2 file; the code tells it from errors of the source. */
export class Bzip2Error extends Error {
  override name = "Bzip2Error";
  readonly code = "BZIP2_DATA_ERROR";
}

const MOST_TABLES = 6;
const SYMBOLS_PER_SELECTOR = 50;
const LONGEST_CODE = 20;

/** A Huffman table: by length of the code the first code, how many there are, and where their symbols begin. */
interface Table {
  symbols: Uint16Array;
  first: Int32Array;
  count: Int32Array;
  start: Int32Array;
}

/**
 * One block after its magic (there is no standard; the format is what bzip2 1.0's decompress.c reads): Huffman codes, moves to
 * the front and runs, the Burrows-Wheeler transform, and runs again. `work` holds as many numbers as a block has bytes.
 */
export function readBlock(bits: Bits, work: Int32Array): Uint8Array {
  const expected = bits.long(32);
  if (bits.bit() === 1) throw new Bzip2Error("randomised block of a version before 0.9.5");
  const origin = bits.read(24);
  const used = readUsedBytes(bits);
  const symbols = used.length + 2;
  const tableCount = bits.read(3);
  if (used.length === 0 || tableCount < 2 || tableCount > MOST_TABLES)
    throw new Bzip2Error("bad block header");
  const selectors = readSelectors(bits, tableCount);
  const tables = Array.from({ length: tableCount }, () => readTable(bits, symbols));
  const length = readSymbols(bits, { used, selectors, tables }, work);
  if (origin >= length) throw new Bzip2Error("bad origin of a block");
  const block = withoutRuns(untransformed(work, length, origin));
  if (checksum(block) !== expected) throw new Bzip2Error("wrong checksum of a block");
  return block;
}

function readUsedBytes(bits: Bits): number[] {
  const ranges = bits.read(16);
  const used: number[] = [];
  for (let range = 0; range < 16; range++) {
    if (((ranges >>> (15 - range)) & 1) === 0) continue;
    const bytes = bits.read(16);
    for (let i = 0; i < 16; i++) if (((bytes >>> (15 - i)) & 1) === 1) used.push(range * 16 + i);
  }
  return used;
}

function readSelectors(bits: Bits, tableCount: number): Uint8Array {
  const selectors = new Uint8Array(bits.read(15));
  const order = Array.from({ length: tableCount }, (_, i) => i);
  for (let i = 0; i < selectors.length; i++) {
    let place = 0;
    while (bits.bit() === 1) if (++place >= tableCount) throw new Bzip2Error("bad selector");
    const [table] = order.splice(place, 1);
    order.unshift(table!);
    selectors[i] = table!;
  }
  return selectors;
}

function readTable(bits: Bits, symbols: number): Table {
  const lengths = new Uint8Array(symbols);
  let length = bits.read(5);
  for (let symbol = 0; symbol < symbols; symbol++) {
    while (bits.bit() === 1) length += bits.bit() === 0 ? 1 : -1;
    if (length < 1 || length > LONGEST_CODE) throw new Bzip2Error("bad length of a code");
    lengths[symbol] = length;
  }
  return tableOf(lengths);
}

function tableOf(lengths: Uint8Array): Table {
  const count = new Int32Array(LONGEST_CODE + 2);
  for (const length of lengths) count[length]!++;
  const first = new Int32Array(LONGEST_CODE + 2);
  const start = new Int32Array(LONGEST_CODE + 2);
  for (let length = 1; length <= LONGEST_CODE; length++) {
    first[length + 1] = (first[length]! + count[length]!) << 1;
    start[length + 1] = start[length]! + count[length]!;
  }
  const next = start.slice();
  const symbols = new Uint16Array(lengths.length);
  for (const [symbol, length] of lengths.entries()) symbols[next[length]!++] = symbol;
  return { symbols, first, count, start };
}

interface Coding {
  used: readonly number[];
  selectors: Uint8Array;
  tables: readonly Table[];
}

/** Fills `work` with the block's bytes before the transform is undone; gives their number. */
function readSymbols(bits: Bits, { used, selectors, tables }: Coding, work: Int32Array): number {
  const front = Uint8Array.from(used);
  const end = used.length + 1;
  let length = 0;
  let run = 0;
  let weight = 1;
  for (let n = 0; ; n++) {
    const table = tables[selectors[Math.floor(n / SYMBOLS_PER_SELECTOR)] ?? -1];
    if (table === undefined || bits.overrun) throw new Bzip2Error("unexpected end of a block");
    const symbol = readSymbol(bits, table);
    if (symbol <= 1) {
      run += weight << symbol;
      weight *= 2;
      if (run > work.length) throw new Bzip2Error("block too long");
      continue;
    }
    if (length + run > work.length) throw new Bzip2Error("block too long");
    work.fill(front[0]!, length, length + run);
    length += run;
    run = 0;
    weight = 1;
    if (symbol === end) return length;
    const byte = front[symbol - 1]!;
    front.copyWithin(1, 0, symbol - 1);
    front[0] = byte;
    if (length >= work.length) throw new Bzip2Error("block too long");
    work[length++] = byte;
  }
}

function readSymbol(bits: Bits, { symbols, first, count, start }: Table): number {
  for (let length = 1, code = 0; length <= LONGEST_CODE; length++) {
    code = (code << 1) | bits.bit();
    const index = code - first[length]!;
    if (index >= 0 && index < count[length]!) return symbols[start[length]! + index]!;
  }
  throw new Bzip2Error("bad code");
}

/** Undoes the Burrows-Wheeler transform: the upper 24 bits of `work` become where the next byte stands. */
function untransformed(work: Int32Array, length: number, origin: number): Uint8Array {
  const next = new Int32Array(256);
  for (let i = 0; i < length; i++) next[work[i]! & 255]!++;
  for (let byte = 0, sum = 0; byte < 256; byte++) {
    const count = next[byte]!;
    next[byte] = sum;
    sum += count;
  }
  for (let i = 0; i < length; i++) work[next[work[i]! & 255]!++]! |= i << 8;
  const bytes = new Uint8Array(length);
  let at = work[origin]! >>> 8;
  for (let i = 0; i < length; i++) {
    const entry = work[at]!;
    bytes[i] = entry;
    at = entry >>> 8;
  }
  return bytes;
}

/** After four equal bytes stands how many more there are. */
function withoutRuns(bytes: Uint8Array): Uint8Array {
  let length = 0;
  for (let i = 0, run = 0; i < bytes.length; i++) {
    if (run === 4) {
      length += bytes[i]!;
      run = 0;
      continue;
    }
    run = i > 0 && run > 0 && bytes[i] === bytes[i - 1] ? run + 1 : 1;
    length++;
  }
  const out = new Uint8Array(length);
  for (let i = 0, run = 0, to = 0; i < bytes.length; i++) {
    if (run === 4) {
      out.fill(bytes[i - 1]!, to, to + bytes[i]!);
      to += bytes[i]!;
      run = 0;
      continue;
    }
    run = i > 0 && run > 0 && bytes[i] === bytes[i - 1] ? run + 1 : 1;
    out[to++] = bytes[i]!;
  }
  return out;
}

/** CRC-32 with the highest bit first, as bzip2 has it. */
const CRC = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24;
  for (let i = 0; i < 8; i++) crc = crc < 0 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
  return crc;
});

function checksum(bytes: Uint8Array): number {
  let crc = -1;
  for (const byte of bytes) crc = (crc << 8) ^ CRC[(crc >>> 24) ^ byte]!;
  return ~crc >>> 0;
}
