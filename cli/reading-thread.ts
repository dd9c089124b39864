import { once } from "node:events";
import { availableParallelism } from "node:os";
import { setTimeout } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import type { BlockCounts } from "../functions/count/block-counter.ts";
import type { HelpedLog, Helper } from "../functions/count/read-together.ts";
import { END, type ReadingAnswer, type ReadingInput, sharedBlocks } from "./shared-blocks.ts";

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
  private place = 0;

  constructor(trustedProxies: string[]) {
    const workerData: ReadingInput = { shared: this.shared, trustedProxies };
    this.worker = new Worker(workerFile(), { workerData });
    this.failed = once(this.worker, "error").then(([error]) => {
      this.isDead = true;
      throw error;
    });
    this.failed.catch(() => {});
  }

  begin(log: HelpedLog): void {
    this.place = 0;
    this.worker.postMessage(log);
  }

  room(): Buffer | undefined {
    if (this.isDead || !this.isFree()) return undefined;
    const { buffer, byteOffset, length } = this.shared.blocks[this.place]!;
    return Buffer.from(buffer, byteOffset, length);
  }

  take(length: number): void {
    Atomics.store(this.shared.states, this.place, length);
    Atomics.notify(this.shared.states, this.place);
    this.place = (this.place + 1) % PLACES;
  }

  async end(): Promise<BlockCounts | undefined> {
    if (this.isDead) return undefined;
    try {
      const answer = once(this.worker, "message");
      answer.catch(() => {});
      while (!this.isFree()) await Promise.race([setTimeout(1), this.failed]);
      this.take(END);
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

  private isFree(): boolean {
    return Atomics.load(this.shared.states, this.place) === 0;
  }
}

/** Beside this file; in the bundle likewise, under the same name. */
function workerFile(): URL {
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  return new URL(`./reading.worker.${extension}`, import.meta.url);
}
