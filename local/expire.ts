import { ScanCommand } from "@aws-sdk/client-dynamodb";
import { writeItems } from "../functions/store/batch.ts";
import type { Deployment } from "../functions/store/deployment.ts";
import { closeStore, openStore } from "../functions/store/store.ts";
import type { Key, Table } from "../functions/store/table.ts";

/**
 * Deletes the items whose `expires` (UTC epoch seconds) has passed, as DynamoDB's TTL does and dynalite does not; says how
 * many. Readers ignore them before that.
 */
export async function removeExpired(deployment: Deployment, now: number): Promise<number> {
  const store = openStore(deployment);
  try {
    let count = 0;
    for await (const keys of expiredKeys(store.table, now)) {
      await writeItems(store.table, [], keys);
      count += keys.length;
    }
    return count;
  } finally {
    closeStore(store);
  }
}

/** A page at a time: DynamoDB reads 1 MB of items for each. */
async function* expiredKeys(table: Table, now: number): AsyncGenerator<Key[]> {
  let start: Record<string, never> | undefined;
  do {
    const page = await table.client.send(
      new ScanCommand({
        TableName: table.name,
        ProjectionExpression: "pk, sk",
        FilterExpression: "#expires < :now",
        ExpressionAttributeNames: { "#expires": "expires" },
        ExpressionAttributeValues: { ":now": { N: String(now) } },
        ...(start && { ExclusiveStartKey: start }),
      }),
    );
    yield (page.Items ?? []).map(({ pk, sk }) => ({ pk: pk?.S as string, sk: sk?.S as string }));
    start = page.LastEvaluatedKey as typeof start;
  } while (start);
}
