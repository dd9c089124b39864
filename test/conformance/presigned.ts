import assert from "node:assert/strict";
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { topic } from "./check.ts";
import { absent, clientConfig, newKey, putText, type Target } from "./target.ts";

const MINUTE = 60_000;

export const presigned = topic("presigned URLs", {
  "GET reads the object": async (target) => {
    const key = newKey(target, "mail log+ä.gz");
    await putText(target, key, "by URL");
    const answer = await fetch(await urlToGet(target, key));
    assert.deepEqual([answer.status, await answer.text()], [200, "by URL"]);
  },

  "PUT stores the object": async (target) => {
    const key = newKey(target, "mail log+ä.gz");
    const url = await urlToPut(target, key);
    const answer = await fetch(url, {
      method: "PUT",
      body: "by URL",
      headers: { "x-amz-meta-log-name": "maillog" },
    });
    assert.equal(answer.status, 200, await answer.text());
    const got = await fetch(await urlToGet(target, key));
    assert.deepEqual([await got.text(), got.headers.get("x-amz-meta-log-name")], ["by URL", "maillog"]);
  },

  "expired: 403": async (target) => {
    const key = newKey(target);
    await putText(target, key, "x");
    const url = await urlToGet(target, key, new Date(Date.now() - 10 * MINUTE));
    assert.equal((await fetch(url)).status, 403);
  },

  "for another key or another method: 403": async (target) => {
    const [key, other] = [newKey(target), newKey(target)];
    await putText(target, key, "x");
    const url = await urlToGet(target, key);
    assert.equal((await fetch(url.replace(encodeURI(key), encodeURI(other)))).status, 403);
    assert.equal((await fetch(url, { method: "DELETE" })).status, 403);
  },

  "with a longer life than was signed: 403": async (target) => {
    const key = newKey(target);
    await putText(target, key, "x");
    const url = await urlToGet(target, key);
    assert.equal((await fetch(url.replace("X-Amz-Expires=300", "X-Amz-Expires=3000"))).status, 403);
  },

  "PUT with a header that was signed with another value: 403": async (target) => {
    const key = newKey(target);
    const url = await urlToPut(target, key);
    const answer = await fetch(url, {
      method: "PUT",
      body: "x",
      headers: { "x-amz-meta-log-name": "other" },
    });
    assert.equal(answer.status, 403);
    await absent(target, key);
  },
});

async function urlToGet(target: Target, key: string, signingDate = new Date()): Promise<string> {
  const command = new GetObjectCommand({ Bucket: target.bucket, Key: key });
  return await getSignedUrl(target.client, command, { expiresIn: 300, signingDate });
}

async function urlToPut(target: Target, key: string): Promise<string> {
  const command = new PutObjectCommand({
    Bucket: target.bucket,
    Key: key,
    Metadata: { "log-name": "maillog" },
  });
  // a checksum of a body that is not yet known would be that of an empty one
  const client = new S3Client({ ...clientConfig(target), requestChecksumCalculation: "WHEN_REQUIRED" });
  return await getSignedUrl(client, command, {
    expiresIn: 300,
    unhoistableHeaders: new Set(["x-amz-meta-log-name"]),
  });
}
