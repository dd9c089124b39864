import { type DynamoDBClient, PutItemCommand, QueryCommand } from "@aws-sdk/client-dynamodb";
import type { S3Event, SQSEvent } from "aws-lambda";
import { dynamoDBClient } from "../../functions/store/clients.ts";
import type { Deployment } from "../../functions/store/deployment.ts";
import { getText } from "../../functions/store/objects.ts";
import { openStore } from "../../functions/store/store.ts";
import type { SqsHandler } from "../../local/poller.ts";
import type { Handlers } from "../../local/stack.ts";

/** A small ingest: reads each object and puts one row, its text. Like the real one, it skips objects that never came. */
export const rowHandlers: Handlers<{ publishedFor: number | undefined }> = {
  ingest: (deployment) => rowIngest(deployment),
  publish:
    () =>
    async ({ now }) => ({ publishedFor: now }),
};

function rowIngest(deployment: Deployment): SqsHandler {
  const store = openStore(deployment);
  return async (event) => {
    for (const key of keysOf(event)) {
      const object = await getText(store.logs, key);
      if (object !== undefined) await putRow(store.table.client, deployment.table, key, object.text);
    }
    return { batchItemFailures: [] };
  };
}

/** All rows that the ingest has put: text by object key. */
export async function readRows(deployment: Deployment): Promise<Record<string, string>> {
  const client = dynamoDBClient(deployment);
  const reply = await client.send(
    new QueryCommand({
      TableName: deployment.table,
      KeyConditionExpression: "pk = :rows",
      ExpressionAttributeValues: { ":rows": { S: "rows" } },
    }),
  );
  client.destroy();
  return Object.fromEntries((reply.Items ?? []).map(({ sk, text }) => [sk?.S, text?.S]));
}

async function putRow(client: DynamoDBClient, table: string, key: string, text: string): Promise<void> {
  const Item = { pk: { S: "rows" }, sk: { S: key }, text: { S: text } };
  await client.send(new PutItemCommand({ TableName: table, Item }));
}

function keysOf(event: SQSEvent): string[] {
  const events = event.Records.map((record) => JSON.parse(record.body) as S3Event);
  return events.flatMap(({ Records }) => Records.map((record) => decodeURIComponent(record.s3.object.key)));
}
