import { setTimeout as sleep } from "node:timers/promises";
import type { S3EventRecord } from "aws-lambda";
import type { Credentials, Deployment } from "../functions/store/deployment.ts";
import { markSynced } from "./database-state.ts";
import { type LocalDynamoDB, startDynamoDB } from "./dynamodb.ts";
import { StackRunningError } from "./errors.ts";
import type { DataFolder } from "./folder.ts";
import { LISTS, LOGS, readAccessKeys } from "./keys.ts";
import type { Queue } from "./queue.ts";
import { isAlive, readRunning } from "./running.ts";
import { type RunningS3, startS3 } from "./s3/server.ts";

const LOOPBACK = "127.0.0.1";

/**
 * The database of a data folder; its lock makes this process the folder's only one.
 * @throws StackRunningError naming the process that has it, CorruptDataError, DatabaseFailedError
 */
export async function openDatabase(
  folder: DataFolder,
  deployment: Deployment & { credentials: Credentials },
  onFailure: (error: Error) => void,
): Promise<LocalDynamoDB> {
  const database = await startDynamoDB({ dir: folder.dynamodb, deployment, onFailure }).catch(
    async (error) => {
      throw error instanceof StackRunningError ? await namingHolder(folder) : error;
    },
  );
  const close = async () => {
    await database.close();
    // on a full disk the mark stays as it is: then objects are queued again where they need not be
    await markSynced(folder, database.tableId).catch(() => {});
  };
  return { ...database, close };
}

/**
 * The S3 of a data folder: what is put into the logs bucket is in the queue before the sender hears that it is stored.
 * @throws PortError, CorruptDataError
 */
export async function openObjectStore(
  { host = LOOPBACK, s3Port = 0 }: { host?: string; s3Port?: number },
  folder: DataFolder,
  queue: Queue,
): Promise<RunningS3> {
  const keys = readAccessKeys(folder.keys, Date.now);
  // a damaged key is named now, not to the first client
  keys();
  return startS3({
    dir: folder.s3,
    buckets: [LOGS, LISTS],
    keys,
    host,
    port: s3Port,
    notify: (record) => enqueue(queue, record),
  });
}

async function enqueue(queue: Queue, record: S3EventRecord): Promise<() => void> {
  if (record.s3.bucket.name !== LOGS) return () => {};
  return queue.send(JSON.stringify({ Records: [record] }));
}

/** Who has the folder; waited for a little where it has only just begun. */
async function namingHolder(folder: DataFolder): Promise<StackRunningError> {
  for (let tries = 0; tries < 10; tries += 1) {
    const running = await readRunning(folder.running);
    if (running && isAlive(running)) return new StackRunningError(folder.dir, running.pid);
    await sleep(100);
  }
  return new StackRunningError(folder.dir, undefined);
}
