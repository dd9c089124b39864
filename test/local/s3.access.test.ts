import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { describe, expect, test } from "vitest";
import type { AccessKey } from "../../local/s3/access.ts";
import { OWNER, outcome, runS3 } from "./s3.ts";

/** A host's rights as the design gives them. */
const HOST: AccessKey = {
  id: "HOST",
  secret: "host's secret",
  allow: [
    { action: "put", bucket: "logs", prefix: "mail1/", onlyNew: true },
    { action: "list", bucket: "logs", prefix: "mail1/" },
    { action: "get", bucket: "lists", prefix: "blocklist/" },
  ],
};
const NEW = { IfNoneMatch: "*" };
const segment = (Key: string) => ({ Bucket: "logs", Key, Body: "x" });

describe("a host", () => {
  test("puts new objects under its own name and lists them", async () => {
    const host = (await runS3({ keys: [HOST] })).as(HOST);
    await host.send(new PutObjectCommand({ ...segment("mail1/a"), ...NEW }));
    const { Contents } = await host.send(new ListObjectsV2Command({ Bucket: "logs", Prefix: "mail1/" }));
    expect(Contents?.map(({ Key }) => Key)).toEqual(["mail1/a"]);
  });

  test("puts new objects in parts, too", async () => {
    const host = (await runS3({ keys: [HOST] })).as(HOST);
    const where = { Bucket: "logs", Key: "mail1/a" };
    const upload = async (condition: { IfNoneMatch?: string }) => {
      const { UploadId } = await host.send(
        new CreateMultipartUploadCommand({ ...where, ChecksumAlgorithm: "CRC32" }),
      );
      const part = { ...where, UploadId, PartNumber: 1 };
      const { ETag, ChecksumCRC32 } = await host.send(new UploadPartCommand({ ...part, Body: "x" }));
      const Parts = [{ PartNumber: 1, ETag, ChecksumCRC32 }];
      await host.send(
        new CompleteMultipartUploadCommand({ ...where, UploadId, MultipartUpload: { Parts }, ...condition }),
      );
    };
    expect(await outcome(upload({}))).toBe("403 AccessDenied");
    expect(await outcome(upload(NEW))).toBe("ok");
    expect(await outcome(upload(NEW))).toBe("412 PreconditionFailed");
  });

  test.each([
    { what: "puts without If-None-Match", send: new PutObjectCommand(segment("mail1/a")) },
    { what: "replaces by If-Match", send: new PutObjectCommand({ ...segment("mail1/a"), IfMatch: '"x"' }) },
    { what: "puts under another's name", send: new PutObjectCommand({ ...segment("mail2/a"), ...NEW }) },
    {
      what: "puts under a name that begins like its own",
      send: new PutObjectCommand({ ...segment("mail10/a"), ...NEW }),
    },
    {
      what: "climbs out of its prefix",
      send: new PutObjectCommand({ ...segment("mail2/../mail1/a"), ...NEW }),
    },
    {
      what: "puts a list",
      send: new PutObjectCommand({ Bucket: "lists", Key: "blocklist/manifest", Body: "x", ...NEW }),
    },
    { what: "deletes", send: new DeleteObjectCommand({ Bucket: "logs", Key: "mail1/there" }) },
    { what: "reads its own log", send: new GetObjectCommand({ Bucket: "logs", Key: "mail1/there" }) },
    { what: "lists another's", send: new ListObjectsV2Command({ Bucket: "logs", Prefix: "mail2/" }) },
    { what: "lists all", send: new ListObjectsV2Command({ Bucket: "logs" }) },
    { what: "lists the lists", send: new ListObjectsV2Command({ Bucket: "lists", Prefix: "blocklist/" }) },
    { what: "reads receipts", send: new GetObjectCommand({ Bucket: "lists", Key: "receipts/x" }) },
    // nobody learns of a missing key what no list would tell
    {
      what: "reads a list that is not there",
      send: new GetObjectCommand({ Bucket: "lists", Key: "blocklist/none" }),
    },
  ])("is refused where it $what", async ({ send }) => {
    const s3 = await runS3({ keys: [HOST, OWNER] });
    await s3.as(OWNER).send(new PutObjectCommand(segment("mail1/there")));
    expect(await outcome(s3.as(HOST).send(send as PutObjectCommand))).toBe("403 AccessDenied");
    // what was there is still there
    await s3.as(OWNER).send(new HeadObjectCommand({ Bucket: "logs", Key: "mail1/there" }));
  });

  test("reads the blocklist, and DeleteObjects refuses each key by itself", async () => {
    const s3 = await runS3({ keys: [HOST, OWNER] });
    const manifest = { Bucket: "lists", Key: "blocklist/manifest" };
    await s3.as(OWNER).send(new PutObjectCommand({ ...manifest, Body: "{}" }));
    const got = await s3.as(HOST).send(new GetObjectCommand(manifest));
    expect(await got.Body?.transformToString()).toBe("{}");
    const Delete = { Objects: [{ Key: manifest.Key }] };
    const { Errors } = await s3.as(HOST).send(new DeleteObjectsCommand({ Bucket: "lists", Delete }));
    expect(Errors?.map(({ Key, Code }) => [Key, Code])).toEqual([["blocklist/manifest", "AccessDenied"]]);
    await s3.as(OWNER).send(new HeadObjectCommand(manifest));
  });
});

test("keys can be added and taken away while the server runs", async () => {
  let keys: AccessKey[] = [OWNER];
  const s3 = await runS3({ keys: () => keys });
  const put = () => s3.as(HOST).send(new PutObjectCommand({ ...segment(`mail1/${keys.length}`), ...NEW }));
  expect(await outcome(put())).toBe("403 InvalidAccessKeyId");
  keys = [OWNER, HOST];
  expect(await outcome(put())).toBe("ok");
  keys = [{ ...HOST, secret: "rotated" }];
  expect(await outcome(put())).toBe("403 SignatureDoesNotMatch");
});
