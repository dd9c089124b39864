import type { S3Event, SQSEvent } from "aws-lambda";
import type { Deployment } from "../../functions/store/deployment.ts";
import { getText } from "../../functions/store/objects.ts";
import { closeStore, openStore } from "../../functions/store/store.ts";
import { putItem, queryItems } from "../../functions/store/table.ts";
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
      if (object !== undefined) await putItem(store.table, { pk: "rows", sk: key, text: object.text });
    }
    return { batchItemFailures: [] };
  };
}

/** All rows that the ingest has put: text by object key. */
export async function readRows(deployment: Deployment): Promise<Record<string, unknown>> {
  const store = openStore(deployment);
  const rows: Record<string, unknown> = {};
  try {
    for await (const { sk, text } of queryItems(store.table, "rows")) rows[sk] = text;
  } finally {
    closeStore(store);
  }
  return rows;
}

function keysOf(event: SQSEvent): string[] {
  const events = event.Records.map((record) => JSON.parse(record.body) as S3Event);
  return events.flatMap(({ Records }) => Records.map((record) => decodeURIComponent(record.s3.object.key)));
}
