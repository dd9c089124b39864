import type { WhatWasRead } from "../functions/count/log-reader.ts";
import { DEFAULT_LIMITS } from "../functions/read/limits.ts";
import type { ReadOptions } from "../functions/read/lines.ts";

/** Memory of two threads: places for blocks of whole lines, which one fills and the other reads, in turn. */
export interface SharedLines {
  /** Whether there is a block in each place, and its length. */
  states: Int32Array;
  lengths: Int32Array;
  blocks: Uint8Array[];
  /** Bytes read so far of the log, as it is packed and unpacked. */
  progress: Float64Array;
  /** Not 0 where nobody wants the rest of the log. */
  stopped: Int32Array;
}

const FREE = 0;
const FULL = 1;
export const PACKED = 0;
export const UNPACKED = 1;

/** A log for the reading thread. */
export interface LogToSift {
  path: string;
  options: Omit<ReadOptions, "afterPiece">;
}

/** How it ended; undefined where the thread could not read it. */
export type Sifted = WhatWasRead | undefined;

const PLACES = 4;
/** No shorter than a line may be. */
const BLOCK = Math.max(128 * 1024, DEFAULT_LIMITS.line + 1);
const NEWLINE = 0x0a;

export function sharedLines(): SharedLines {
  const numbers = (count: number) => new Int32Array(new SharedArrayBuffer(count * 4));
  return {
    states: numbers(PLACES),
    lengths: numbers(PLACES),
    blocks: Array.from({ length: PLACES }, () => new Uint8Array(new SharedArrayBuffer(BLOCK))),
    progress: new Float64Array(new SharedArrayBuffer(16)),
    stopped: numbers(1),
  };
}

/** Puts a log's lines into the places. Blocks its thread until there is room. */
export class LineWriter {
  private readonly shared: SharedLines;
  private place = 0;
  private length = 0;

  constructor(shared: SharedLines) {
    this.shared = shared;
  }

  /** @throws where nobody wants the rest */
  write(bytes: Buffer, start: number, end: number): void {
    if (this.length + end - start >= BLOCK) this.pass();
    if (this.length === 0) this.waitForRoom();
    const block = this.shared.blocks[this.place]!;
    this.length += bytes.copy(block, this.length, start, end);
    block[this.length++] = NEWLINE;
  }

  /** Passes the lines on that were written last. */
  pass(): void {
    if (this.length === 0) return;
    this.shared.lengths[this.place] = this.length;
    setState(this.shared, this.place, FULL);
    this.place = next(this.place);
    this.length = 0;
  }

  private waitForRoom(): void {
    const { states, stopped } = this.shared;
    while (Atomics.load(states, this.place) === FULL) Atomics.wait(states, this.place, FULL);
    if (Atomics.load(stopped, 0) !== 0) throw new Error("nobody wants the rest");
  }
}

/** Takes a log's lines from the places. */
export class LineBlocks {
  private readonly shared: SharedLines;
  private place = 0;

  constructor(shared: SharedLines) {
    this.shared = shared;
    shared.progress.fill(0);
    shared.states.fill(FREE);
    Atomics.store(shared.stopped, 0, 0);
  }

  /** The next block, good until `free` is called; undefined once the writer has ended. @throws what `ended` does */
  async next(ended: Promise<unknown>): Promise<Buffer | undefined> {
    const { states, lengths, blocks } = this.shared;
    let isLast = false;
    while (Atomics.load(states, this.place) === FREE) {
      if (isLast) return undefined;
      const { value } = Atomics.waitAsync(states, this.place, FREE);
      isLast = await Promise.race([Promise.resolve(value).then(() => false), ended.then(() => true)]);
    }
    const { buffer, byteOffset } = blocks[this.place]!;
    return Buffer.from(buffer, byteOffset, lengths[this.place]);
  }

  free(): void {
    setState(this.shared, this.place, FREE);
    this.place = next(this.place);
  }

  /** Tells the writer that nothing more is wanted. */
  stop(): void {
    Atomics.store(this.shared.stopped, 0, 1);
    for (let place = 0; place < PLACES; place++) setState(this.shared, place, FREE);
  }
}

function setState({ states }: SharedLines, place: number, state: number): void {
  Atomics.store(states, place, state);
  Atomics.notify(states, place);
}

function next(place: number): number {
  return (place + 1) % PLACES;
}
