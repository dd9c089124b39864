import assert from "node:assert/strict";
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from "@aws-sdk/client-s3";
import { topic } from "./check.ts";
import { newKey, putText, refuses, type Target } from "./target.ts";

/** Names that a careless server would change, refuse or follow out of its folder. */
const ODD = {
  "blanks and plus signs": "mail log+1 .gz",
  "characters with a meaning in URLs": "a%20b?c=d&e#f;g:h@i,j$k",
  "quotes, brackets, stars": 'it\'s "(quoted)" [x] {y} *z*!~^|\\`<&>',
  "beyond ASCII": "größe/日本語/журнал/🙂",
};

/** Where paths are files, these cannot be; S3 knows no paths. */
const PATHLIKE = {
  "dots as path segments": "a/../b/./c",
  "leading dots out of the folder": "../../../../etc/passwd",
  "empty path segments": "a//b///c",
};

export const keys = topic("keys", {
  "characters, encoded and decoded right": (target) => roundTrips(target, Object.values(ODD)),
  "a slash at the end, with data": (target) => roundTrips(target, ["folder/", "folder/x"]),
  "dots and empty segments are nothing special": (target) => roundTrips(target, Object.values(PATHLIKE)),

  "a key and one below it": async (target) => {
    const key = newKey(target, "maillog");
    await putText(target, key, "upper");
    await putText(target, `${key}/1`, "lower");
    assert.deepEqual([await read(target, key), await read(target, `${key}/1`)], ["upper", "lower"]);
  },

  "1,024 bytes are the most": async (target) => {
    const key = lengthen(newKey(target, ""), 1024);
    await putText(target, key, "long");
    assert.equal(await read(target, key), "long");
    const tooLong = new PutObjectCommand({ Bucket: target.bucket, Key: `${key}x`, Body: "x" });
    await refuses(target.client.send(tooLong), 400, "KeyTooLongError");
  },
});

/** Each is stored, read back and listed under its own name; none shadows another. */
async function roundTrips(target: Target, names: string[]): Promise<void> {
  const base = newKey(target, "");
  for (const name of names) await putText(target, base + name, `data of ${name}`);
  for (const name of names) assert.equal(await read(target, base + name), `data of ${name}`);
  const listed = await target.client.send(new ListObjectsV2Command({ Bucket: target.bucket, Prefix: base }));
  const found = listed.Contents?.map(({ Key }) => Key) ?? [];
  assert.deepEqual(found.sort(), names.map((name) => base + name).sort());
}

async function read(target: Target, key: string): Promise<string> {
  const got = await target.client.send(new GetObjectCommand({ Bucket: target.bucket, Key: key }));
  return await got.Body!.transformToString();
}

/** A key of that many bytes, in segments that would fit a file system. */
function lengthen(base: string, bytes: number): string {
  const key = base + `${"ä".repeat(50)}/`.repeat(8);
  return key + "x".repeat(bytes - Buffer.byteLength(key));
}
