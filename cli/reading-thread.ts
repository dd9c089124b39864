import { once } from "node:events";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { type LogReader, ReadingFailed } from "../functions/count/log-reader.ts";
import type { OnLine } from "../functions/read/lines.ts";
import { LineBlocks, type LogToSift, PACKED, type Sifted, sharedLines, UNPACKED } from "./shared-lines.ts";

const NEWLINE = 0x0a;

/** A second thread that unpacks logs and sifts their lines while this one counts what they say. */
export interface ReadingThread {
  /**
   * Reads a file, one at a time. Gives the lines that may tell of a login, in order, without their offsets and numbers; throws
   * `ReadingFailed` where the file has to be read without the thread. `told` of the bytes read.
   */
  readerOf(path: string, told: (bytes: number) => void): LogReader;
  close(): Promise<void>;
}

/** Undefined on a machine that can run but one. */
export function startReadingThread(): ReadingThread | undefined {
  return availableParallelism() < 2 ? undefined : new Thread();
}

class Thread implements ReadingThread {
  private readonly shared = sharedLines();
  private readonly worker: Worker;
  private readonly failed: Promise<never>;

  constructor() {
    const resourceLimits = { maxYoungGenerationSizeMb: 4 };
    this.worker = new Worker(workerFile(), { workerData: this.shared, resourceLimits });
    const fail = (cause?: unknown) => {
      throw new ReadingFailed("the reading thread died", { cause });
    };
    this.failed = once(this.worker, "exit").then(() => fail(), fail);
    this.failed.catch(() => {});
  }

  readerOf(path: string, told: (bytes: number) => void): LogReader {
    return async ({ afterPiece, ...options }, onLine) => {
      const blocks = new LineBlocks(this.shared);
      const answer = this.ask({ path, options });
      let packed = 0;
      const afterBlock = () => {
        const { progress } = this.shared;
        told(progress[PACKED]! - packed);
        packed = progress[PACKED]!;
        afterPiece?.(progress[UNPACKED]!);
      };
      try {
        for (let block = await blocks.next(answer); block !== undefined; block = await blocks.next(answer)) {
          eachLine(block, onLine);
          blocks.free();
          afterBlock();
        }
      } catch (cause) {
        blocks.stop();
        await answer.catch(() => {});
        throw new ReadingFailed(`${path} has to be read alone`, { cause });
      }
      afterBlock();
      const read = await answer;
      if (read === undefined) throw new ReadingFailed(`${path} could not be read by the thread`);
      return read;
    };
  }

  async close(): Promise<void> {
    await this.worker.terminate();
  }

  private async ask(log: LogToSift): Promise<Sifted> {
    const answer = once(this.worker, "message");
    answer.catch(() => {});
    this.worker.postMessage(log);
    const [read] = (await Promise.race([answer, this.failed])) as [Sifted];
    return read;
  }
}

function eachLine(block: Buffer, onLine: OnLine): void {
  let start = 0;
  for (let end = block.indexOf(NEWLINE); end >= 0; end = block.indexOf(NEWLINE, start)) {
    onLine(block, start, end, 0, 0);
    start = end + 1;
  }
}

/** Beside this file; in the bundle likewise, under the same name. */
function workerFile(): URL {
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  return new URL(`./reading.worker.${extension}`, import.meta.url);
}
