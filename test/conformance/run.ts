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

/** A place to work in, and how to leave it as it was. */
export interface Opened {
  target: Target;
  close(): Promise<void>;
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
  const { target, close } = await openTarget(server, bucket);
  const results: Result[] = [];
  try {
    for (const check of suite) {
      results.push(await runCheck(check, target, known ? knownDifferences[known] : {}));
      onResult?.(results.length, suite.length);
    }
  } finally {
    await close();
  }
  return results;
}

/**
 * Finds or makes the bucket.
 * @throws UnusableServerError
 */
export async function openTarget(server: Server, bucket: string | undefined): Promise<Opened> {
  const client = connect(server);
  const place = bucket === undefined ? await makeBucket(server, client) : { name: bucket, isNew: false };
  if (!place.isNew) await open(server, client, place.name);
  const target = {
    ...server,
    client,
    bucket: place.name,
    prefix: `conformance-${randomBytes(4).toString("hex")}/`,
  };
  const close = async () => {
    await sweep(target);
    if (place.isNew) await client.send(new DeleteBucketCommand({ Bucket: place.name }));
    client.destroy();
  };
  return { target, close };
}

async function makeBucket(
  { endpoint }: Server,
  client: Target["client"],
): Promise<{ name: string; isNew: boolean }> {
  const name = `fleetban-conformance-${randomBytes(4).toString("hex")}`;
  try {
    await client.send(new CreateBucketCommand({ Bucket: name }));
    return { name, isNew: true };
  } catch (error) {
    // an answer means that the server is there, but lets nobody make buckets
    if (error instanceof S3ServiceException) return { name: FALLBACK_BUCKET, isNew: false };
    throw unusable(endpoint, "reach the server", error);
  }
}

async function open({ endpoint }: Server, client: Target["client"], bucket: string): Promise<void> {
  try {
    await client.send(new HeadBucketCommand({ Bucket: bucket }));
  } catch (error) {
    throw unusable(endpoint, `use bucket "${bucket}"`, error);
  }
}

function unusable(endpoint: string, what: string, cause: unknown): UnusableServerError {
  const status = cause instanceof S3ServiceException ? ` (HTTP ${cause.$metadata.httpStatusCode})` : "";
  const reason = cause instanceof Error ? cause.message || cause.name : String(cause);
  return new UnusableServerError(
    `cannot ${what} on ${endpoint}: ${reason}${status}; check endpoint and keys, or name a bucket with --bucket`,
    { cause },
  );
}
