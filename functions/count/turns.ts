import type { BlockCounter } from "./block-counter.ts";
import type { Helper } from "./read-together.ts";

/** Own blocks whose lines may wait for the helper's: a helper that slow is waited for. */
const MOST_WAITING = 256;

/** Keeps the order of blocks that two count, so that lines which depend on earlier ones are read in theirs. */
export class Turns {
  private readonly counter: BlockCounter;
  private readonly helper: Helper;
  /** Lines that were set aside, block by block; undefined for a block that the helper has. */
  private readonly waiting: (Buffer | undefined)[] = [];
  private given = 0;

  constructor(counter: BlockCounter, helper: Helper) {
    this.counter = counter;
    this.helper = helper;
  }

  /** Gives the helper the block that is in its room. */
  give(length: number): void {
    this.helper.take(length);
    this.waiting.push(undefined);
    this.given++;
  }

  /** Counts a block here. */
  take(block: Buffer): void {
    const aside = block.subarray(0, this.counter.take(block));
    if (this.waiting.length === 0) this.counter.takeInOrder(aside);
    else this.waiting.push(Buffer.from(aside));
  }

  /** Reads what was set aside, as far as it is there. */
  goOn(): void {
    while (this.waiting.length > 0) {
      const lines = this.waiting[0] ?? this.helper.setAside();
      if (lines === undefined) return;
      this.counter.takeInOrder(lines);
      this.waiting.shift();
    }
  }

  /** Waits for the helper where too much waits for it. False where it never comes. */
  async catchUp(most = MOST_WAITING): Promise<boolean> {
    this.goOn();
    try {
      while (this.waiting.length > most) {
        await this.helper.done();
        this.goOn();
      }
      return true;
    } catch {
      return false;
    }
  }

  /** Adds what the helper has counted. False where it could not count what it was given. */
  async end(): Promise<boolean> {
    const isDone = await this.catchUp(0);
    const counts = await this.helper.end();
    if (counts !== undefined) this.counter.add(counts);
    return isDone && (counts !== undefined || this.given === 0);
  }
}
