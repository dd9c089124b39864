import { parentPort, workerData } from "node:worker_threads";
import { BlockCounter } from "../functions/count/block-counter.ts";
import type { HelpedLog } from "../functions/count/read-together.ts";
import { trustedProxyTest } from "../functions/decide/proxies.ts";
import { createLineParser } from "../functions/parse/line.ts";
import {
  DONE,
  END,
  FREE,
  FULL,
  type ReadingAnswer,
  type ReadingInput,
  type SharedBlocks,
} from "./shared-blocks.ts";

const { shared, trustedProxies } = workerData as ReadingInput;
const isTrustedProxy = trustedProxyTest({ trustedProxies });
const port = parentPort!;

port.on("message", (log: HelpedLog) => {
  const { logTime, zone } = log;
  const counter = new BlockCounter(createLineParser({ logTime, zone, isTrustedProxy }), log);
  readBlocks(counter, shared);
  const answer: ReadingAnswer = counter.parser.readsEntries ? undefined : counter.counts();
  port.postMessage(answer, answer === undefined ? [] : [answer.entries.buffer]);
});

/** Reads what is put into the places, until the log ends. */
function readBlocks(counter: BlockCounter, { states, lengths, blocks }: SharedBlocks): void {
  for (let place = 0; ; place = (place + 1) % blocks.length) {
    const state = nextIn(states, place);
    if (state !== END) {
      const { buffer, byteOffset } = blocks[place]!;
      lengths[place] = counter.take(Buffer.from(buffer, byteOffset, lengths[place]));
    }
    Atomics.store(states, place, state === END ? FREE : DONE);
    Atomics.notify(states, place);
    if (state === END) return;
  }
}

/** Waits for a block, or the log's end. */
function nextIn(states: Int32Array, place: number): number {
  for (;;) {
    const state = Atomics.load(states, place);
    if (state === FULL || state === END) return state;
    Atomics.wait(states, place, state);
  }
}
