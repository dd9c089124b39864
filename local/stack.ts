import { resolve } from "node:path";
import { parseLimits } from "../functions/read/limits.ts";
import type { Credentials, Deployment, UserNames } from "../functions/store/deployment.ts";
import { StackStoppedError } from "./errors.ts";
import { removeExpired } from "./expire.ts";
import { type DataFolder, openDataFolder } from "./folder.ts";
import { type MakeIngest, openIngestQueue, restoreQueue, startIngest } from "./ingestion.ts";
import { keptSetting } from "./kept-setting.ts";
import { ensureAdminKey, LISTS, LOGS } from "./keys.ts";
import type { Poller } from "./poller.ts";
import type { Queue, QueueDepth } from "./queue.ts";
import { announce, thisProcess, withdraw } from "./running.ts";
import { startSchedule } from "./schedule.ts";
import { openDatabase, openObjectStore } from "./servers.ts";
import { ensureSigningKey } from "./signing-key.ts";

export interface StackOptions<Result> {
  dataDir: string;
  handlers: Handlers<Result>;
  /** Where S3 listens; anything but loopback lets other machines in, with their keys. */
  host?: string;
  /** 0: any free port. */
  s3Port?: number;
  retentionDays?: number;
  userNames?: UserNames;
  /** Bounds on what a log may cost, as `parseLimits` reads them. */
  limits?: string;
  /** Takes the dead letters back at the start: whoever starts a stack by hand has mended what was wrong. */
  redrive?: boolean;
  /** Tries before an object becomes a dead letter. */
  maxReceiveCount?: number;
  /** Told of what failed and will be tried again. */
  onError?: (error: unknown) => void;
}

/** The functions that AWS runs as Lambdas, made for the deployment that is being started. */
export interface Handlers<Result> {
  ingest: MakeIngest;
  publish: (deployment: Deployment) => (event: { now?: number }) => Promise<Result>;
}

export interface Stack<Result> {
  deployment: Deployment;
  folder: DataFolder;
  /** Waits until all that was put has been ingested or is a dead letter. @throws DatabaseFailedError, StackStoppedError */
  drain(): Promise<QueueDepth>;
  /** Publishes as of `now` (UTC epoch seconds), else of the clock. */
  publishNow(now?: number): Promise<Result>;
  /** Publishes, and deletes what has expired, on the clock until the stack is stopped. @throws DatabaseFailedError */
  serve(options?: { publishSeconds?: number }): Promise<void>;
  /** Ends what is under way, then the servers. */
  stop(): Promise<void>;
}

const REGION = "us-east-1";
const TABLE = "counters";

/** A year and a month: longer than any ban, and people ask about the same month of last year. */
const RETENTION_DAYS = 396;

const SECONDS_PER_DAY = 86_400;

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
  const onError = options.onError ?? (() => {});
  const end = Promise.withResolvers<never>();
  end.promise.catch(() => {});
  const base = baseDeployment(options, folder, await ensureAdminKey(folder.keys));
  // nothing else of the folder is touched before the database's lock is held
  const database = await openDatabase(folder, base, end.reject);
  opened.push(() => withdraw(folder.running), database.close);
  await announce(folder.running, thisProcess(undefined));
  await ensureSigningKey(folder);
  const queue = await openIngestQueue(folder, options);
  const s3 = await openObjectStore(options, folder, queue);
  opened.push(s3.close);
  const names = await keptSetting(folder.dir, "user-names", options.userNames);
  const limits = await keptSetting(folder.dir, "limits", options.limits);
  const deployment = {
    ...base,
    userNames: names === "plain" ? ("plain" as const) : ("hashed" as const),
    limits: parseLimits(limits ?? ""),
    endpoints: { s3: s3.endpoint, dynamodb: database.endpoint },
  };
  await restoreQueue(folder, deployment, database.tableId, queue);
  const poller = startIngest(options.handlers.ingest, deployment, queue, onError);
  opened.push(poller.stop);
  await announce(folder.running, thisProcess(deployment));
  return stackOf({
    publish: options.handlers.publish(deployment),
    onError,
    folder,
    deployment,
    queue,
    poller,
    opened,
    end,
  });
}

function baseDeployment(
  { retentionDays = RETENTION_DAYS }: StackOptions<unknown>,
  folder: DataFolder,
  credentials: Credentials,
) {
  const signer = { keyFile: folder.signingKey };
  const stored = { logsBucket: LOGS, listsBucket: LISTS, table: TABLE };
  return { region: REGION, ...stored, signer, retentionDays, userNames: "hashed" as UserNames, credentials };
}

interface Running<Result> {
  publish: (event: { now?: number }) => Promise<Result>;
  onError: (error: unknown) => void;
  folder: DataFolder;
  deployment: Deployment;
  queue: Queue;
  poller: Poller;
  opened: Close[];
  end: PromiseWithResolvers<never>;
}

function stackOf<Result>(running: Running<Result>): Stack<Result> {
  const { publish, folder, deployment, queue, poller, opened, end } = running;
  let stopped: Promise<void> | undefined;
  return {
    deployment,
    folder,
    drain: async () => {
      await Promise.race([poller.drain(), end.promise]);
      return queue.depth();
    },
    publishNow: (now) => Promise.race([publish(now === undefined ? {} : { now }), end.promise]),
    serve: ({ publishSeconds = 60 } = {}) => serve(running, publishSeconds),
    stop: () => {
      end.reject(new StackStoppedError(folder.dir));
      stopped ??= closeAll(opened);
      return stopped;
    },
  };
}

async function serve(running: Running<unknown>, publishSeconds: number): Promise<void> {
  const { publish, deployment, onError, opened, end } = running;
  const expire = () => removeExpired(deployment, Math.floor(Date.now() / 1000));
  for (const { everySeconds, run } of [
    { everySeconds: publishSeconds, run: () => publish({}) },
    { everySeconds: SECONDS_PER_DAY, run: expire },
  ]) {
    opened.push(startSchedule({ everySeconds, jitter: 0.1, run, onError }).stop);
  }
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
