import { once } from "node:events";
import { mkdir, rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import {
  CreateTableCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  ResourceInUseException,
} from "@aws-sdk/client-dynamodb";
import { dynamoDBClient } from "../functions/store/clients.ts";
import type { Deployment } from "../functions/store/deployment.ts";
import type { WorkerAnswer, WorkerInput } from "./dynamodb.worker.ts";
import { CorruptDataError, DatabaseFailedError, StackRunningError } from "./errors.ts";

export interface DynamoDBOptions {
  /** Folder of the database; made where it is missing. */
  dir: string;
  /** `endpoints` and everything of S3 are not looked at. */
  deployment: Deployment & Required<Pick<Deployment, "credentials">>;
  /** Told once if the database ends by itself, for example on a full disk. */
  onFailure: (error: DatabaseFailedError) => void;
}

export interface LocalDynamoDB {
  endpoint: string;
  /** Another one whenever the table has been made anew. */
  tableId: string;
  close(): Promise<void>;
}

/**
 * A DynamoDB on loopback with the table of the deployment, stored in a LevelDB: dynalite, in a thread of its own. What it
 * has acknowledged outlives a kill: LevelDB hands each write to the system before it answers. Its lock, which the kernel
 * lets go when the process ends, keeps a second stack off the folder.
 * @throws StackRunningError, CorruptDataError, DatabaseFailedError
 */
export async function startDynamoDB(options: DynamoDBOptions): Promise<LocalDynamoDB> {
  for (let tries = 1; ; tries += 1) {
    await mkdir(options.dir, { recursive: true, mode: 0o700 });
    const worker = await startWorker(options);
    try {
      const endpoint = `http://127.0.0.1:${worker.port}`;
      const deployment = { ...options.deployment, endpoints: { dynamodb: endpoint } };
      const tableId = await Promise.race([ensureTable(deployment), worker.failed]);
      worker.failed.catch(options.onFailure);
      return { endpoint, tableId, close: worker.close };
    } catch (error) {
      await worker.close();
      // killed while the table was being made: it can hold no rows, and dynalite would leave it so for ever
      if (error instanceof UnfinishedTableError) await rm(options.dir, { recursive: true });
      // another process came between our check and dynalite; checking again tells
      if (tries === MOST_TRIES) throw error;
    }
  }
}

const MOST_TRIES = 3;

interface RunningWorker {
  port: number;
  /** Rejects when the thread ends by an error. */
  failed: Promise<never>;
  close: () => Promise<void>;
}

async function startWorker({ dir, deployment }: DynamoDBOptions): Promise<RunningWorker> {
  const workerData: WorkerInput = { dir, credentials: deployment.credentials };
  const worker = new Worker(workerFile(), { workerData });
  const failed = once(worker, "error").then(([error]) => {
    throw new DatabaseFailedError(dir, error);
  });
  failed.catch(() => {});
  const [answer] = (await Promise.race([once(worker, "message"), failed])) as [WorkerAnswer];
  if ("refused" in answer) throw refusal(dir, answer);
  return { port: answer.port, failed, close: () => stopWorker(worker) };
}

/** Beside this file; in the bundle likewise, under the same name. */
function workerFile(): URL {
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  return new URL(`./dynamodb.worker.${extension}`, import.meta.url);
}

function refusal(dir: string, { refused, message }: Extract<WorkerAnswer, { refused: string }>): Error {
  if (refused === "locked") return new StackRunningError(dir, undefined);
  if (refused === "failed") return new DatabaseFailedError(dir, new Error(message));
  const remedy = "move that folder away and start again: the counters are made anew from the stored logs";
  return new CorruptDataError(dir, `holds a damaged database (${message})`, remedy);
}

async function stopWorker(worker: Worker): Promise<void> {
  if (worker.threadId < 0) return;
  const exit = once(worker, "exit");
  worker.postMessage("stop");
  await exit;
}

class UnfinishedTableError extends Error {
  override name = "UnfinishedTableError";
}

/** The table's id. @throws UnfinishedTableError where it does not become active */
async function ensureTable(deployment: Deployment): Promise<string> {
  const client = dynamoDBClient(deployment);
  try {
    await createTable(client, deployment.table);
    return await activeTable(client, deployment.table);
  } finally {
    client.destroy();
  }
}

/** Does nothing where it is there already. */
async function createTable(client: DynamoDBClient, table: string): Promise<void> {
  try {
    await client.send(
      new CreateTableCommand({
        TableName: table,
        BillingMode: "PAY_PER_REQUEST",
        AttributeDefinitions: [
          { AttributeName: "pk", AttributeType: "S" },
          { AttributeName: "sk", AttributeType: "S" },
        ],
        KeySchema: [
          { AttributeName: "pk", KeyType: "HASH" },
          { AttributeName: "sk", KeyType: "RANGE" },
        ],
      }),
    );
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error;
  }
}

/** dynalite makes a table active in the next round of its event loop: a second is long. */
async function activeTable(client: DynamoDBClient, table: string): Promise<string> {
  for (let tries = 0; tries < 20; tries += 1) {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: table }));
    if (Table?.TableStatus === "ACTIVE" && Table.TableId) return Table.TableId;
    await sleep(50);
  }
  throw new UnfinishedTableError(`table ${table} does not become active`);
}
