import { randomUUID } from "node:crypto";
import type { Context, S3Event, SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import type { CommitContext } from "./count/commit.ts";
import type { Claim } from "./count/ledger.ts";
import { ingestObject } from "./count/object.ts";
import { storedProxyTest } from "./decide/stored-proxies.ts";
import { type Deployment, deploymentFromEnvironment } from "./store/deployment.ts";
import type { ObjectRow } from "./store/ledger.ts";
import { letComeAgain } from "./store/queue.ts";
import { openStore } from "./store/store.ts";
import { userNamer } from "./store/user-names.ts";

export type Ingest = (
  event: SQSEvent,
  context?: Pick<Context, "getRemainingTimeInMillis">,
) => Promise<SQSBatchResponse>;

export interface IngestOptions {
  /** Told of each object that has been dealt with. */
  onObject?: (row: ObjectRow) => void;
  /** Told of each object that must be tried again, and why. */
  onRetry?: (key: string, error: Error) => void;
  /** Whether a claim's owner cannot be at work any more, although its lease has not ended. */
  isDead?: (claim: Claim) => boolean;
  /** Marks the claims of this process. */
  owner?: string;
}

/** Seconds that claims hold where no deadline of a function ends them. */
const LEASE = 3600;
/** Seconds between a function's deadline and the end of its claims: it is certainly dead by then. */
const LEASE_MARGIN = 60;

/**
 * The Lambda function behind the queue: counts every object that the batch's S3 events name. Messages whose objects
 * could not be counted for now are reported back alone and come again soon, the others are done
 * (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html, ReportBatchItemFailures).
 */
export function createIngest(deployment: Deployment, options: IngestOptions = {}): Ingest {
  const store = openStore(deployment);
  const calls = createCalls(options);
  const namer = kept(Number.POSITIVE_INFINITY, () => userNamer(store.lists, deployment.userNames));
  const proxies = kept(POLICY_SECONDS, () => storedProxyTest(store.lists));
  return async (event, lambda) => {
    const deadline = lambda && Date.now() + lambda.getRemainingTimeInMillis();
    const [nameUser, isTrustedProxy] = await Promise.all([namer(), proxies()]);
    const call = calls.begin();
    try {
      const context: CommitContext = {
        store,
        retentionDays: deployment.retentionDays,
        nameUser,
        isTrustedProxy,
        limits: deployment.limits,
        now,
        owner: call.owner,
        leaseEnd: () => (deadline ? Math.ceil(deadline / 1000) + LEASE_MARGIN : now() + LEASE),
        isDead: call.isDead,
      };
      const failed = await failedOf(event.Records, context, options);
      await comeAgain(failed, deployment, options);
      return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
    } finally {
      call.end();
    }
  };
}

/** How long a function goes on with the policy that it has read. */
const POLICY_SECONDS = 60;

/** What `make` gives, made again after so many seconds, and after a failure. */
function kept<T>(seconds: number, make: () => Promise<T>): () => Promise<T> {
  let made: { value: Promise<T>; until: number } | undefined;
  return async () => {
    if (made === undefined || made.until <= now()) made = { value: make(), until: now() + seconds };
    try {
      return await made.value;
    } catch (error) {
      made = undefined;
      throw error;
    }
  };
}

/**
 * Who has which claims. Of its own calls this process knows which are at work: what another, or an earlier object of
 * the same call, has left behind is dead at once. Nothing is written under it, as writes have settled when a call fails.
 */
function createCalls({ owner = "lambda", isDead = () => false }: IngestOptions) {
  const own = `${owner}-${randomUUID()}`;
  const atWork = new Set<string>();
  let count = 0;
  return {
    begin() {
      const name = `${own}-${count++}`;
      atWork.add(name);
      return {
        owner: name,
        isDead: (claim: Claim) =>
          claim.owner.startsWith(own)
            ? claim.owner === name || !atWork.has(claim.owner)
            : isDead(claim) || claim.lease < now(),
        end: () => atWork.delete(name),
      };
    },
  };
}

async function failedOf(messages: SQSRecord[], context: CommitContext, options: IngestOptions) {
  const failed: SQSRecord[] = [];
  for (const message of messages) {
    if (!(await ingestMessage(message, context, options))) failed.push(message);
  }
  return failed;
}

/** Most that failed was busy: the queue's visibility timeout, many minutes, is for functions that died. */
async function comeAgain(messages: SQSRecord[], deployment: Deployment, { onRetry }: IngestOptions) {
  const coming = messages.map(({ receiptHandle, attributes }) => {
    const seconds = retryDelay(Number(attributes.ApproximateReceiveCount));
    return { receiptHandle, seconds };
  });
  try {
    await letComeAgain(deployment, coming);
  } catch (error) {
    onRetry?.("the queue", error as Error);
  }
}

const FIRST_DELAY = 15;
const LONGEST_DELAY = 240;
/** From then on it is no busy log but an outage, which the tries must outlast. */
const QUICK_TRIES = 8;
const OUTAGE_DELAY = 1800;

/** Seconds, twice as many each time and half of them by chance. Eight tries outlast the lease of a function that died. */
function retryDelay(receiveCount: number): number {
  const quick = Math.min(FIRST_DELAY * 2 ** (receiveCount - 1), LONGEST_DELAY);
  const most = receiveCount > QUICK_TRIES ? OUTAGE_DELAY : quick;
  return Math.ceil((most / 2) * (1 + Math.random()));
}

/** Deals with all records of a message, also after one has failed; false if one has to be tried again. */
async function ingestMessage(
  message: SQSRecord,
  context: CommitContext,
  options: IngestOptions,
): Promise<boolean> {
  let done = true;
  const retry = (key: string, error: unknown) => {
    done = false;
    options.onRetry?.(key, error as Error);
  };
  for (const key of keysIn(message, retry)) {
    try {
      // not as an argument of the optional call: without a listener that would not be evaluated
      const row = await ingestObject(key, context);
      options.onObject?.(row);
    } catch (error) {
      retry(key, error);
    }
  }
  return done;
}

/** A body that is no S3 event fails alone, and ends among the dead letters, where somebody sees it. */
function keysIn(message: SQSRecord, retry: (key: string, error: unknown) => void): string[] {
  try {
    return keysOf(message.body);
  } catch (error) {
    retry(`message ${message.messageId}`, error);
    return [];
  }
}

/**
 * Keys of the objects that an S3 event says were created. Keys are URL-encoded, blanks as `+`
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html). S3 sends one
 * `s3:TestEvent`, which has no Records, when notifications are set up.
 * @throws SyntaxError for a body that is not JSON
 */
export function keysOf(body: string): string[] {
  const event = JSON.parse(body) as Partial<S3Event>;
  return (event.Records ?? [])
    .filter((record) => record.eventName.startsWith("ObjectCreated:"))
    .map((record) => decodeURIComponent(record.s3.object.key.replaceAll("+", " ")));
}

function now(): number {
  return Math.floor(Date.now() / 1000);
}

let fromEnvironment: Ingest | undefined;

/** What Lambda calls. */
export const handler: Ingest = async (event, context) => {
  fromEnvironment ??= createIngest(deploymentFromEnvironment(process.env), {
    onObject: ({ key, state, lines, events, reason }) =>
      console.log(JSON.stringify({ key, state, lines, events, reason })),
    onRetry: (key, error) => console.error(JSON.stringify({ key, retry: error.name, reason: error.message })),
  });
  return await fromEnvironment(event, context);
};
