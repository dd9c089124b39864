import { expect, test } from "vitest";
import type { Deployment } from "../../functions/store/deployment.ts";
import { letComeAgain, VisibilityError } from "../../functions/store/queue.ts";
import { startSqs } from "../sqs.ts";

const messages = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ receiptHandle: `handle ${n}`, seconds: n }));

const deploymentWith = (queue: string | undefined, sqs: string): Deployment => ({
  ...{ region: "us-east-1", logsBucket: "logs", listsBucket: "lists", table: "counters" },
  ...{ signer: { keyFile: "" }, retentionDays: 1, userNames: "hashed" },
  endpoints: { sqs },
  credentials: { accessKeyId: "a", secretAccessKey: "b" },
  ...(queue !== undefined && { queue }),
});

test("each message comes again after its own time; ten are told at once", async () => {
  const { queue, endpoint, requests } = await startSqs();
  await letComeAgain(deploymentWith(queue, endpoint), messages(12));
  expect(requests.map(({ QueueUrl }) => QueueUrl)).toEqual([queue, queue]);
  const told = requests.flatMap(({ Entries }) => Entries);
  expect(requests[0]?.Entries).toHaveLength(10);
  expect(
    told.map(({ ReceiptHandle, VisibilityTimeout }) => ({
      receiptHandle: ReceiptHandle,
      seconds: VisibilityTimeout,
    })),
  ).toEqual(messages(12));
});

test("what SQS refuses is said", async () => {
  const { queue, endpoint } = await startSqs((entry) => entry.Id === "1");
  await expect(letComeAgain(deploymentWith(queue, endpoint), messages(2))).rejects.toThrow(VisibilityError);
});

test("without a queue, or messages, nothing is asked", async () => {
  const { queue, endpoint, requests } = await startSqs();
  await letComeAgain(deploymentWith(undefined, endpoint), messages(1));
  await letComeAgain(deploymentWith(queue, endpoint), []);
  expect(requests).toEqual([]);
});
