import assert from "node:assert/strict";
import { crc32 } from "node:zlib";
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListPartsCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { topic } from "./check.ts";
import { absent, newKey, putText, refuses, type Target } from "./target.ts";

const PART = 5 * 1024 * 1024;

export const multipart = topic("multipart", {
  "parts become one object with the ETag form of a multipart upload": async (target) => {
    const upload = await begin(target);
    const parts = [await part(upload, 1, PART), await part(upload, 2, 100)];
    assert.deepEqual(await partNumbers(upload), [1, 2]);
    await complete(upload, parts);
    const head = await target.client.send(
      new HeadObjectCommand({ ...upload.where, ChecksumMode: "ENABLED" }),
    );
    assert.deepEqual([head.ContentLength, head.Metadata], [PART + 100, { "log-name": "maillog" }]);
    assert.match(head.ETag!, /^"[0-9a-f]{32}-2"$/);
    const seam = new GetObjectCommand({ ...upload.where, Range: `bytes=${PART - 2}-${PART + 1}` });
    const bytes = await (await target.client.send(seam)).Body!.transformToByteArray();
    assert.deepEqual([...bytes], [1, 1, 2, 2]);
  },

  "the checksums of the parts make that of the object": async (target) => {
    const upload = await begin(target);
    const parts = [await part(upload, 1, PART), await part(upload, 2, 100)];
    await complete(upload, parts);
    const head = await target.client.send(
      new HeadObjectCommand({ ...upload.where, ChecksumMode: "ENABLED" }),
    );
    assert.deepEqual([head.ChecksumCRC32, head.ChecksumType], [composite(parts), "COMPOSITE"]);
  },

  "a part sent again replaces the first": async (target) => {
    const upload = await begin(target);
    await part(upload, 1, 10, 7);
    await complete(upload, [await part(upload, 1, 20, 9)]);
    const got = await target.client.send(new GetObjectCommand(upload.where));
    assert.deepEqual([...(await got.Body!.transformToByteArray())], Array(20).fill(9));
  },

  "aborted: no object, and the upload is gone": async (target) => {
    const upload = await begin(target);
    const parts = [await part(upload, 1, 10)];
    await target.client.send(new AbortMultipartUploadCommand({ ...upload.where, UploadId: upload.id }));
    await absent(target, upload.where.Key);
    await refuses(complete(upload, parts), 404, "NoSuchUpload");
    await refuses(part(upload, 2, 10), 404, "NoSuchUpload");
  },

  "completing with If-None-Match: * does not replace: 412": async (target) => {
    const upload = await begin(target);
    const parts = [await part(upload, 1, 10)];
    await putText(target, upload.where.Key, "was first");
    await refuses(complete(upload, parts, "*"), 412, "PreconditionFailed");
    const got = await target.client.send(new GetObjectCommand(upload.where));
    assert.equal(await got.Body!.transformToString(), "was first");
  },

  "completing with If-None-Match: * where nothing is": async (target) => {
    const upload = await begin(target);
    await complete(upload, [await part(upload, 1, 10)], "*");
    await target.client.send(new HeadObjectCommand(upload.where));
  },

  "a part that is not the last and under 5 MiB: EntityTooSmall": async (target) => {
    const upload = await begin(target);
    const parts = [await part(upload, 1, 10), await part(upload, 2, 10)];
    await refuses(complete(upload, parts), 400, "EntityTooSmall");
    await absent(target, upload.where.Key);
  },

  "a part that was not sent: InvalidPart": async (target) => {
    const upload = await begin(target);
    const sent = await part(upload, 1, 10);
    await refuses(complete(upload, [{ ...sent, PartNumber: 2 }]), 400, "InvalidPart");
  },

  "parts out of order: InvalidPartOrder": async (target) => {
    const upload = await begin(target);
    const parts = [await part(upload, 1, PART), await part(upload, 2, PART)];
    await refuses(complete(upload, parts.toReversed()), 400, "InvalidPartOrder");
  },

  "an upload that never was: NoSuchUpload": async (target) => {
    const upload = { ...(await begin(target)), id: "00000000-0000-4000-8000-000000000000" };
    await refuses(part(upload, 1, 10), 404, "NoSuchUpload");
  },
});

interface Upload {
  target: Target;
  where: { Bucket: string; Key: string };
  id: string;
}

async function begin(target: Target): Promise<Upload> {
  const where = { Bucket: target.bucket, Key: newKey(target) };
  const command = new CreateMultipartUploadCommand({
    ...where,
    Metadata: { "log-name": "maillog" },
    // otherwise completing with the checksums that the SDK sends along with parts is an InvalidPart, as on AWS
    ChecksumAlgorithm: "CRC32",
  });
  const { UploadId } = await target.client.send(command);
  assert.ok(UploadId, "CreateMultipartUpload gives an id");
  return { target, where, id: UploadId };
}

async function part(
  { target, where, id }: Upload,
  number: number,
  size: number,
  fill = number,
): Promise<CompletedPart> {
  const place = { ...where, UploadId: id, PartNumber: number };
  const { ETag, ChecksumCRC32 } = await target.client.send(
    new UploadPartCommand({ ...place, Body: Buffer.alloc(size, fill) }),
  );
  return { PartNumber: number, ETag, ChecksumCRC32 };
}

async function complete(
  { target, where, id }: Upload,
  Parts: CompletedPart[],
  IfNoneMatch?: string,
): Promise<void> {
  await target.client.send(
    new CompleteMultipartUploadCommand({ ...where, UploadId: id, MultipartUpload: { Parts }, IfNoneMatch }),
  );
}

/** The CRC32 of the parts' CRC32s, and how many. */
function composite(parts: CompletedPart[]): string {
  const value = crc32(Buffer.concat(parts.map(({ ChecksumCRC32 }) => Buffer.from(ChecksumCRC32!, "base64"))));
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return `${bytes.toString("base64")}-${parts.length}`;
}

async function partNumbers({ target, where, id }: Upload): Promise<(number | undefined)[]> {
  const { Parts = [] } = await target.client.send(new ListPartsCommand({ ...where, UploadId: id }));
  return Parts.map(({ PartNumber }) => PartNumber);
}
