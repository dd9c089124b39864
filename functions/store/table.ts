import { hash } from "node:crypto";
import {
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  type QueryCommandOutput,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { type Attributes, fromAttributes, toAttributes } from "./attributes.ts";

/** A table and the client that reaches it. */
export interface Table {
  client: DynamoDBClient;
  name: string;
}

export type Key = { pk: string; sk: string };

export type Item = Key & Record<string, unknown>;

export async function getItem(table: Table, key: Key): Promise<Item | undefined> {
  const { Item } = await table.client.send(
    new GetItemCommand({ TableName: table.name, Key: toAttributes(key), ConsistentRead: true }),
  );
  return Item && toItem(Item);
}

/** Puts the item, whatever was there. */
export async function putItem(table: Table, item: Item): Promise<void> {
  await table.client.send(new PutItemCommand({ TableName: table.name, Item: toAttributes(item) }));
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
      new PutItemCommand({ TableName: table.name, Item: toAttributes(item), ...condition }),
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
        Key: toAttributes(key),
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
  let from: Attributes | undefined;
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

/** Which of `shards` partitions a key belongs to: `0` to `shards - 1`. */
export function shardOf(key: string, shards: number): number {
  return hash("sha256", key, "buffer").readUInt32BE(0) % shards;
}

function toItem(stored: Attributes): Item {
  return fromAttributes(stored) as Item;
}
