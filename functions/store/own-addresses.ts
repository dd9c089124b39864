import { QueryCommand, type QueryCommandOutput, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { MOST_OWN } from "../count/own-addresses.ts";
import type { Address, EpochSeconds } from "../parse/event.ts";
import { fromAttributes, toAttributes } from "./attributes.ts";
import { raiseAttribute, type Table } from "./table.ts";

/**
 * Notes that a host's logs name these addresses as its own. Adding to a set is repeatable: a repetition changes
 * nothing. Once a host has MOST_OWN no more are noted.
 */
export async function noteOwnAddresses(
  table: Table,
  host: string,
  addresses: readonly Address[],
  expires: EpochSeconds,
): Promise<void> {
  if (addresses.length === 0) return;
  const key = { pk: PARTITION, sk: host };
  try {
    await table.client.send(
      new UpdateItemCommand({
        TableName: table.name,
        Key: toAttributes(key),
        UpdateExpression: "ADD addresses :addresses SET expires = :expires",
        ConditionExpression: "attribute_not_exists(addresses) OR size(addresses) < :most",
        ExpressionAttributeValues: {
          ":addresses": { SS: [...new Set(addresses)].sort().slice(0, MOST_OWN) },
          ":expires": { N: String(expires) },
          ":most": { N: String(MOST_OWN) },
        },
      }),
    );
  } catch (error) {
    if (!(error instanceof Error && error.name === "ConditionalCheckFailedException")) throw error;
    // those that are noted are still its own
    await raiseAttribute(table, key, "expires", expires);
  }
}

/** The addresses of all hosts, at most MOST_OWN of each, the first by text; without what has expired by `now`. */
export async function ownAddresses(table: Table, now: EpochSeconds): Promise<Address[]> {
  const own = new Set<Address>();
  let from: QueryCommandOutput["LastEvaluatedKey"];
  do {
    const page: QueryCommandOutput = await table.client.send(
      new QueryCommand({
        TableName: table.name,
        KeyConditionExpression: "pk = :pk",
        ExpressionAttributeValues: { ":pk": { S: PARTITION } },
        ConsistentRead: true,
        ...(from && { ExclusiveStartKey: from }),
      }),
    );
    for (const item of page.Items ?? []) {
      const { addresses, expires } = fromAttributes(item) as {
        addresses?: Set<Address>;
        expires: EpochSeconds;
      };
      if (expires <= now) continue;
      for (const ip of [...(addresses ?? [])].sort().slice(0, MOST_OWN)) own.add(ip);
    }
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
  return [...own].sort();
}

/** One partition: a fleet has thousands of hosts at most, each written now and then. */
const PARTITION = "own";
