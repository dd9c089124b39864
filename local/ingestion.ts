import { randomUUID } from "node:crypto";
import { s3Client } from "../functions/store/clients.ts";
import type { Deployment } from "../functions/store/deployment.ts";
import { markInUse, mayLackCounts } from "./database-state.ts";
import type { DataFolder } from "./folder.ts";
import { type Poller, pollQueue, type SqsHandler } from "./poller.ts";
import { openQueue, type Queue } from "./queue.ts";
import { requeueObjects } from "./requeue.ts";

/** Makes the ingest function for a deployment. */
export type MakeIngest = (deployment: Deployment, claims: LocalClaims) => SqsHandler;

/**
 * Claims need no lease here: one process alone has the folder, so whatever another one claimed, it is dead. After a kill
 * nobody waits.
 */
export interface LocalClaims {
  owner: string;
  isDead: (claim: { owner: string }) => boolean;
}

/** A Lambda function's longest run. */
const VISIBILITY_MS = 900_000;

/** Two minutes of trying, with the poller's delays. */
const MAX_RECEIVE_COUNT = 8;

/** The queue between S3 and the ingest, as it was left; `redrive` takes the dead letters back. */
export async function openIngestQueue(
  folder: DataFolder,
  { redrive = true, maxReceiveCount = MAX_RECEIVE_COUNT }: { redrive?: boolean; maxReceiveCount?: number },
): Promise<Queue> {
  const queue = await openQueue({
    dir: folder.queue,
    visibilityTimeout: VISIBILITY_MS,
    maxReceiveCount,
    now: Date.now,
  });
  if (redrive) await queue.redrive();
  return queue;
}

/** Queues again what the database may not have counted. */
export async function restoreQueue(
  folder: DataFolder,
  deployment: Deployment,
  tableId: string,
  queue: Queue,
): Promise<void> {
  if (await mayLackCounts(folder, tableId)) {
    const client = s3Client(deployment);
    await requeueObjects({ client, name: deployment.logsBucket }, deployment.region, queue);
    client.destroy();
  }
  await markInUse(folder, tableId);
}

/** Gives the queue's messages to the ingest, as an event source mapping does. */
export function startIngest(
  makeIngest: MakeIngest,
  deployment: Deployment,
  queue: Queue,
  onError: (error: unknown) => void,
): Poller {
  const owner = `local-${randomUUID()}`;
  // a replay from another process has a lease
  const isDead = (claim: { owner: string }) =>
    claim.owner.startsWith("local-") && !claim.owner.startsWith(owner);
  return pollQueue({ queue, handler: makeIngest(deployment, { owner, isDead }), now: Date.now, onError });
}
