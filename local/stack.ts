import { randomUUID } from "node:crypto";
import { resolve } from "node:path";
import { s3Client } from "../functions/store/clients.ts";
import type { Credentials, Deployment, UserNames } from "../functions/store/deployment.ts";
import { markInUse, mayLackCounts } from "./databaseState.ts";
import { StackStoppedError } from "./errors.ts";
import { type DataFolder, openDataFolder } from "./folder.ts";
import { ensureAdminKey, LISTS, LOGS } from "./keys.ts";
import { type Poller, pollQueue, type SqsHandler } from "./poller.ts";
import { openQueue, type Queue, type QueueDepth } from "./queue.ts";
import { requeueObjects } from "./requeue.ts";
import { announce, thisProcess, withdraw } from "./running.ts";
import { startSchedule } from "./schedule.ts";
import { openDatabase, openObjectStore } from "./servers.ts";
import { ensureSigningKey } from "./signingKey.ts";

export interface StackOptions<Result> {
  dataDir: string;
  handlers: Handlers<Result>;
  /** Where S3 listens; anything but loopback lets other machines in, with their keys. */
  host?: string;
  /** 0: any free port. */
  s3Port?: number;
  retentionDays?: number;
  userNames?: UserNames;
  /** Takes the dead letters back at the start: whoever starts a stack by hand has mended what was wrong. */
  redrive?: boolean;
  /** Tries before an object becomes a dead letter. */
  maxReceiveCount?: number;
  /** Told of what failed and will be tried again. */
  onError?: (error: unknown) => void;
}

/** The functions that AWS runs as Lambdas, made for the deployment that is being started. */
export interface Handlers<Result> {
  ingest: (deployment: Deployment, claims: LocalClaims) => SqsHandler;
  publish: (deployment: Deployment) => (event: { now?: number }) => Promise<Result>;
}

/**
 * Claims need no lease here: one process alone has the folder, so whatever another one claimed, it is dead. After a kill
 * nobody waits.
 */
export interface LocalClaims {
  owner: string;
  isDead: (claim: { owner: string }) => boolean;
}

export interface Stack<Result> {
  deployment: Deployment;
  folder: DataFolder;
  /** Waits until all that was put has been ingested or is a dead letter. @throws DatabaseFailedError, StackStoppedError */
  drain(): Promise<QueueDepth>;
  /** Publishes as of `now` (UTC epoch seconds), else of the clock. */
  publishNow(now?: number): Promise<Result>;
  /** Publishes on the clock until the stack is stopped. @throws DatabaseFailedError */
  serve(options?: { publishSeconds?: number }): Promise<void>;
  /** Ends what is under way, then the servers. */
  stop(): Promise<void>;
}

const REGION = "us-east-1";
const TABLE = "counters";

/** A year and a month: longer than any ban, and people ask about the same month of last year. */
const RETENTION_DAYS = 396;

/** A Lambda function's longest run. */
const VISIBILITY_MS = 900_000;

/** Two minutes of trying, with the poller's delays. */
const MAX_RECEIVE_COUNT = 8;

type Close = () => Promise<void>;

/**
 * Starts the whole system in this process: S3 and DynamoDB on loopback, the queue between them, the handlers that AWS
 * would call. All its data lie in `dataDir`; killed at any point, it goes on from there at the next start.
 * @throws UnusableFolderError, ForeignFolderError, DataVersionError, CorruptDataError, StackRunningError,
 *   PortError
 */
export async function startStack<Result>(options: StackOptions<Result>): Promise<Stack<Result>> {
  const folder = await openDataFolder(resolve(options.dataDir));
  const opened: Close[] = [];
  try {
    return await start(options, folder, opened);
  } catch (error) {
    await closeAll(opened);
    throw error;
  }
}

async function start<Result>(
  options: StackOptions<Result>,
  folder: DataFolder,
  opened: Close[],
): Promise<Stack<Result>> {
  const end = Promise.withResolvers<never>();
  end.promise.catch(() => {});
  const base = baseDeployment(options, folder, await ensureAdminKey(folder.keys));
  // nothing else of the folder is touched before the database's lock is held
  const database = await openDatabase(folder, base, end.reject);
  opened.push(() => withdraw(folder.running), database.close);
  await announce(folder.running, thisProcess(undefined));
  await ensureSigningKey(folder);
  const queue = await openQueue({
    dir: folder.queue,
    visibilityTimeout: VISIBILITY_MS,
    maxReceiveCount: options.maxReceiveCount ?? MAX_RECEIVE_COUNT,
    now: Date.now,
  });
  const s3 = await openObjectStore(options, folder, queue);
  opened.push(s3.close);
  const deployment = { ...base, endpoints: { s3: s3.endpoint, dynamodb: database.endpoint } };
  if (options.redrive ?? true) await queue.redrive();
  await restoreQueue(folder, deployment, database.tableId, queue);
  const poller = startIngest(options, deployment, queue);
  opened.push(poller.stop);
  await announce(folder.running, thisProcess(deployment));
  return stackOf({ options, folder, deployment, queue, poller, opened, end });
}

function baseDeployment(
  { retentionDays = RETENTION_DAYS, userNames = "hashed" }: StackOptions<unknown>,
  folder: DataFolder,
  credentials: Credentials,
) {
  const signer = { keyFile: folder.signingKey };
  const stored = { logsBucket: LOGS, listsBucket: LISTS, table: TABLE };
  return { region: REGION, ...stored, signer, retentionDays, userNames, credentials };
}

/** Queues again what the database may not have counted. */
async function restoreQueue(
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

function startIngest(options: StackOptions<unknown>, deployment: Deployment, queue: Queue): Poller {
  const owner = `local-${randomUUID()}`;
  const isDead = (claim: { owner: string }) => !claim.owner.startsWith(owner);
  const handler = options.handlers.ingest(deployment, { owner, isDead });
  return pollQueue({ queue, handler, now: Date.now, ...(options.onError && { onError: options.onError }) });
}

interface Running<Result> {
  options: StackOptions<Result>;
  folder: DataFolder;
  deployment: Deployment;
  queue: Queue;
  poller: Poller;
  opened: Close[];
  end: PromiseWithResolvers<never>;
}

function stackOf<Result>(running: Running<Result>): Stack<Result> {
  const { folder, deployment, queue, poller, opened, end } = running;
  const publish = running.options.handlers.publish(deployment);
  let stopped: Promise<void> | undefined;
  return {
    deployment,
    folder,
    drain: async () => {
      await Promise.race([poller.drain(), end.promise]);
      return queue.depth();
    },
    publishNow: (now) => Promise.race([publish(now === undefined ? {} : { now }), end.promise]),
    serve: ({ publishSeconds = 60 } = {}) => serve(running, () => publish({}), publishSeconds),
    stop: () => {
      end.reject(new StackStoppedError(folder.dir));
      stopped ??= closeAll(opened);
      return stopped;
    },
  };
}

async function serve(
  { options, opened, end }: Running<unknown>,
  publish: () => Promise<unknown>,
  seconds: number,
) {
  const onError = options.onError ?? (() => {});
  opened.push(startSchedule({ everySeconds: seconds, jitter: 0.1, run: publish, onError }).stop);
  await end.promise.catch((error) => {
    if (!(error instanceof StackStoppedError)) throw error;
  });
}

/** The last opened first; each, also after one has failed. */
async function closeAll(opened: Close[]): Promise<void> {
  const errors: unknown[] = [];
  for (const close of opened.splice(0).reverse()) await close().catch((error) => errors.push(error));
  if (errors.length > 0) throw errors[0];
}
