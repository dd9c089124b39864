import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { setTimeout } from "node:timers/promises";
import { crc32 } from "node:zlib";
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { startChecksum } from "../../local/s3/checksum.ts";
import { topic } from "./check.ts";
import { signedChunks, unsignedChunks } from "./chunks.ts";
import { hangUp, type RawRequest, type RawResponse, send, signHead, transmit } from "./raw.ts";
import { absent, newKey, type Target } from "./target.ts";

const DATA = Buffer.from("x".repeat(40_000));
const WRONG_SHA256 = createHash("sha256").update("something else").digest("hex");

export const integrity = topic("integrity", {
  "refused: a body other than x-amz-content-sha256 says": async (target) => {
    await refused(target, { payload: WRONG_SHA256 }, "XAmzContentSHA256Mismatch");
  },

  "refused: without x-amz-content-sha256": async (target) => {
    await refused(target, { payload: "" }, "InvalidRequest", "MissingSecurityHeader");
  },

  "refused: a body other than Content-MD5 says": async (target) => {
    await refused(target, { headers: { "content-md5": base64("md5", "something else") } }, "BadDigest");
  },

  "refused: a Content-MD5 that is none": async (target) => {
    await refused(target, { headers: { "content-md5": "bm9uZQ==" } }, "InvalidDigest");
  },

  "refused: a body other than x-amz-checksum-crc32 says": async (target) => {
    await refused(target, { headers: { "x-amz-checksum-crc32": crcOf("something else") } }, "BadDigest");
  },

  "refused: a body other than x-amz-checksum-sha256 says": async (target) => {
    await refused(
      target,
      { headers: { "x-amz-checksum-sha256": base64("sha256", "something else") } },
      "BadDigest",
    );
  },

  "right checksums of all kinds are taken": async (target) => {
    for (const name of ["crc32", "crc32c", "crc64nvme", "sha1", "sha256"] as const) {
      const running = startChecksum(name);
      running.update(DATA);
      const headers = { [`x-amz-checksum-${name}`]: running.digest().toString("base64") };
      const answer = await send(target, { method: "PUT", key: newKey(target), body: DATA, headers });
      assert.deepEqual([name, answer.status, answer.code], [name, 200, undefined]);
    }
  },

  "a checksum that was sent comes back with x-amz-checksum-mode": async (target) => {
    const where = { Bucket: target.bucket, Key: newKey(target) };
    await target.client.send(new PutObjectCommand({ ...where, Body: DATA, ChecksumAlgorithm: "CRC32" }));
    const head = await target.client.send(new HeadObjectCommand({ ...where, ChecksumMode: "ENABLED" }));
    assert.equal(head.ChecksumCRC32, crcOf(DATA));
  },

  "today's SDK uploads a stream in chunks with a CRC32 trailer": async (target) => {
    const where = { Bucket: target.bucket, Key: newKey(target) };
    const Body = Readable.from([DATA.subarray(0, 20_000), DATA.subarray(20_000)]);
    const put = new PutObjectCommand({ ...where, Body, ContentLength: DATA.length });
    assert.equal((await target.client.send(put)).ChecksumCRC32, crcOf(DATA));
    const got = await target.client.send(new GetObjectCommand(where));
    assert.ok(DATA.equals(await got.Body!.transformToByteArray()));
  },

  "aws-chunked is how it travelled, not part of its Content-Encoding": async (target) => {
    const where = { Bucket: target.bucket, Key: newKey(target) };
    const Body = Readable.from([DATA]);
    await target.client.send(
      new PutObjectCommand({ ...where, Body, ContentLength: DATA.length, ContentEncoding: "gzip" }),
    );
    const head = await target.client.send(new HeadObjectCommand(where));
    assert.equal(head.ContentEncoding, "gzip");
  },

  "refused: chunks with a wrong CRC32 trailer": async (target) => {
    const key = newKey(target);
    const trailers = { "x-amz-checksum-crc32": crcOf("something else") };
    const body = unsignedChunks({ data: DATA, chunkSize: 16_384, trailers });
    const raw = { ...chunked("STREAMING-UNSIGNED-PAYLOAD-TRAILER", "x-amz-checksum-crc32"), key, body };
    await notStored(target, key, await send(target, raw), "BadDigest");
  },

  "refused: chunks without the trailer that was announced": async (target) => {
    const key = newKey(target);
    const body = unsignedChunks({ data: DATA, chunkSize: 16_384 });
    const raw = { ...chunked("STREAMING-UNSIGNED-PAYLOAD-TRAILER", "x-amz-checksum-crc32"), key, body };
    await notStored(target, key, await send(target, raw), "MalformedTrailerError", "InvalidRequest");
  },

  "signed chunks are taken": async (target) => {
    const raw = { ...chunked("STREAMING-AWS4-HMAC-SHA256-PAYLOAD"), key: newKey(target) };
    const head = signHead(target, raw);
    const answer = await transmit(target, "PUT", head, signedChunks({ data: DATA, chunkSize: 16_384 }, head));
    assert.deepEqual([answer.status, answer.code], [200, undefined]);
    const got = await send(target, { method: "GET", key: raw.key });
    assert.ok(DATA.equals(got.body));
  },

  "signed chunks with a signed trailer are taken": async (target) => {
    const raw = {
      ...chunked("STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER", "x-amz-checksum-crc32"),
      key: newKey(target),
    };
    const head = signHead(target, raw);
    const trailers = { "x-amz-checksum-crc32": crcOf(DATA) };
    const answer = await transmit(
      target,
      "PUT",
      head,
      signedChunks({ data: DATA, chunkSize: 16_384, trailers }, head),
    );
    assert.deepEqual([answer.status, answer.code], [200, undefined]);
  },

  "refused: a chunk changed on the way": async (target) => {
    const raw = { ...chunked("STREAMING-AWS4-HMAC-SHA256-PAYLOAD"), key: newKey(target) };
    const head = signHead(target, raw);
    const body = signedChunks({ data: DATA, chunkSize: 16_384 }, head);
    body[body.length - 2_000] = 0x79;
    await notStored(target, raw.key, await transmit(target, "PUT", head, body), "SignatureDoesNotMatch");
  },

  "refused: chunks that hold less than was announced": async (target) => {
    const key = newKey(target);
    const body = unsignedChunks({
      data: DATA.subarray(1),
      chunkSize: 16_384,
      trailers: { "x-amz-checksum-crc32": crcOf(DATA.subarray(1)) },
    });
    const raw = { ...chunked("STREAMING-UNSIGNED-PAYLOAD-TRAILER", "x-amz-checksum-crc32"), key, body };
    await notStored(target, key, await send(target, raw), "IncompleteBody");
  },

  "a sender that hangs up in the middle leaves nothing": async (target) => {
    const key = newKey(target);
    await hangUp(target, { method: "PUT", key, body: DATA, payload: "UNSIGNED-PAYLOAD" }, DATA.length + 1);
    // long enough for a server that would store what had come
    await setTimeout(1_000);
    await absent(target, key);
  },
});

async function refused(target: Target, raw: Partial<RawRequest>, ...codes: string[]): Promise<void> {
  const key = newKey(target);
  await notStored(target, key, await send(target, { method: "PUT", key, body: DATA, ...raw }), ...codes);
}

async function notStored(
  target: Target,
  key: string,
  answer: RawResponse,
  ...codes: string[]
): Promise<void> {
  assert.ok(
    codes.includes(answer.code ?? ""),
    `${answer.status} ${answer.code}, expected ${codes.join(" or ")}`,
  );
  assert.ok(answer.status >= 400 && answer.status < 500, `status ${answer.status}`);
  await absent(target, key);
}

function chunked(payload: string, trailer?: string): Omit<RawRequest, "key"> {
  const headers = { "content-encoding": "aws-chunked", "x-amz-decoded-content-length": String(DATA.length) };
  return { method: "PUT", payload, headers: trailer ? { ...headers, "x-amz-trailer": trailer } : headers };
}

function crcOf(data: string | Buffer): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(data));
  return bytes.toString("base64");
}

function base64(algorithm: string, data: string): string {
  return createHash(algorithm).update(data).digest("base64");
}
