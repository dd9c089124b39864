import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import type { S3EventRecord } from "aws-lambda";
import { expect, test } from "vitest";
import { OWNER, outcome, runS3 } from "./s3.ts";

/** A server whose events are collected, and whether the object was there before and after each. */
async function watched() {
  const records: S3EventRecord[] = [];
  const visible: string[] = [];
  const s3 = await runS3({
    now: () => Date.now() / 1000,
    notify: async (record) => {
      records.push(record);
      visible.push(await there(record));
      return () => {
        visible.push("told");
      };
    },
  });
  const client = s3.as(OWNER);
  const there = (record: S3EventRecord) => {
    const Key = decodeURIComponent(record.s3.object.key.replaceAll("+", " "));
    return outcome(client.send(new HeadObjectCommand({ Bucket: record.s3.bucket.name, Key })));
  };
  return { client, records, visible, there };
}

test("a PUT is told as S3 tells it, before the object is visible, and released after", async () => {
  const { client, records, visible, there } = await watched();
  await client.send(new PutObjectCommand({ Bucket: "logs", Key: "mail1/mail log+ä.gz", Body: "hello" }));
  expect(records).toHaveLength(1);
  expect(records[0]).toMatchObject({
    eventVersion: "2.1",
    eventSource: "aws:s3",
    awsRegion: "us-east-1",
    eventName: "ObjectCreated:Put",
    s3: {
      s3SchemaVersion: "1.0",
      bucket: { name: "logs", arn: "arn:aws:s3:::logs" },
      object: { key: "mail1/mail+log%2B%C3%A4.gz", size: 5, eTag: "5d41402abc4b2a76b9719d911017c592" },
    },
  });
  expect(records[0]!.eventTime).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  expect(visible).toEqual(["404 NotFound", "told"]);
  expect(await there(records[0]!)).toBe("ok");
});

test("completing a multipart upload is one event, its parts are none", async () => {
  const { client, records } = await watched();
  const where = { Bucket: "logs", Key: "mail1/a" };
  const { UploadId } = await client.send(
    new CreateMultipartUploadCommand({ ...where, ChecksumAlgorithm: "CRC32" }),
  );
  const sent = await client.send(new UploadPartCommand({ ...where, UploadId, PartNumber: 1, Body: "hello" }));
  const Parts = [{ PartNumber: 1, ETag: sent.ETag, ChecksumCRC32: sent.ChecksumCRC32 }];
  const done = await client.send(
    new CompleteMultipartUploadCommand({ ...where, UploadId, MultipartUpload: { Parts } }),
  );
  expect(records.map(({ eventName, s3 }) => [eventName, `"${s3.object.eTag}"`, s3.object.size])).toEqual([
    ["ObjectCreated:CompleteMultipartUpload", done.ETag, 5],
  ]);
});

test("refused writes and deletions are no events", async () => {
  const { client, records } = await watched();
  const where = { Bucket: "logs", Key: "mail1/a" };
  await client.send(new PutObjectCommand({ ...where, Body: "x" }));
  expect(await outcome(client.send(new PutObjectCommand({ ...where, Body: "y", IfNoneMatch: "*" })))).toMatch(
    /^412/,
  );
  const wrong = new PutObjectCommand({ ...where, Body: "y", ContentMD5: "1B2M2Y8AsgTpgAmY7PhCfg==" });
  expect(await outcome(client.send(wrong))).toBe("400 BadDigest");
  await client.send(new DeleteObjectCommand(where));
  expect(records).toHaveLength(1);
});

test("sequencers grow for one key", async () => {
  const { client, records } = await watched();
  for (let turn = 0; turn < 20; turn++) {
    await client.send(new PutObjectCommand({ Bucket: "logs", Key: "a", Body: String(turn) }));
  }
  const sequencers = records.map(({ s3 }) => s3.object.sequencer);
  expect(sequencers).toEqual([...new Set(sequencers)].sort());
});

test("where the event cannot be told, the object does not become visible", async () => {
  const errors: unknown[] = [];
  const s3 = await runS3({
    notify: () => Promise.reject(new Error("the queue's disk is full")),
    onError: (error) => errors.push(error),
  });
  const client = s3.as(OWNER);
  const where = { Bucket: "logs", Key: "a" };
  expect(await outcome(client.send(new PutObjectCommand({ ...where, Body: "x" })))).toBe("500 InternalError");
  expect(await outcome(client.send(new HeadObjectCommand(where)))).toBe("404 NotFound");
  expect(errors.map(String)).toEqual(["Error: the queue's disk is full"]);
});
