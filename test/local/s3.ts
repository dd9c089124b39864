import { S3Client } from "@aws-sdk/client-s3";
import { onTestFinished } from "vitest";
import type { AccessKey, Grant } from "../../local/s3/access.ts";
import { type RunningS3, type S3Options, startS3 } from "../../local/s3/server.ts";
import { temporaryFolder } from "./folders.ts";

/** Every right in these buckets. */
export function allOf(...buckets: string[]): Grant[] {
  const actions = ["get", "put", "delete", "list"] as const;
  return buckets.flatMap((bucket) => actions.map((action) => ({ action, bucket, prefix: "" })));
}

export const OWNER: AccessKey = { id: "OWNER", secret: "owner's secret", allow: allOf("logs", "lists") };

/** A server with buckets `logs` and `lists`, and a client of whoever is asked for; gone after the test. */
export async function runS3(
  options: Partial<S3Options> = {},
): Promise<RunningS3 & { as(key: AccessKey): S3Client }> {
  const dir = options.dir ?? (await temporaryFolder());
  const s3 = await startS3({ dir, buckets: ["logs", "lists"], keys: [OWNER], ...options });
  onTestFinished(() => s3.close());
  return { ...s3, as: (key) => clientOf(s3.endpoint, key) };
}

export function clientOf(endpoint: string, { id, secret }: AccessKey): S3Client {
  const client = new S3Client({
    endpoint,
    region: "us-east-1",
    forcePathStyle: true,
    maxAttempts: 1,
    credentials: { accessKeyId: id, secretAccessKey: secret },
  });
  onTestFinished(() => client.destroy());
  return client;
}

/** Name and status of the error that the server answered with; "ok" if it did not. */
export async function outcome(answer: Promise<unknown>): Promise<string> {
  try {
    await answer;
    return "ok";
  } catch (error) {
    const { name, $metadata } = error as { name: string; $metadata?: { httpStatusCode?: number } };
    return `${$metadata?.httpStatusCode} ${name}`;
  }
}
