import { openQueue } from "../../../local/queue.ts";

/** What the queue's process is asked, and what it answers, each under the same number. */
export type QueueRequest =
  | { number: number; ask: "send"; body: string }
  | { number: number; ask: "receive" }
  | { number: number; ask: "remove"; handles: string[] }
  | { number: number; ask: "put back"; handles: string[]; delay: number };

export interface QueueAnswer {
  number: number;
  messages?: { id: string; handle: string; body: string }[];
}

const AT_ONCE = 4;

// The stack's own queue on disk, in a process to be killed at any point: what it has acknowledged is there again.
const queue = await openQueue({
  dir: process.argv[2] ?? "",
  visibilityTimeout: 20_000,
  maxReceiveCount: Number.POSITIVE_INFINITY,
  now: Date.now,
});
process.on("message", async (request: QueueRequest) => {
  process.send?.(await answer(request));
});
process.on("disconnect", () => process.exit(0));
process.send?.("ready");

async function answer(request: QueueRequest): Promise<QueueAnswer> {
  const { number } = request;
  if (request.ask === "send") (await queue.send(request.body))();
  else if (request.ask === "remove") for (const handle of request.handles) await queue.remove(handle);
  else if (request.ask === "put back")
    for (const handle of request.handles) queue.putBack(handle, request.delay);
  else {
    const received = await queue.receive(AT_ONCE);
    const messages = received.map(({ messageId: id, receiptHandle: handle, body }) => ({ id, handle, body }));
    return { number, messages };
  }
  return { number };
}
