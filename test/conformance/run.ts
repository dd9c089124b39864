import { randomBytes } from "node:crypto";
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  HeadBucketCommand,
  S3ServiceException,
} from "@aws-sdk/client-s3";
import { type Result, runCheck } from "./check.ts";
import { knownDifferences, type ServerName } from "./known.ts";
import { suite } from "./suite.ts";
import { connect, type Server, sweep, type Target } from "./target.ts";

/** Used where the server lets nobody make a bucket, as fleetban's own. */
const FALLBACK_BUCKET = "lists";

export interface Run {
  server: Server;
  /** Where to work; a new one, removed afterwards, if not given. */
  bucket: string | undefined;
  /** Whose deviations are known. */
  known: ServerName | undefined;
  onResult?: (done: number, of: number) => void;
}

/** The server cannot be used as asked; the message says what to do. */
export class UnusableServerError extends Error {
  override readonly name = "UnusableServerError";
}

/**
 * Runs all checks one after the other under a prefix of their own, and cleans up.
 * @throws UnusableServerError
 */
export async function runSuite({ server, bucket, known, onResult }: Run): Promise<Result[]> {
  const client = connect(server);
  const place = await findBucket({ ...server, client, bucket: bucket ?? "", prefix: "" });
  const target: Target = {
    ...server,
    client,
    bucket: place.name,
    prefix: `conformance-${randomBytes(4).toString("hex")}/`,
  };
  const results: Result[] = [];
  try {
    for (const check of suite) {
      results.push(await runCheck(check, target, known ? knownDifferences[known] : {}));
      onResult?.(results.length, suite.length);
    }
  } finally {
    await sweep(target);
    if (place.isNew) await client.send(new DeleteBucketCommand({ Bucket: place.name }));
    client.destroy();
  }
  return results;
}

async function findBucket(target: Target): Promise<{ name: string; isNew: boolean }> {
  const { client, endpoint, bucket } = target;
  if (bucket !== "") {
    await reach(endpoint, client.send(new HeadBucketCommand({ Bucket: bucket })), `open bucket "${bucket}"`);
    return { name: bucket, isNew: false };
  }
  const name = `fleetban-conformance-${randomBytes(4).toString("hex")}`;
  try {
    await client.send(new CreateBucketCommand({ Bucket: name }));
    return { name, isNew: true };
  } catch (error) {
    if (!(error instanceof S3ServiceException)) throw unusable(endpoint, "make a bucket", error);
    await reach(endpoint, client.send(new HeadBucketCommand({ Bucket: FALLBACK_BUCKET })), "make a bucket");
    return { name: FALLBACK_BUCKET, isNew: false };
  }
}

async function reach(endpoint: string, answer: Promise<unknown>, what: string): Promise<void> {
  await answer.catch((error: unknown) => {
    throw unusable(endpoint, what, error);
  });
}

function unusable(endpoint: string, what: string, cause: unknown): UnusableServerError {
  const status = cause instanceof S3ServiceException ? ` (HTTP ${cause.$metadata.httpStatusCode})` : "";
  const reason = cause instanceof Error ? cause.message || cause.name : String(cause);
  return new UnusableServerError(
    `cannot ${what} on ${endpoint}: ${reason}${status}; check endpoint and keys, or name a bucket with --bucket`,
    { cause },
  );
}
