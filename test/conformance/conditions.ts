import assert from "node:assert/strict";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { topic } from "./check.ts";
import { absent, newKey, putText, refuses, type Target } from "./target.ts";

const WRITERS = 8;
const HOUR = 3_600_000;

export const conditions = topic("conditions", {
  "PUT If-None-Match: * makes a new object, once: then 412": async (target) => {
    const key = newKey(target);
    await putIf(target, key, "first", { IfNoneMatch: "*" });
    await refuses(putIf(target, key, "second", { IfNoneMatch: "*" }), 412, "PreconditionFailed");
    assert.equal(await read(target, key), "first");
  },

  "PUT If-Match replaces what has that ETag; else 412": async (target) => {
    const key = newKey(target);
    const first = await putText(target, key, "first");
    await putIf(target, key, "second", { IfMatch: first });
    await refuses(putIf(target, key, "third", { IfMatch: first }), 412, "PreconditionFailed");
    assert.equal(await read(target, key), "second");
  },

  "PUT If-Match where nothing is: 404": async (target) => {
    const key = newKey(target);
    await refuses(
      putIf(target, key, "x", { IfMatch: '"d41d8cd98f00b204e9800998ecf8427e"' }),
      404,
      "NoSuchKey",
    );
    await absent(target, key);
  },

  "of concurrent writers with If-None-Match: * exactly one wins": async (target) => {
    const key = newKey(target);
    const won = await race((text) => putIf(target, key, text, { IfNoneMatch: "*" }));
    assert.equal(await read(target, key), won);
  },

  "of concurrent writers with the same If-Match exactly one wins": async (target) => {
    const key = newKey(target);
    const etag = await putText(target, key, "before");
    const won = await race((text) => putIf(target, key, text, { IfMatch: etag }));
    assert.equal(await read(target, key), won);
  },

  "GET If-Match: the object, or 412": async (target) => {
    const key = newKey(target);
    const etag = await putText(target, key, "x");
    assert.equal(await read(target, key, { IfMatch: etag }), "x");
    await refuses(
      read(target, key, { IfMatch: '"0123456789abcdef0123456789abcdef"' }),
      412,
      "PreconditionFailed",
    );
  },

  "GET and HEAD If-None-Match: 304 for the same ETag": async (target) => {
    const key = newKey(target);
    const etag = await putText(target, key, "x");
    await refuses(read(target, key, { IfNoneMatch: etag }), 304);
    const head = new HeadObjectCommand({ Bucket: target.bucket, Key: key, IfNoneMatch: etag });
    await refuses(target.client.send(head), 304);
    assert.equal(await read(target, key, { IfNoneMatch: '"0123456789abcdef0123456789abcdef"' }), "x");
  },

  "GET If-Modified-Since and If-Unmodified-Since": async (target) => {
    const key = newKey(target);
    await putText(target, key, "x");
    const [before, after] = [new Date(Date.now() - HOUR), new Date(Date.now() + HOUR)];
    assert.equal(await read(target, key, { IfModifiedSince: before }), "x");
    assert.equal(await read(target, key, { IfUnmodifiedSince: after }), "x");
    await refuses(read(target, key, { IfUnmodifiedSince: before }), 412, "PreconditionFailed");
  },

  "an ETag that matches wins over a date that does not": async (target) => {
    const key = newKey(target);
    const etag = await putText(target, key, "x");
    const before = new Date(Date.now() - HOUR);
    assert.equal(await read(target, key, { IfMatch: etag, IfUnmodifiedSince: before }), "x");
    await refuses(read(target, key, { IfNoneMatch: etag, IfModifiedSince: before }), 304);
  },

  "after DELETE, If-None-Match: * makes a new object again": async (target) => {
    const key = newKey(target);
    await putText(target, key, "first");
    await target.client.send(new DeleteObjectCommand({ Bucket: target.bucket, Key: key }));
    await putIf(target, key, "second", { IfNoneMatch: "*" });
    assert.equal(await read(target, key), "second");
  },
});

type WriteCondition = { IfNoneMatch: string } | { IfMatch: string };
type ReadCondition = {
  IfMatch?: string;
  IfNoneMatch?: string;
  IfModifiedSince?: Date;
  IfUnmodifiedSince?: Date;
};

async function putIf(target: Target, key: string, text: string, condition: WriteCondition): Promise<void> {
  await target.client.send(
    new PutObjectCommand({ Bucket: target.bucket, Key: key, Body: text, ...condition }),
  );
}

async function read(target: Target, key: string, condition: ReadCondition = {}): Promise<string> {
  const got = await target.client.send(
    new GetObjectCommand({ Bucket: target.bucket, Key: key, ...condition }),
  );
  return await got.Body!.transformToString();
}

/** Lets writers run at once and returns what the only winner wrote; losers get 412, or 409 as S3 documents. */
async function race(write: (text: string) => Promise<void>): Promise<string> {
  const texts = Array.from({ length: WRITERS }, (_, at) => `writer ${at}`);
  const results = await Promise.allSettled(texts.map(write));
  const winners = texts.filter((_, at) => results[at]!.status === "fulfilled");
  assert.equal(winners.length, 1, `winners: ${winners.join(", ") || "none"}`);
  for (const result of results) {
    if (result.status === "rejected")
      assert.ok([409, 412].includes(result.reason.$metadata?.httpStatusCode), result.reason);
  }
  return winners[0]!;
}
