import { type Bucket, type ListedObject, listObjects } from "../functions/store/objects.ts";
import type { Queue } from "./queue.ts";
import { eventRecord } from "./s3/event.ts";

/** Records in one message: each message costs two waits for the disk. */
const RECORDS = 50;

/**
 * Queues every object of the bucket again, as S3 would have when it was created; says how many. Needed where the database
 * may know less than the bucket: it was made anew, or the power went. What had been counted stays counted once.
 */
export async function requeueObjects(bucket: Bucket, region: string, queue: Queue): Promise<number> {
  let batch: ListedObject[] = [];
  let count = 0;
  for await (const object of listObjects(bucket, "")) {
    batch.push(object);
    count += 1;
    if (batch.length < RECORDS) continue;
    await send(bucket, batch, region, queue);
    batch = [];
  }
  if (batch.length > 0) await send(bucket, batch, region, queue);
  return count;
}

async function send(bucket: Bucket, batch: ListedObject[], region: string, queue: Queue): Promise<void> {
  const records = batch.map(({ key, size, etag, modified }) =>
    eventRecord({
      name: "ObjectCreated:Put",
      bucket: bucket.name,
      key,
      size,
      etag,
      at: modified,
      region,
      sequencer: "0".repeat(16),
      keyId: "requeued",
      sourceAddress: "127.0.0.1",
      requestId: "requeued",
    }),
  );
  const release = await queue.send(JSON.stringify({ Records: records }));
  release();
}
