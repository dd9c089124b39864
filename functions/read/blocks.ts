import { FINGERPRINT_BYTES, fingerprintOf } from "./fingerprint.ts";
import type { ByteOffset } from "./offset.ts";

const NEWLINE = 0x0a;

/** Cuts a log into blocks of whole lines, so that two can read it at the same time. */
export class BlockCutter {
  /** The complete lines are the first so many bytes. */
  end: ByteOffset = 0;
  /** The beginning of the line that is not complete yet. */
  private readonly carry: Buffer;
  private carried = 0;
  private readonly last = Buffer.alloc(FINGERPRINT_BYTES);
  private lastLength = 0;

  constructor(longest: number) {
    this.carry = Buffer.allocUnsafe(longest + 1);
  }

  /** Bytes that a block may need for a chunk of that length. */
  room(chunk: number): number {
    return chunk + this.carry.length;
  }

  /**
   * Puts the lines that `chunk` completes into `block`, and returns their length: 0 where it completes none, -1 where the
   * line is longer than a line may be.
   */
  cut(chunk: Buffer, block: Buffer): number {
    const whole = chunk.lastIndexOf(NEWLINE) + 1;
    if (this.carried + (whole > 0 ? 0 : chunk.length) > this.carry.length) return -1;
    if (chunk.length - whole > this.carry.length) return -1;
    let length = 0;
    if (whole > 0) {
      length = this.carry.copy(block, 0, 0, this.carried);
      length += chunk.copy(block, length, 0, whole);
      this.carried = 0;
      this.note(block, length);
    }
    this.carried += chunk.copy(this.carry, this.carried, whole);
    return length;
  }

  /** The unterminated line at the end. */
  tail(): Buffer {
    return this.carry.subarray(0, this.carried);
  }

  /** The last complete line's hash; undefined where there is none. */
  lastLine(): string | undefined {
    return this.end === 0 ? undefined : fingerprintOf(this.last.subarray(0, this.lastLength));
  }

  private note(block: Buffer, length: number): void {
    this.end += length;
    const from = length > 1 ? block.lastIndexOf(NEWLINE, length - 2) + 1 : 0;
    this.lastLength = block.copy(this.last, 0, from, Math.min(length - 1, from + FINGERPRINT_BYTES));
  }
}
