import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { topic } from "./check.ts";
import { send } from "./raw.ts";
import { absent, newKey, putText, refuses } from "./target.ts";

const MIB = 1024 * 1024;
const RFC_2047 = "=?UTF-8?B?bcOkaWwubG9n?=";

export const objects = topic("objects", {
  "GET gives what PUT stored, with content type, encoding and metadata": async (target) => {
    const where = { Bucket: target.bucket, Key: newKey(target) };
    const described = {
      ContentType: "text/plain; charset=utf-8",
      ContentEncoding: "gzip",
      CacheControl: "max-age=60",
      Metadata: { "log-name": "maillog", "log-mtime": "1764000000", "utc-offset": "+01:00" },
    };
    const put = await target.client.send(
      new PutObjectCommand({ ...where, ...described, Body: "ten bytes." }),
    );
    assert.equal(put.ETag, `"${createHash("md5").update("ten bytes.").digest("hex")}"`);
    const got = await target.client.send(new GetObjectCommand(where));
    assert.equal(await got.Body!.transformToString(), "ten bytes.");
    const head = await target.client.send(new HeadObjectCommand(where));
    for (const answer of [got, head]) {
      const { ContentType, ContentEncoding, CacheControl, Metadata, ContentLength, ETag, LastModified } =
        answer;
      assert.deepEqual({ ContentType, ContentEncoding, CacheControl, Metadata }, described);
      assert.deepEqual([ContentLength, ETag], [10, put.ETag]);
      assert.ok(Math.abs(Date.now() - LastModified!.getTime()) < 900_000, `Last-Modified ${LastModified}`);
    }
  },

  "PUT again replaces data and metadata": async (target) => {
    const where = { Bucket: target.bucket, Key: newKey(target) };
    await target.client.send(new PutObjectCommand({ ...where, Body: "first", Metadata: { a: "1" } }));
    await target.client.send(new PutObjectCommand({ ...where, Body: "second", Metadata: { b: "2" } }));
    const got = await target.client.send(new GetObjectCommand(where));
    assert.deepEqual([await got.Body!.transformToString(), got.Metadata], ["second", { b: "2" }]);
  },

  "an object of 0 bytes": async (target) => {
    const where = { Bucket: target.bucket, Key: newKey(target) };
    await target.client.send(new PutObjectCommand({ ...where, Body: new Uint8Array() }));
    const got = await target.client.send(new GetObjectCommand(where));
    assert.deepEqual([await got.Body!.transformToString(), got.ContentLength], ["", 0]);
  },

  "an object of 5 MiB as a stream": async (target) => {
    const where = { Bucket: target.bucket, Key: newKey(target) };
    const pieces = Array.from({ length: 80 }, (_, at) => Buffer.alloc(64 * 1024, at));
    const put = new PutObjectCommand({ ...where, Body: Readable.from(pieces), ContentLength: 5 * MIB });
    await target.client.send(put);
    const hash = createHash("sha256");
    for await (const piece of (await target.client.send(new GetObjectCommand(where))).Body as Readable)
      hash.update(piece);
    assert.equal(hash.digest("hex"), createHash("sha256").update(Buffer.concat(pieces)).digest("hex"));
  },

  "metadata beyond ASCII come back as RFC 2047 words": async (target) => {
    const where = { Bucket: target.bucket, Key: newKey(target) };
    await target.client.send(
      new PutObjectCommand({ ...where, Body: "x", Metadata: { "log-name": RFC_2047 } }),
    );
    const head = await send(target, { method: "HEAD", key: where.Key });
    assert.equal(head.headers["x-amz-meta-log-name"], RFC_2047);
  },

  "a key that is not there: 404 NoSuchKey": async (target) => {
    const where = { Bucket: target.bucket, Key: newKey(target) };
    await refuses(target.client.send(new GetObjectCommand(where)), 404, "NoSuchKey");
    await refuses(target.client.send(new HeadObjectCommand(where)), 404);
  },

  "a bucket that is not there: 404 NoSuchBucket": async (target) => {
    const where = { Bucket: "fleetban-no-such-bucket", Key: "object" };
    await refuses(target.client.send(new GetObjectCommand(where)), 404, "NoSuchBucket");
    await refuses(target.client.send(new PutObjectCommand({ ...where, Body: "x" })), 404, "NoSuchBucket");
  },

  "DELETE removes, and does not mind that nothing is there": async (target) => {
    const where = { Bucket: target.bucket, Key: newKey(target) };
    await putText(target, where.Key, "x");
    await target.client.send(new DeleteObjectCommand(where));
    await absent(target, where.Key);
    await target.client.send(new DeleteObjectCommand(where));
  },

  "DeleteObjects removes several, also one that is not there": async (target) => {
    const keys = ["a", "b & <c>", "not there"].map((name) => newKey(target, name));
    for (const key of keys.slice(0, 2)) await putText(target, key, "x");
    const Objects = keys.map((Key) => ({ Key }));
    const command = new DeleteObjectsCommand({ Bucket: target.bucket, Delete: { Objects } });
    const { Deleted = [], Errors = [] } = await target.client.send(command);
    assert.deepEqual([Deleted.map(({ Key }) => Key).sort(), Errors], [[...keys].sort(), []]);
    for (const key of keys) await absent(target, key);
  },
});
