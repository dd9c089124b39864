import { once } from "node:events";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { BlockCounts } from "../functions/count/block-counter.ts";
import type { HelpedLog, Helper } from "../functions/count/read-together.ts";
import {
  DONE,
  END,
  FREE,
  FULL,
  type ReadingAnswer,
  type ReadingInput,
  sharedBlocks,
} from "./shared-blocks.ts";

/** Blocks that wait for the thread or are in its hands. */
const PLACES = 4;

export interface ReadingThread extends Helper {
  close(): Promise<void>;
}

/** A second thread that reads logs; undefined on a machine that can run but one. */
export function startReadingThread(trustedProxies: string[]): ReadingThread | undefined {
  return availableParallelism() < 2 ? undefined : new Thread(trustedProxies);
}

class Thread implements ReadingThread {
  private readonly shared = sharedBlocks(PLACES);
  private readonly worker: Worker;
  private readonly failed: Promise<never>;
  private isDead = false;
  /** The next place to be filled, and the next to be read out. */
  private place = 0;
  private oldest = 0;

  constructor(trustedProxies: string[]) {
    const workerData: ReadingInput = { shared: this.shared, trustedProxies };
    this.worker = new Worker(workerFile(), { workerData, resourceLimits: { maxYoungGenerationSizeMb: 4 } });
    this.failed = once(this.worker, "error").then(([error]) => {
      this.isDead = true;
      throw error;
    });
    this.failed.catch(() => {});
  }

  begin(log: HelpedLog): void {
    this.place = this.oldest = 0;
    this.worker.postMessage(log);
  }

  room(): Buffer | undefined {
    const isFree = Atomics.load(this.shared.states, this.place) === FREE;
    return this.isDead || !isFree ? undefined : this.block(this.place);
  }

  take(length: number): void {
    this.shared.lengths[this.place] = length;
    this.fill(FULL);
  }

  setAside(): Buffer | undefined {
    const { oldest } = this;
    const { states, lengths } = this.shared;
    if (Atomics.load(states, oldest) !== DONE) return undefined;
    this.oldest = (oldest + 1) % PLACES;
    const lines = this.block(oldest).subarray(0, lengths[oldest]);
    Atomics.store(states, oldest, FREE);
    return lines;
  }

  async done(): Promise<void> {
    const { value } = Atomics.waitAsync(this.shared.states, this.oldest, FULL);
    await Promise.race([value, this.failed]);
  }

  async end(): Promise<BlockCounts | undefined> {
    if (this.isDead) return undefined;
    try {
      const answer = once(this.worker, "message");
      answer.catch(() => {});
      this.fill(END);
      const [counts] = (await Promise.race([answer, this.failed])) as [ReadingAnswer];
      return counts;
    } catch {
      // a thread that died has counted nothing
      return undefined;
    }
  }

  async close(): Promise<void> {
    await this.worker.terminate();
  }

  private fill(state: number): void {
    Atomics.store(this.shared.states, this.place, state);
    Atomics.notify(this.shared.states, this.place);
    this.place = (this.place + 1) % PLACES;
  }

  private block(place: number): Buffer {
    const { buffer, byteOffset, length } = this.shared.blocks[place]!;
    return Buffer.from(buffer, byteOffset, length);
  }
}

/** Beside this file; in the bundle likewise, under the same name. */
function workerFile(): URL {
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  return new URL(`./reading.worker.${extension}`, import.meta.url);
}
