import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import type { Message, Queue } from "./queue.ts";
import type { Milliseconds } from "./queue-files.ts";

/** As AWS does it for an event source mapping that reports batch item failures. */
export type SqsHandler = (event: SQSEvent) => Promise<SQSBatchResponse | undefined>;

export interface PollerOptions {
  queue: Queue;
  handler: SqsHandler;
  now: () => Milliseconds;
  /** Messages a call. AWS's own default. */
  batchSize?: number;
  /** Calls at a time. */
  concurrency?: number;
  /** Told of each call that failed as a whole. */
  onError?: (error: unknown) => void;
}

export interface Poller {
  /** Settles when every released message has been worked off, or is a dead letter. */
  drain(): Promise<void>;
  /** Takes no more messages; settles when the calls under way have ended. */
  stop(): Promise<void>;
}

/** A failed message comes back after 1, 2, 4 … seconds, so that what is only busy is soon tried again. */
const LONGEST_RETRY: Milliseconds = 30_000;

/** Gives the queue's messages to a Lambda handler until stopped. */
export function pollQueue(options: PollerOptions): Poller {
  const stopping = new AbortController();
  const loops = Array.from({ length: options.concurrency ?? 1 }, () => poll(options, stopping.signal));
  return {
    drain: () => drain(options.queue),
    stop: async () => {
      stopping.abort();
      await Promise.all(loops);
    },
  };
}

async function poll(options: PollerOptions, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      const messages = await options.queue.receive(options.batchSize ?? 10);
      if (messages.length > 0) await work(options, messages);
      else await waitForMessages(options, signal);
    } catch (error) {
      // the disk's; the messages taken are hidden, so this does not spin
      options.onError?.(error);
    }
  }
}

async function work({ queue, handler, onError }: PollerOptions, messages: Message[]): Promise<void> {
  const failed = await callHandler(handler, messages, onError);
  await Promise.all(
    messages.map(async (message) => {
      if (failed.has(message.messageId))
        queue.putBack(message.receiptHandle, retryDelay(message.receiveCount));
      else await queue.remove(message.receiptHandle);
    }),
  );
}

/** The ids of the messages that failed. */
async function callHandler(
  handler: SqsHandler,
  messages: Message[],
  onError: PollerOptions["onError"],
): Promise<Set<string>> {
  const all = new Set(messages.map((message) => message.messageId));
  try {
    const response = await handler({ Records: messages.map(toRecord) });
    const failed = (response?.batchItemFailures ?? []).map((failure) => failure.itemIdentifier);
    // AWS takes an answer that names no message of the batch for a failure of the whole batch:
    // https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
    return failed.every((id) => all.has(id)) ? new Set(failed) : all;
  } catch (error) {
    onError?.(error);
    return all;
  }
}

function retryDelay(receiveCount: number): Milliseconds {
  return Math.min(1000 * 2 ** (receiveCount - 1), LONGEST_RETRY);
}

async function drain(queue: Queue): Promise<void> {
  while (queue.depth().waiting > 0) await queue.changed();
}

async function waitForMessages({ queue, now }: PollerOptions, signal: AbortSignal): Promise<void> {
  const next = queue.nextVisibleAt() ?? Number.POSITIVE_INFINITY;
  if (next <= now() || signal.aborted) return;
  const waited = new AbortController();
  const either = AbortSignal.any([signal, waited.signal]);
  const time = sleep(Math.min(next - now(), LONGEST_RETRY), undefined, { signal: either }).catch(() => {});
  await Promise.race([time, queue.changed()]);
  waited.abort();
}

/** https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html */
function toRecord(message: Message): SQSRecord {
  return {
    messageId: message.messageId,
    receiptHandle: message.receiptHandle,
    body: message.body,
    attributes: {
      ApproximateReceiveCount: String(message.receiveCount),
      SentTimestamp: String(message.sentAt),
      SenderId: "local",
      ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt),
    },
    messageAttributes: {},
    md5OfBody: createHash("md5").update(message.body).digest("hex"),
    eventSource: "aws:sqs",
    eventSourceARN: "arn:aws:sqs:us-east-1:000000000000:fleetban",
    awsRegion: "us-east-1",
  };
}
