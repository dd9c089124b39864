import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { syncFolder } from "../durable.ts";
import { type Bucket, objectFile, type StoredObject } from "./bucket.ts";
import { checkWrite, type WriteCondition } from "./conditions.ts";
import { draft } from "./durable.ts";
import { locked } from "./lock.ts";
import { dropPieces } from "./pieces.ts";
import { insertKey, removeKey } from "./sorted.ts";

/** Says that an object is about to be there; the function it gives back says that it is. */
export type Announce = (object: StoredObject) => Promise<() => void>;

/**
 * Makes an object visible, atomically, if the condition holds at that moment. Killed before the rename: the
 * old state; after it: the new one. Where this throws, the caller still owns the pieces (see `dropUnused`).
 * @throws S3Error PreconditionFailed, NoSuchKey
 */
export async function putObject(
  bucket: Bucket,
  object: Omit<StoredObject, "modified">,
  condition: WriteCondition,
  now: () => number,
  announce: Announce,
): Promise<StoredObject> {
  return await locked(bucket.locks, object.key, async () => {
    checkWrite(condition, bucket.objects.get(object.key), object.key);
    const stored = { ...object, modified: now() };
    await publish(bucket, stored, announce);
    return stored;
  });
}

/** Removes an object; nothing happens where there is none. The check runs while nobody else can change it. */
export async function removeObject(
  bucket: Bucket,
  key: string,
  check: (current: StoredObject | undefined) => void,
): Promise<void> {
  await locked(bucket.locks, key, async () => {
    const current = bucket.objects.get(key);
    check(current);
    if (!current) return;
    await rm(objectFile(bucket.dir, key), { force: true });
    bucket.objects.delete(key);
    removeKey(bucket.sorted, key);
    await syncFolder(join(bucket.dir, "objects"));
    await dropPieces(bucket, current.pieces);
  });
}

async function publish(bucket: Bucket, object: StoredObject, announce: Announce): Promise<void> {
  const before = bucket.objects.get(object.key);
  const unique = object.pieces[0]?.id ?? randomUUID();
  const written = await draft(objectFile(bucket.dir, object.key), unique, JSON.stringify(object));
  let visible: () => void;
  try {
    visible = await announce(object);
    await written.publish();
  } catch (error) {
    await written.discard();
    throw error;
  }
  bucket.objects.set(object.key, object);
  insertKey(bucket.sorted, object.key);
  await syncFolder(join(bucket.dir, "objects"));
  visible();
  if (before) await dropPieces(bucket, before.pieces);
}
