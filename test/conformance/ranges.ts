import assert from "node:assert/strict";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import { topic } from "./check.ts";
import { newKey, putText, refuses, type Target } from "./target.ts";

const TEXT = "0123456789";

export const ranges = topic("ranges", {
  "from, to: 206 with Content-Range": (target) => gives(target, "bytes=2-5", "2345", "bytes 2-5/10"),
  "from: up to the end": (target) => gives(target, "bytes=7-", "789", "bytes 7-9/10"),
  "suffix: the last bytes": (target) => gives(target, "bytes=-3", "789", "bytes 7-9/10"),
  "an end beyond the object is cut": (target) => gives(target, "bytes=8-99", "89", "bytes 8-9/10"),
  "a suffix longer than the object gives all of it": (target) =>
    gives(target, "bytes=-99", TEXT, "bytes 0-9/10"),

  "behind the end: 416 InvalidRange": async (target) => {
    const key = newKey(target);
    await putText(target, key, TEXT);
    const command = new GetObjectCommand({ Bucket: target.bucket, Key: key, Range: "bytes=10-" });
    await refuses(target.client.send(command), 416, "InvalidRange");
  },
});

async function gives(target: Target, range: string, text: string, contentRange: string): Promise<void> {
  const key = newKey(target);
  const etag = await putText(target, key, TEXT);
  const got = await target.client.send(
    new GetObjectCommand({ Bucket: target.bucket, Key: key, Range: range }),
  );
  assert.deepEqual(
    [
      got.$metadata.httpStatusCode,
      await got.Body!.transformToString(),
      got.ContentRange,
      got.ContentLength,
      got.ETag,
    ],
    [206, text, contentRange, text.length, etag],
  );
}
