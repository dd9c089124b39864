import { BatchWriteItemCommand, type WriteRequest } from "@aws-sdk/client-dynamodb";
import { toAttributes } from "./attributes.ts";
import type { Item, Key, Table } from "./table.ts";

/** DynamoDB went on throttling after every retry. Nothing is lost: the message comes again. */
export class ThrottledError extends Error {
  override name = "ThrottledError";
}

/** Items to put or keys to delete; made one after the other where there are many. */
export type Many<T> = Iterable<T> | AsyncIterable<T>;

/**
 * Puts and deletes any number of items, in batches, several at once; returns when every one has settled, also where one
 * has failed: no write is under way afterwards.
 * @throws ThrottledError after MOST_TRIES with unprocessed items left; any other failure, of a batch or of an iterable
 */
export async function writeItems(table: Table, puts: Many<Item>, deletes: Many<Key> = []): Promise<void> {
  const batches = batchesOf(requestsOf(puts, deletes));
  const failures: unknown[] = [];
  const work = async () => {
    try {
      for (let next = await batches.next(); !next.done; next = await batches.next()) {
        if (failures.length > 0) return;
        await writeBatch(table, next.value);
      }
    } catch (error) {
      failures.push(error);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENT_BATCHES }, work));
  await batches.return(undefined);
  if (failures.length > 0) throw failures[0];
}

/** BatchWriteItem takes 25 items at most. */
const BATCH = 25;
const CONCURRENT_BATCHES = 8;
const MOST_TRIES = 8;
/** Waits double from here: at most 13 seconds together, half of that on average. */
const FIRST_WAIT_MS = 50;

async function* requestsOf(puts: Many<Item>, deletes: Many<Key>): AsyncGenerator<WriteRequest> {
  for await (const { pk, sk } of deletes) yield { DeleteRequest: { Key: toAttributes({ pk, sk }) } };
  for await (const item of puts) yield { PutRequest: { Item: toAttributes(item) } };
}

/** Of several requests for one item in a batch the last: DynamoDB refuses a batch that has an item twice. */
async function* batchesOf(requests: AsyncIterable<WriteRequest>): AsyncGenerator<WriteRequest[], undefined> {
  const batch = new Map<string, WriteRequest>();
  for await (const request of requests) {
    batch.set(keyOf(request), request);
    if (batch.size === BATCH) {
      yield [...batch.values()];
      batch.clear();
    }
  }
  if (batch.size > 0) yield [...batch.values()];
  return undefined;
}

function keyOf({ PutRequest, DeleteRequest }: WriteRequest): string {
  const { pk, sk } = PutRequest?.Item ?? DeleteRequest?.Key ?? {};
  return `${pk?.S}\n${sk?.S}`;
}

async function writeBatch(table: Table, batch: WriteRequest[]): Promise<void> {
  let rest = batch;
  for (let tried = 1; ; tried++) {
    rest = await unprocessed(table, rest);
    if (rest.length === 0) return;
    if (tried === MOST_TRIES) {
      throw new ThrottledError(
        `${rest.length} rows still unprocessed after ${tried} tries; the object is read again`,
      );
    }
    // full jitter: https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/
    await new Promise((done) => setTimeout(done, Math.random() * FIRST_WAIT_MS * 2 ** tried));
  }
}

/** A batch of which nothing could be written is refused as a whole, after the client's own retries. */
const THROTTLING = new Set([
  "ProvisionedThroughputExceededException",
  "RequestLimitExceeded",
  "ThrottlingException",
]);

async function unprocessed(table: Table, batch: WriteRequest[]): Promise<WriteRequest[]> {
  try {
    const reply = await table.client.send(
      new BatchWriteItemCommand({ RequestItems: { [table.name]: batch } }),
    );
    return reply.UnprocessedItems?.[table.name] ?? [];
  } catch (error) {
    if (error instanceof Error && THROTTLING.has(error.name)) return batch;
    throw error;
  }
}
