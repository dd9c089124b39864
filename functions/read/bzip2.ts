import { Transform } from "node:stream";
import { Bits } from "./bits.ts";
import { Bzip2Error, readBlock } from "./bzip2-block.ts";

const BLOCK = 0x314159265359;
const END = 0x177245385090;
/** More bytes than a block of 900 kB can take: it is read when so many are there, or all. */
const LONGEST_BLOCK = 1_000_000;

/** A bzip2 decompressor; streams one behind the other are one, anything else behind them is ignored as bzip2 does. */
export function createBunzip2(): Transform {
  const reader = new Bzip2Reader();
  const pump = (transform: Transform, whole: boolean, done: (error?: Error) => void) => {
    try {
      for (let block = reader.next(whole); block !== undefined; block = reader.next(whole))
        transform.push(block);
      done();
    } catch (error) {
      done(error as Error);
    }
  };
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      reader.add(chunk);
      pump(this, false, done);
    },
    flush(done) {
      pump(this, true, done);
    },
  });
}

class Bzip2Reader {
  private pending: Buffer[] = [];
  private length = 0;
  /** Bits of the first pending byte that are done with. */
  private offset = 0;
  /** Numbers for a block of this stream's size; undefined between streams. */
  private work: Int32Array | undefined;
  private streams = 0;
  private over = false;

  add(chunk: Buffer): void {
    if (this.over) return;
    this.pending.push(chunk);
    this.length += chunk.length;
  }

  /** The next block; undefined where more bytes are needed, or there are none. */
  next(whole: boolean): Buffer | undefined {
    while (!this.over && (whole || this.length > LONGEST_BLOCK)) {
      const bytes = this.all();
      if (bytes.length === 0 && this.work === undefined) return undefined;
      const bits = new Bits(bytes);
      bits.position = this.offset;
      const block = this.work === undefined ? this.begin(bits, bytes) : this.read(bits, this.work);
      if (bits.overrun) throw new Bzip2Error("unexpected end of file");
      this.consume(bits.position, bytes);
      if (block !== undefined) return block;
    }
    return undefined;
  }

  private begin(bits: Bits, bytes: Buffer): undefined {
    const level = (bytes[3] ?? 0) - 0x30;
    if (bytes.toString("latin1", 0, 3) !== "BZh" || level < 1 || level > 9) {
      if (this.streams === 0) throw new Bzip2Error("bad header");
      this.over = true;
      return;
    }
    bits.position += 32;
    this.work = new Int32Array(level * 100_000);
  }

  private read(bits: Bits, work: Int32Array): Buffer | undefined {
    const magic = bits.long(48);
    if (magic === BLOCK) {
      const block = readBlock(bits, work);
      return Buffer.from(block.buffer, block.byteOffset, block.byteLength);
    }
    if (magic !== END) throw new Bzip2Error(bits.overrun ? "unexpected end of file" : "bad block");
    bits.long(32);
    bits.toByte();
    this.streams++;
    this.work = undefined;
    return undefined;
  }

  private all(): Buffer {
    const all = this.pending.length === 1 ? this.pending[0]! : Buffer.concat(this.pending);
    this.pending = [all];
    return all;
  }

  private consume(position: number, bytes: Buffer): void {
    const rest = bytes.subarray(position >>> 3);
    this.pending = [rest];
    this.length = rest.length;
    this.offset = position & 7;
  }
}
