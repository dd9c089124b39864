import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import {
  DeleteObjectsCommand,
  HeadObjectCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  S3Client,
  type S3ClientConfig,
  S3ServiceException,
} from "@aws-sdk/client-s3";

/** Which server to look at, and as whom. */
export interface Server {
  endpoint: string;
  region: string;
  accessKey: string;
  secretKey: string;
}

/** A server, a bucket in it, and a prefix that is ours alone. */
export interface Target extends Server {
  bucket: string;
  prefix: string;
  client: S3Client;
}

export function connect(server: Server): S3Client {
  return new S3Client(clientConfig(server));
}

/** Without retries: where two writers race, a repeated request would hide who won. */
export function clientConfig({ endpoint, region, accessKey, secretKey }: Server): S3ClientConfig {
  const credentials = { accessKeyId: accessKey, secretAccessKey: secretKey };
  return { endpoint, region, credentials, forcePathStyle: true, maxAttempts: 1 };
}

/** A key that no other check uses. */
export function newKey(target: Target, name = "object"): string {
  return `${target.prefix}${randomBytes(4).toString("hex")}/${name}`;
}

/** Puts a small object and returns its ETag, quotes and all. */
export async function putText(target: Target, key: string, text: string): Promise<string> {
  const { ETag } = await target.client.send(
    new PutObjectCommand({ Bucket: target.bucket, Key: key, Body: text }),
  );
  assert.ok(ETag, "PutObject gives an ETag");
  return ETag;
}

/** Asserts that the server refuses with that status and, where the answer has a body, one of these codes. */
export async function refuses(answer: Promise<unknown>, status: number, ...codes: string[]): Promise<void> {
  const error = await answer.then(
    () => assert.fail(`accepted; expected ${status} ${codes.join(" or ")}`),
    (error: unknown) => error,
  );
  if (!(error instanceof S3ServiceException)) throw error;
  assert.equal(error.$metadata.httpStatusCode, status, `${error.name} ${error.message}`);
  if (codes.length > 0)
    assert.ok(codes.includes(error.name), `${error.name}, expected ${codes.join(" or ")}`);
}

/** Asserts that nothing is stored under the key. */
export async function absent(target: Target, key: string): Promise<void> {
  await refuses(target.client.send(new HeadObjectCommand({ Bucket: target.bucket, Key: key })), 404);
}

/** Removes all that the checks left behind. */
export async function sweep(target: Target): Promise<void> {
  const pages = paginateListObjectsV2(
    { client: target.client },
    { Bucket: target.bucket, Prefix: target.prefix },
  );
  for await (const { Contents = [] } of pages) {
    const Objects = Contents.map(({ Key }) => ({ Key }));
    if (Objects.length === 0) continue;
    await target.client.send(new DeleteObjectsCommand({ Bucket: target.bucket, Delete: { Objects } }));
  }
}
