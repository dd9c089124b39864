import { mkdir, readdir, readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  PutObjectCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import fc from "fast-check";
import { expect, test } from "vitest";
import { startS3 } from "../../local/s3/server.ts";
import { temporaryFolder } from "./folders.ts";
import { OWNER, outcome, runS3 } from "./s3.ts";

const WHERE = { Bucket: "logs", Key: "mail1/a" };

test("objects and uploads under way are there after a restart", async () => {
  const dir = await temporaryFolder();
  const before = await runS3({ dir });
  const client = before.as(OWNER);
  const put = new PutObjectCommand({
    ...WHERE,
    Body: "kept",
    Metadata: { "log-name": "mäil" },
    ContentType: "text/x",
  });
  await client.send(put);
  const upload = { Bucket: "logs", Key: "mail1/parts" };
  const { UploadId } = await client.send(
    new CreateMultipartUploadCommand({ ...upload, ChecksumAlgorithm: "CRC32" }),
  );
  const part = await client.send(new UploadPartCommand({ ...upload, UploadId, PartNumber: 1, Body: "part" }));
  await before.close();

  const again = (await runS3({ dir })).as(OWNER);
  const got = await again.send(new GetObjectCommand(WHERE));
  expect([await got.Body?.transformToString(), got.ContentType]).toEqual(["kept", "text/x"]);
  const Parts = [{ PartNumber: 1, ETag: part.ETag, ChecksumCRC32: part.ChecksumCRC32 }];
  await again.send(new CompleteMultipartUploadCommand({ ...upload, UploadId, MultipartUpload: { Parts } }));
  const joined = await again.send(new GetObjectCommand(upload));
  expect(await joined.Body?.transformToString()).toBe("part");
});

test("what a killed process left half done is removed, and nothing else", async () => {
  const dir = await temporaryFolder();
  const first = await runS3({ dir });
  const client = first.as(OWNER);
  await client.send(new PutObjectCommand({ ...WHERE, Body: "kept" }));
  await first.close();
  const orphan = "00000000-0000-4000-8000-000000000000";
  await writeFile(join(dir, "logs/data", orphan), "half an upload");
  await writeFile(join(dir, "logs/objects", "abc.json.x.tmp"), "half a draft");
  await mkdir(join(dir, "logs/uploads", orphan));

  const again = await runS3({ dir });
  const names = await Promise.all(
    ["data", "objects", "uploads"].map((sub) => readdir(join(dir, "logs", sub))),
  );
  expect(names.map(({ length }) => length)).toEqual([1, 1, 0]);
  const got = await again.as(OWNER).send(new GetObjectCommand(WHERE));
  expect(await got.Body?.transformToString()).toBe("kept");
});

test("an upload that was completed just before a kill is not offered again", async () => {
  const dir = await temporaryFolder();
  const first = await runS3({ dir });
  const client = first.as(OWNER);
  const { UploadId } = await client.send(new CreateMultipartUploadCommand(WHERE));
  const folder = join(dir, "logs/uploads", UploadId!);
  const { ETag } = await client.send(
    new UploadPartCommand({ ...WHERE, UploadId, PartNumber: 1, Body: "part" }),
  );
  const saved = await Promise.all(
    ["upload.json", "1.json"].map(async (name) => [name, await readFile(join(folder, name))] as const),
  );
  const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
  await client.send(new CompleteMultipartUploadCommand({ ...WHERE, UploadId, MultipartUpload }));
  await first.close();
  await mkdir(folder);
  for (const [name, text] of saved) await writeFile(join(folder, name), text);

  const again = (await runS3({ dir })).as(OWNER);
  expect(await outcome(again.send(new ListPartsCommand({ ...WHERE, UploadId })))).toBe("404 NoSuchUpload");
  const got = await again.send(new GetObjectCommand(WHERE));
  expect(await got.Body?.transformToString()).toBe("part");
});

test("replaced and deleted objects leave no data behind", async () => {
  const dir = await temporaryFolder();
  const client = (await runS3({ dir })).as(OWNER);
  for (const Body of ["1", "2", "3"]) await client.send(new PutObjectCommand({ ...WHERE, Body }));
  expect(await readdir(join(dir, "logs/data"))).toHaveLength(1);
  await client.send(new DeleteObjectCommand(WHERE));
  expect(await readdir(join(dir, "logs/data"))).toEqual([]);
});

test("a reader gets the whole of what it began to read, although it is replaced and deleted meanwhile", async () => {
  const dir = await temporaryFolder();
  const client = (await runS3({ dir })).as(OWNER);
  const size = 20 * 1024 * 1024;
  await client.send(new PutObjectCommand({ ...WHERE, Body: Buffer.alloc(size, 1) }));
  const got = await client.send(new GetObjectCommand(WHERE));
  await client.send(new PutObjectCommand({ ...WHERE, Body: "other" }));
  await client.send(new DeleteObjectCommand(WHERE));
  const bytes = await got.Body!.transformToByteArray();
  expect([bytes.length, bytes.every((byte) => byte === 1)]).toEqual([size, true]);
  await expect.poll(() => readdir(join(dir, "logs/data"))).toEqual([]);
});

test("no key, whatever is in it, gets out of the folder or meets another", async () => {
  const dir = await temporaryFolder();
  const s3 = await runS3({ dir: join(dir, "s3") });
  const client = s3.as(OWNER);
  const segment = fc.constantFrom(
    "..",
    ".",
    "",
    "a",
    "objects",
    "data",
    "con",
    "\\",
    "\0",
    "\n",
    "%2e%2e",
    "ä",
    "~",
    "*",
  );
  const key = fc.array(segment, { minLength: 1, maxLength: 6 }).map((parts) => parts.join("/"));
  const keys = fc.sample(
    key.filter((text) => text !== ""),
    { seed: 7, numRuns: 200 },
  );
  const distinct = [...new Set(keys)];
  for (const Key of distinct) await client.send(new PutObjectCommand({ Bucket: "logs", Key, Body: Key }));
  for (const Key of distinct) {
    const got = await client.send(new GetObjectCommand({ Bucket: "logs", Key }));
    expect(await got.Body?.transformToString()).toBe(Key);
  }
  const top = await Promise.all(
    [dir, join(dir, "s3"), join(dir, "s3/logs")].map((folder) => readdir(folder)),
  );
  expect(top.map((names) => names.sort())).toEqual([
    ["s3"],
    ["lists", "logs"],
    ["data", "objects", "uploads"],
  ]);
  expect(await readdir(join(dir, "s3/logs/objects"))).toHaveLength(distinct.length);
});

test.each([
  { what: "no JSON", damage: (file: string) => truncate(file, 10), error: /is no JSON/ },
  { what: "JSON of something else", damage: (file: string) => writeFile(file, "{}"), error: /lacks members/ },
  {
    what: "another key's",
    damage: async (file: string) =>
      writeFile(file, (await readFile(file, "utf8")).replace("mail1/a", "mail2/a")),
    error: /has not the name/,
  },
  {
    what: "an id that is a path",
    damage: async (file: string) =>
      writeFile(
        file,
        (await readFile(file, "utf8")).replace(/"id":"[^"]+"/, '"id":"../../../../etc/passwd"'),
      ),
    error: /lacks members/,
  },
])("an object's file that is $what: an error that names it and what to do", async ({ damage, error }) => {
  const dir = await temporaryFolder();
  const s3 = await runS3({ dir });
  await s3.as(OWNER).send(new PutObjectCommand({ ...WHERE, Body: "x" }));
  await s3.close();
  const [name] = await readdir(join(dir, "logs/objects"));
  const file = join(dir, "logs/objects", name!);
  await damage(file);
  const start = startS3({ dir, buckets: ["logs"], keys: [] });
  await expect(start).rejects.toThrow(error);
  await expect(start).rejects.toMatchObject({
    name: "CorruptDataError",
    message: expect.stringContaining(file),
  });
});

test("an object whose data were cut: an error at the start, not half an object later", async () => {
  const dir = await temporaryFolder();
  const s3 = await runS3({ dir });
  await s3.as(OWNER).send(new PutObjectCommand({ ...WHERE, Body: "hello" }));
  await s3.close();
  const [id] = await readdir(join(dir, "logs/data"));
  await truncate(join(dir, "logs/data", id!), 4);
  await expect(startS3({ dir, buckets: ["logs"], keys: [] })).rejects.toThrow("4 bytes instead of 5");
});

test("a folder that cannot be made, a port in use, a wrong bucket name: named errors", async () => {
  const dir = await temporaryFolder();
  await writeFile(join(dir, "file"), "");
  const inFile = startS3({ dir: join(dir, "file"), buckets: ["logs"], keys: [] });
  await expect(inFile).rejects.toMatchObject({ name: "UnusableFolderError" });
  const s3 = await runS3();
  const taken = startS3({ dir, buckets: ["logs"], keys: [], port: s3.port });
  await expect(taken).rejects.toMatchObject({
    name: "PortError",
    message: expect.stringContaining(String(s3.port)),
  });
  const climbing = startS3({ dir, buckets: ["../lists"], keys: [] });
  await expect(climbing).rejects.toMatchObject({ name: "BucketNameError" });
});

test("1,010 objects are listed in two pages", async () => {
  const s3 = await runS3();
  const client = s3.as(OWNER);
  const names = Array.from({ length: 1_010 }, (_, at) => `mail1/${String(at).padStart(6, "0")}`);
  for (let at = 0; at < names.length; at += 50) {
    const batch = names.slice(at, at + 50);
    await Promise.all(
      batch.map((Key) => client.send(new PutObjectCommand({ Bucket: "logs", Key, Body: "x" }))),
    );
  }
  const first = await client.send(new ListObjectsV2Command({ Bucket: "logs" }));
  const ContinuationToken = first.NextContinuationToken;
  const second = await client.send(new ListObjectsV2Command({ Bucket: "logs", ContinuationToken }));
  expect([first.KeyCount, second.KeyCount, second.IsTruncated]).toEqual([1_000, 10, false]);
  expect([...first.Contents!, ...second.Contents!].map(({ Key }) => Key)).toEqual(names);
}, 60_000);
