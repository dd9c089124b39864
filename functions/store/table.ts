import { createHash } from "node:crypto";
import {
  type AttributeValue,
  BatchWriteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  type QueryCommandOutput,
  UpdateItemCommand,
  type WriteRequest,
} from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";

/** A table and the client that reaches it. */
export interface Table {
  client: DynamoDBClient;
  name: string;
}

export interface Key {
  pk: string;
  sk: string;
}

export type Item = Key & Record<string, unknown>;

/** DynamoDB went on throttling after every retry. Nothing is lost: the message comes again. */
export class ThrottledError extends Error {
  override name = "ThrottledError";
}

export async function getItem(table: Table, key: Key): Promise<Item | undefined> {
  const { Item } = await table.client.send(
    new GetItemCommand({ TableName: table.name, Key: marshall(key), ConsistentRead: true }),
  );
  return Item && toItem(Item);
}

/** Puts the item, whatever was there. */
export async function putItem(table: Table, item: Item): Promise<void> {
  await table.client.send(new PutItemCommand({ TableName: table.name, Item: fromItem(item) }));
}

/** Puts the item if its `version` in the table is `before` (0: none there). False: somebody else was faster. */
export async function putVersion(table: Table, item: Item, before: number): Promise<boolean> {
  const condition =
    before === 0
      ? { ConditionExpression: "attribute_not_exists(pk)" }
      : {
          ConditionExpression: "version = :before",
          ExpressionAttributeValues: { ":before": { N: String(before) } },
        };
  try {
    await table.client.send(
      new PutItemCommand({ TableName: table.name, Item: fromItem(item), ...condition }),
    );
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === "ConditionalCheckFailedException") return false;
    throw error;
  }
}

/** Sets a number of an item that may not exist yet, unless it is larger already. */
export async function raiseAttribute(table: Table, key: Key, name: string, value: number): Promise<void> {
  try {
    await table.client.send(
      new UpdateItemCommand({
        TableName: table.name,
        Key: marshall(key),
        UpdateExpression: "SET #name = :value",
        ConditionExpression: "attribute_not_exists(#name) OR #name < :value",
        ExpressionAttributeNames: { "#name": name },
        ExpressionAttributeValues: { ":value": { N: String(value) } },
      }),
    );
  } catch (error) {
    if (!(error instanceof Error && error.name === "ConditionalCheckFailedException")) throw error;
  }
}

/** All items of a partition whose sort key begins with `prefix`, in order of the sort key. */
export async function* queryItems(table: Table, pk: string, prefix = ""): AsyncGenerator<Item> {
  const begins = prefix === "" ? "" : " AND begins_with(sk, :sk)";
  const values = { ":pk": { S: pk }, ...(prefix === "" ? {} : { ":sk": { S: prefix } }) };
  let from: Record<string, AttributeValue> | undefined;
  do {
    const page: QueryCommandOutput = await table.client.send(
      new QueryCommand({
        TableName: table.name,
        KeyConditionExpression: `pk = :pk${begins}`,
        ExpressionAttributeValues: values,
        ConsistentRead: true,
        ...(from && { ExclusiveStartKey: from }),
      }),
    );
    yield* (page.Items ?? []).map(toItem);
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
}

/**
 * Puts and deletes any number of items, in batches, several at once; returns when every one has settled.
 * @throws ThrottledError after MOST_TRIES with unprocessed items left; any other failure of a batch
 */
export async function writeItems(
  table: Table,
  puts: Iterable<Item>,
  deletes: Iterable<Key> = [],
): Promise<void> {
  const batches = batchesOf(requestsOf(puts, deletes));
  const failures: unknown[] = [];
  const worker = async () => {
    for (const batch of batches) {
      if (failures.length > 0) return;
      await writeBatch(table, batch).catch((error: unknown) => failures.push(error));
    }
  };
  await Promise.all(Array.from({ length: CONCURRENT_BATCHES }, worker));
  if (failures.length > 0) throw failures[0];
}

/** Which of `shards` partitions a key belongs to: `0` to `shards - 1`. */
export function shardOf(key: string, shards: number): number {
  return createHash("sha256").update(key).digest().readUInt32BE(0) % shards;
}

/** BatchWriteItem takes 25 items at most. */
const BATCH = 25;
const CONCURRENT_BATCHES = 8;
const MOST_TRIES = 8;
const FIRST_WAIT_MS = 50;

function* requestsOf(puts: Iterable<Item>, deletes: Iterable<Key>): Generator<WriteRequest> {
  for (const { pk, sk } of deletes) yield { DeleteRequest: { Key: marshall({ pk, sk }) } };
  for (const item of puts) yield { PutRequest: { Item: fromItem(item) } };
}

function* batchesOf(requests: Iterable<WriteRequest>): Generator<WriteRequest[]> {
  let batch: WriteRequest[] = [];
  for (const request of requests) {
    batch.push(request);
    if (batch.length === BATCH) {
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}

async function writeBatch(table: Table, batch: WriteRequest[]): Promise<void> {
  let rest = batch;
  for (let tried = 1; rest.length > 0; tried++) {
    const reply = await table.client.send(
      new BatchWriteItemCommand({ RequestItems: { [table.name]: rest } }),
    );
    rest = reply.UnprocessedItems?.[table.name] ?? [];
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

function fromItem(item: Item): Record<string, AttributeValue> {
  return marshall(item, { removeUndefinedValues: true });
}

function toItem(stored: Record<string, AttributeValue>): Item {
  return unmarshall(stored) as Item;
}
