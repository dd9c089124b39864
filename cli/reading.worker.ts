/** The thread that reads blocks of a log beside the one that has opened it. */
import { parentPort, workerData } from "node:worker_threads";
import { BlockCounter } from "../functions/count/block-counter.ts";
import type { HelpedLog } from "../functions/count/read-together.ts";
import { trustedProxyTest } from "../functions/decide/proxies.ts";
import { createLineParser } from "../functions/parse/line.ts";
import { END, type ReadingAnswer, type ReadingInput, type SharedBlocks } from "./shared-blocks.ts";

const { shared, trustedProxies } = workerData as ReadingInput;
const isTrustedProxy = trustedProxyTest({ trustedProxies });
const port = parentPort!;

port.on("message", (log: HelpedLog) => {
  const { logTime, zone } = log;
  const counter = new BlockCounter(createLineParser({ logTime, zone, isTrustedProxy }), log);
  readBlocks(counter, shared);
  const answer: ReadingAnswer = counter.dependsOnOrder ? undefined : counter.counts();
  port.postMessage(answer, answer === undefined ? [] : [answer.entries.buffer]);
});

/** Reads what is put into the places, until the log ends. */
function readBlocks(counter: BlockCounter, { states, blocks }: SharedBlocks): void {
  for (let place = 0; ; place = (place + 1) % blocks.length) {
    Atomics.wait(states, place, 0);
    const length = Atomics.load(states, place);
    if (length !== END) {
      const { buffer, byteOffset } = blocks[place]!;
      counter.take(Buffer.from(buffer, byteOffset, length));
    }
    Atomics.store(states, place, 0);
    if (length === END) return;
  }
}
