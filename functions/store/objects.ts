import type { Readable } from "node:stream";
import {
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandOutput,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import type { EpochSeconds } from "../parse/event.ts";

/** A bucket and the client that reaches it. */
export interface Bucket {
  client: S3Client;
  name: string;
}

/** An object as it is read: its bytes as a stream, and what is known of them. */
export interface StoredObject {
  body: Readable;
  etag: string;
  size: number;
  modified: EpochSeconds;
  /** User metadata, names without `x-amz-meta-`. */
  metadata: Record<string, string>;
}

/** On which condition a write is made: the key is new, or still holds this ETag. */
export type WriteCondition = { ifNoneMatch: "*" } | { ifMatch: string } | undefined;

export interface PutOptions {
  type?: string;
  condition?: WriteCondition;
  metadata?: Record<string, string>;
  /** Bytes of a body that is a stream. */
  length?: number;
}

export interface ListedObject {
  key: string;
  etag: string;
  size: number;
  modified: EpochSeconds;
}

/** The object, or undefined where there is none. The caller reads `body` to its end or destroys it. */
export async function getObject(bucket: Bucket, key: string): Promise<StoredObject | undefined> {
  try {
    const reply = await bucket.client.send(new GetObjectCommand({ Bucket: bucket.name, Key: key }));
    return {
      body: reply.Body as Readable,
      etag: unquoted(reply.ETag),
      size: reply.ContentLength ?? 0,
      modified: seconds(reply.LastModified),
      metadata: reply.Metadata ?? {},
    };
  } catch (error) {
    if (isNamed(error, "NoSuchKey")) return undefined;
    throw error;
  }
}

/** A small object whole, with its ETag; undefined where there is none. */
export async function getText(
  bucket: Bucket,
  key: string,
): Promise<{ text: string; etag: string } | undefined> {
  const object = await getObject(bucket, key);
  if (object === undefined) return undefined;
  const chunks: Buffer[] = [];
  for await (const chunk of object.body) chunks.push(chunk as Buffer);
  return { text: Buffer.concat(chunks).toString("utf8"), etag: object.etag };
}

/** Puts an object; false where the condition does not hold. */
export async function putObject(
  bucket: Bucket,
  key: string,
  body: Uint8Array | string | Readable,
  options: PutOptions = {},
): Promise<boolean> {
  try {
    await bucket.client.send(
      new PutObjectCommand({
        Bucket: bucket.name,
        Key: key,
        Body: body,
        ContentLength: options.length ?? Buffer.byteLength(body as Uint8Array | string),
        ...(options.type && { ContentType: options.type }),
        ...(options.metadata && { Metadata: options.metadata }),
        ...conditionOf(options.condition),
      }),
    );
    return true;
  } catch (error) {
    // 412: the condition does not hold. 409: another conditional write of the key is under way, which wins.
    // 404: If-Match on a key that is gone. https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
    if (
      ["PreconditionFailed", "ConditionalRequestConflict", "NoSuchKey"].some((name) => isNamed(error, name))
    )
      return false;
    throw error;
  }
}

/** An object's user metadata; undefined where there is no object. */
export async function metadataOf(bucket: Bucket, key: string): Promise<Record<string, string> | undefined> {
  return (await stateOf(bucket, key))?.metadata;
}

/** What an object is, without its bytes; undefined where there is none. */
export async function stateOf(
  bucket: Bucket,
  key: string,
): Promise<Pick<StoredObject, "etag" | "metadata"> | undefined> {
  try {
    const reply = await bucket.client.send(new HeadObjectCommand({ Bucket: bucket.name, Key: key }));
    return { etag: unquoted(reply.ETag), metadata: reply.Metadata ?? {} };
  } catch (error) {
    if (isNamed(error, "NotFound")) return undefined;
    throw error;
  }
}

/** Deletes up to 1,000 objects; one that is gone already is no error. @throws DeleteError */
export async function deleteObjects(bucket: Bucket, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return;
  const Delete = { Objects: keys.map((Key) => ({ Key })), Quiet: true };
  const { Errors = [] } = await bucket.client.send(new DeleteObjectsCommand({ Bucket: bucket.name, Delete }));
  const [first] = Errors;
  if (first !== undefined) {
    throw new DeleteError(
      `${first.Key} in ${bucket.name} cannot be deleted: ${first.Code} ${first.Message ?? ""}`,
    );
  }
}

/** S3 would not delete something; the message says what and why. */
export class DeleteError extends Error {
  override name = "DeleteError";
}

/** All objects whose key begins with `prefix`, in order of their keys. */
export async function* listObjects(bucket: Bucket, prefix: string): AsyncGenerator<ListedObject> {
  let token: string | undefined;
  do {
    const page: ListObjectsV2CommandOutput = await bucket.client.send(
      new ListObjectsV2Command({
        Bucket: bucket.name,
        Prefix: prefix,
        ...(token && { ContinuationToken: token }),
      }),
    );
    for (const { Key, ETag, Size, LastModified } of page.Contents ?? []) {
      yield { key: Key ?? "", etag: unquoted(ETag), size: Size ?? 0, modified: seconds(LastModified) };
    }
    token = page.NextContinuationToken;
  } while (token !== undefined);
}

function conditionOf(condition: WriteCondition) {
  if (condition === undefined) return {};
  return "ifMatch" in condition ? { IfMatch: `"${condition.ifMatch}"` } : { IfNoneMatch: "*" };
}

function unquoted(etag: string | undefined): string {
  return (etag ?? "").replaceAll('"', "");
}

function seconds(date: Date | undefined): EpochSeconds {
  return Math.floor((date?.getTime() ?? 0) / 1000);
}

function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}
