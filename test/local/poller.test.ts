import type { SQSBatchResponse, SQSEvent } from "aws-lambda";
import { expect, onTestFinished, test } from "vitest";
import { type PollerOptions, pollQueue, type SqsHandler } from "../../local/poller.ts";
import { openQueue } from "../../local/queue.ts";
import { temporaryFolder } from "./folders.ts";

/** A queue that gives up after two receipts, polled by the handler; its clock makes every wait for a retry short. */
async function polled(handler: SqsHandler, options: Partial<PollerOptions> = {}) {
  const start = Date.now();
  const now = () => start + (Date.now() - start) * 50;
  const dir = await temporaryFolder();
  const queue = await openQueue({ dir, visibilityTimeout: 900_000, maxReceiveCount: 2, now });
  const errors: unknown[] = [];
  const poller = pollQueue({ queue, handler, now, onError: (error) => errors.push(error), ...options });
  onTestFinished(() => poller.stop());
  const send = async (...bodies: string[]) => {
    const releases = [];
    for (const body of bodies) releases.push(await queue.send(body));
    for (const release of releases) release();
  };
  return { queue, poller, send, errors };
}

const bodiesOf = (event: SQSEvent) => event.Records.map((record) => record.body);
const failing = (event: SQSEvent, ...bodies: string[]): SQSBatchResponse => ({
  batchItemFailures: event.Records.filter((record) => bodies.includes(record.body)).map((record) => ({
    itemIdentifier: record.messageId,
  })),
});

test("the handler gets records as AWS sends them", async () => {
  const events: SQSEvent[] = [];
  const { poller, send } = await polled(async (event) => void events.push(event));
  await send('{"Records":[]}');
  await poller.drain();
  expect(events).toEqual([
    {
      Records: [
        {
          messageId: expect.stringMatching(/^[0-9a-f-]{36}$/),
          receiptHandle: expect.any(String),
          body: '{"Records":[]}',
          attributes: {
            ApproximateReceiveCount: "1",
            SentTimestamp: expect.stringMatching(/^[0-9]{13}$/),
            SenderId: "local",
            ApproximateFirstReceiveTimestamp: expect.stringMatching(/^[0-9]{13}$/),
          },
          messageAttributes: {},
          // printf %s '{"Records":[]}' | md5sum
          md5OfBody: "4166b95044745e0c1033678bdad8d7de",
          eventSource: "aws:sqs",
          eventSourceARN: "arn:aws:sqs:us-east-1:000000000000:fleetban",
          awsRegion: "us-east-1",
        },
      ],
    },
  ]);
});

test("only the messages that the response names come again", async () => {
  const seen: string[][] = [];
  const { poller, send, queue } = await polled(async (event) => {
    seen.push(bodiesOf(event));
    return seen.length === 1 ? failing(event, "b") : { batchItemFailures: [] };
  });
  await send("a", "b", "c");
  await poller.drain();
  expect(seen).toEqual([["a", "b", "c"], ["b"]]);
  expect(queue.depth()).toEqual({ waiting: 0, unreleased: 0, dead: 0 });
});

test("a call that throws fails its whole batch, is told of, and what fails for good ends as dead letters", async () => {
  const seen: string[][] = [];
  const { poller, send, queue, errors } = await polled(async (event) => {
    seen.push(bodiesOf(event));
    throw new Error("no memory");
  });
  await send("a", "b");
  await poller.drain();
  expect(seen).toEqual([
    ["a", "b"],
    ["a", "b"],
  ]);
  expect(errors).toEqual([new Error("no memory"), new Error("no memory")]);
  expect(queue.depth()).toEqual({ waiting: 0, unreleased: 0, dead: 2 });
});

test.each([
  ["an empty identifier", ""],
  ["an identifier of no message", "0b0c9bd2-0000-4000-8000-000000000000"],
])("a response with %s fails the whole batch", async (_, itemIdentifier) => {
  const { poller, send, queue } = await polled(async () => ({ batchItemFailures: [{ itemIdentifier }] }));
  await send("a", "b");
  await poller.drain();
  expect(queue.depth().dead).toBe(2);
});

test("no more messages in a call than the batch size", async () => {
  const seen: number[] = [];
  const { poller, send } = await polled(async (event) => void seen.push(event.Records.length), {
    batchSize: 2,
  });
  await send("a", "b", "c", "d", "e");
  await poller.drain();
  expect(seen).toEqual([2, 2, 1]);
});

test("no more calls at a time than told", async () => {
  let running = 0;
  const most: number[] = [];
  const handler = async () => {
    running += 1;
    most.push(running);
    await new Promise((resolve) => setTimeout(resolve, 20));
    running -= 1;
    return undefined;
  };
  const { poller, send } = await polled(handler, { batchSize: 1, concurrency: 2 });
  await send("a", "b", "c", "d", "e", "f");
  await poller.drain();
  expect(Math.max(...most)).toBe(2);
});

test("stopping waits for the call under way and takes no further message", async () => {
  const started = Promise.withResolvers<void>();
  const finish = Promise.withResolvers<void>();
  const done: string[] = [];
  const { poller, send, queue } = await polled(
    async (event) => {
      started.resolve();
      await finish.promise;
      done.push(...bodiesOf(event));
      return undefined;
    },
    { batchSize: 1 },
  );
  await send("a", "b");
  await started.promise;
  const stopped = poller.stop();
  finish.resolve();
  await stopped;
  expect(done).toEqual(["a"]);
  expect(queue.depth().waiting).toBe(1);
});

test("an idle poller is woken by a message", async () => {
  const seen: string[] = [];
  const { poller, send } = await polled(async (event) => void seen.push(...bodiesOf(event)));
  await new Promise((resolve) => setTimeout(resolve, 50));
  await send("late");
  await poller.drain();
  expect(seen).toEqual(["late"]);
});
