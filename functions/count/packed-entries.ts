import { roomFor } from "./entries.ts";
import { PackedBytes } from "./packed-bytes.ts";
import { mostBytesOf, pack, unpack } from "./packed-form.ts";

/** Bytes that are kept together. */
const CHUNK = 2 ** 20;

/**
 * Entries of many addresses in a third of their room: what a log holds more than one array of them waits like this until it is read
 * out. Each address's are in the order of hours, behind their number.
 */
export class PackedEntries {
  /** How often they were put together from others. */
  readonly level: number;
  /** How many addresses they are of. */
  size = 0;
  private readonly numbers: Uint32Array;
  /** Where each one's entries begin: in which chunk, and where in it. */
  private readonly chunkOf: Uint16Array;
  private readonly places: Uint32Array;
  private readonly chunks: Uint8Array<ArrayBuffer>[] = [];
  private readonly open = new PackedBytes(new Uint8Array(0));
  /** Which one was asked for last: they are asked for in order, mostly. */
  private last = 0;

  /** @param most addresses that will be added */
  constructor(most: number, level: number) {
    this.level = level;
    this.numbers = new Uint32Array(most);
    this.chunkOf = new Uint16Array(most);
    this.places = new Uint32Array(most);
  }

  /** Adds entries `[from, to)`, which are in the order of hours, of an address with a higher number than all that were added. */
  add(address: number, values: Uint32Array, from: number, to: number): void {
    this.makeRoom(mostBytesOf(to - from));
    this.numbers[this.size] = address;
    this.chunkOf[this.size] = this.chunks.length;
    this.places[this.size] = this.open.at;
    this.size++;
    pack(values, from, to, this.open);
  }

  /** To be called when all were added. What room is left is given back, so that none waits for the collector. */
  close(): void {
    this.keepChunk();
    this.open.bytes.buffer.transfer(0);
    this.open.bytes = new Uint8Array(0);
  }

  /** Their numbers, in order. */
  get addresses(): Uint32Array {
    return this.numbers.subarray(0, this.size);
  }

  has(address: number): boolean {
    return this.indexIn(address) >= 0;
  }

  /** How many entries an address has. */
  sizeOf(address: number): number {
    return this.packedOf(address)?.take() ?? 0;
  }

  /** Puts an address's entries into `values` from entry `to` on; returns where they end. */
  unpack(address: number, values: Uint32Array, to: number): number {
    const packed = this.packedOf(address);
    return packed === undefined ? to : unpack(address, packed, values, to);
  }

  /** Calls back with the entries of one address after the other: `[0, to)` of values that are good until the next one's. */
  eachAddress(each: (address: number, values: Uint32Array, to: number) => void): void {
    let values = new Uint32Array(0);
    for (let index = 0; index < this.size; index++) {
      const address = this.numbers[index]!;
      values = roomFor(this.sizeOf(address), values);
      each(address, values, this.unpack(address, values, 0));
    }
  }

  private packedOf(address: number): PackedBytes | undefined {
    const index = this.indexIn(address);
    if (index < 0) return undefined;
    const packed = new PackedBytes(this.chunks[this.chunkOf[index]!]!);
    packed.at = this.places[index]!;
    return packed;
  }

  private indexIn(address: number): number {
    const index = this.indexOf(address);
    if (index >= this.size || this.numbers[index] !== address) return -1;
    this.last = index;
    return index;
  }

  /** The first place whose address is not lower. */
  private indexOf(address: number): number {
    const { numbers, last, size } = this;
    if (numbers[last]! <= address) {
      if (numbers[last] === address) return last;
      if (last + 1 >= size || numbers[last + 1]! >= address) return last + 1;
    }
    let low = 0;
    let high = size;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (numbers[middle]! < address) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private makeRoom(length: number): void {
    const { open } = this;
    if (open.at + length <= open.bytes.length) return;
    this.keepChunk();
    if (length <= open.bytes.length) return;
    open.bytes.buffer.transfer(0);
    open.bytes = new Uint8Array(Math.max(length, CHUNK));
  }

  private keepChunk(): void {
    const { open } = this;
    if (open.at > 0) this.chunks.push(open.bytes.slice(0, open.at));
    open.at = 0;
  }
}
