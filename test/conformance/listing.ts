import assert from "node:assert/strict";
import {
  ListObjectsV2Command,
  type ListObjectsV2CommandInput,
  paginateListObjectsV2,
} from "@aws-sdk/client-s3";
import { topic } from "./check.ts";
import { newKey, putText, type Target } from "./target.ts";

export const listing = topic("listing", {
  "pages of max-keys, every key once, in order": async (target) => {
    const { base, all } = await fill(
      target,
      Array.from({ length: 25 }, (_, at) => `key${String(at).padStart(3, "0")}`),
    );
    const sizes: number[] = [];
    const seen: string[] = [];
    const config = { client: target.client, pageSize: 10 };
    for await (const page of paginateListObjectsV2(config, { Bucket: target.bucket, Prefix: base })) {
      sizes.push(page.KeyCount!);
      seen.push(...page.Contents!.map(({ Key }) => Key!));
    }
    assert.deepEqual([sizes, seen], [[10, 10, 5], all]);
  },

  "in the order of UTF-8 bytes": async (target) => {
    // U+FF5E comes before U+1F600 in UTF-8, after it in UTF-16
    const { base, all } = await fill(target, ["A", "Z", "a", "z", "é", "～", "😀"]);
    assert.deepEqual((await list(target, base)).keys, all);
  },

  "with a delimiter, common prefixes count like keys and are told once": async (target) => {
    const { base } = await fill(target, ["a", "b/1", "b/2", "b/3", "c", "d/1"]);
    const first = await list(target, base, { Delimiter: "/", MaxKeys: 2 });
    assert.deepEqual(
      [first.keys, first.prefixes, first.next !== undefined],
      [[`${base}a`], [`${base}b/`], true],
    );
    const second = await list(target, base, { Delimiter: "/", ContinuationToken: first.next });
    assert.deepEqual([second.keys, second.prefixes, second.next], [[`${base}c`], [`${base}d/`], undefined]);
  },

  "start-after leaves out that key and those before": async (target) => {
    const { base, all } = await fill(target, ["a", "b", "c"]);
    assert.deepEqual((await list(target, base, { StartAfter: `${base}a` })).keys, all.slice(1));
  },

  "a key put between two pages does no harm": async (target) => {
    const { base, all } = await fill(target, ["a", "c", "e"]);
    const first = await list(target, base, { MaxKeys: 2 });
    await putText(target, `${base}d`, "new");
    const second = await list(target, base, { ContinuationToken: first.next });
    assert.deepEqual(
      [...first.keys, ...second.keys].filter((key) => all.includes(key)),
      all,
    );
  },

  "encoding-type=url encodes keys": async (target) => {
    const { base } = await fill(target, ["b & c+ä"]);
    const command = new ListObjectsV2Command({ Bucket: target.bucket, Prefix: base, EncodingType: "url" });
    const { Contents = [], EncodingType } = await target.client.send(command);
    const key = Contents[0]?.Key ?? "";
    assert.deepEqual([EncodingType, decodeURIComponent(key.replaceAll("+", " "))], ["url", `${base}b & c+ä`]);
    assert.match(key, /%26.*%2B%C3%A4$/);
  },

  "size, ETag and time of each key": async (target) => {
    const key = newKey(target);
    const etag = await putText(target, key, "12345");
    const { Contents = [] } = await target.client.send(
      new ListObjectsV2Command({ Bucket: target.bucket, Prefix: key }),
    );
    assert.deepEqual([Contents.length, Contents[0]?.Size, Contents[0]?.ETag], [1, 5, etag]);
    assert.ok(Math.abs(Date.now() - Contents[0]!.LastModified!.getTime()) < 900_000);
  },

  "nothing under a prefix: an empty page": async (target) => {
    const { keys, prefixes, next } = await list(target, newKey(target));
    assert.deepEqual([keys, prefixes, next], [[], [], undefined]);
  },
});

/** Puts an object for each name under a prefix of its own; `all` are the keys in order of their bytes. */
async function fill(target: Target, names: string[]): Promise<{ base: string; all: string[] }> {
  const base = newKey(target, "");
  await Promise.all(names.map((name) => putText(target, base + name, name)));
  return { base, all: names.map((name) => base + name) };
}

async function list(target: Target, prefix: string, more: Partial<ListObjectsV2CommandInput> = {}) {
  const page = await target.client.send(
    new ListObjectsV2Command({ Bucket: target.bucket, Prefix: prefix, ...more }),
  );
  return {
    keys: (page.Contents ?? []).map(({ Key }) => Key!),
    prefixes: (page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix!),
    next: page.NextContinuationToken,
  };
}
