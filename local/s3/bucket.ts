import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { syncFolder } from "../durable.ts";
import type { ChecksumName } from "./checksum.ts";
import { checkWrite, type WriteCondition } from "./conditions.ts";
import { draft, writePieces } from "./durable.ts";
import { type Locks, locked } from "./lock.ts";
import type { Described } from "./metadata.ts";
import type { ByteRange } from "./range.ts";
import { insertKey, removeKey, type SortedKeys } from "./sorted.ts";

/** One immutable file of data under a name that is never used again. */
export interface Piece {
  id: string;
  size: number;
}

export interface StoredChecksum {
  name: ChecksumName;
  /** base64; of a composite one with `-<parts>` behind it. */
  value: string;
  type: "FULL_OBJECT" | "COMPOSITE";
}

/** One object as its file in `objects/` holds it. */
export interface StoredObject extends Described {
  key: string;
  size: number;
  /** Hex without quotes; `<hex>-<parts>` after a multipart upload. */
  etag: string;
  /** UTC epoch seconds, fractions kept. */
  modified: number;
  /** The data are these, one after the other: completing a multipart upload copies nothing. */
  pieces: Piece[];
  checksum: StoredChecksum | undefined;
}

export interface UploadedPart {
  number: number;
  piece: Piece;
  etag: string;
  modified: number;
  checksum: StoredChecksum | undefined;
}

/** A multipart upload under way; a folder in `uploads/`. */
export interface Upload extends Described {
  id: string;
  key: string;
  /** UTC epoch seconds. */
  initiated: number;
  checksum: ChecksumName | undefined;
  parts: Map<number, UploadedPart>;
}

/**
 * A bucket: `objects/<sha256 of the key>.json`, each naming its data in `data/`, and `uploads/`. Keys never
 * become file names. What `objects/` says is also held here; one process alone may have the folder open.
 */
export interface Bucket {
  name: string;
  dir: string;
  objects: Map<string, StoredObject>;
  sorted: SortedKeys;
  uploads: Map<string, Upload>;
  /** How many readers a piece has; replaced data stay until the last one is done. */
  readers: Map<string, number>;
  doomed: Set<string>;
  /** By key. */
  locks: Locks;
  /** By upload id; taken before that of the key. */
  uploadLocks: Locks;
}

export function objectFile(dir: string, key: string): string {
  return join(dir, "objects", `${createHash("sha256").update(key).digest("hex")}.json`);
}

export function pieceFile(dir: string, id: string): string {
  return join(dir, "data", id);
}

/** Stores data under a new name; nothing refers to them yet, so a crash leaves only a file to clean up. */
export async function writePiece(bucket: Bucket, data: AsyncIterable<Uint8Array>): Promise<Piece> {
  const id = randomUUID();
  const size = await writePieces(pieceFile(bucket.dir, id), data);
  await syncFolder(join(bucket.dir, "data"));
  return { id, size };
}

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

/** Drops pieces after a failed write; not if the failure came after the object had become visible. */
export async function dropUnused(bucket: Bucket, key: string, pieces: readonly Piece[]): Promise<void> {
  if (bucket.objects.get(key)?.pieces !== pieces) await dropPieces(bucket, pieces);
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

/** The object's bytes in the range. They stay readable until the generator ends, even if the object is replaced. */
export async function* readObject(
  bucket: Bucket,
  object: StoredObject,
  range: ByteRange,
): AsyncGenerator<Buffer> {
  let offset = 0;
  for (const { id, size } of object.pieces) {
    const start = Math.max(range.start - offset, 0);
    const end = Math.min(range.end - offset, size);
    // `end` of a read stream is the last byte, not the one after it
    if (start < end) yield* createReadStream(pieceFile(bucket.dir, id), { start, end: end - 1 });
    offset += size;
  }
}

/** Keeps the object's data on disk until the returned function is called. */
export function hold(bucket: Bucket, object: StoredObject): () => Promise<void> {
  const { pieces } = object;
  for (const { id } of pieces) bucket.readers.set(id, (bucket.readers.get(id) ?? 0) + 1);
  return async () => {
    for (const { id } of pieces) {
      const left = bucket.readers.get(id)! - 1;
      if (left > 0) bucket.readers.set(id, left);
      else bucket.readers.delete(id);
    }
    await dropPieces(
      bucket,
      pieces.filter(({ id }) => bucket.doomed.has(id)),
    );
  };
}

/** Deletes data that nothing refers to any more, now or when its last reader is done. */
export async function dropPieces(bucket: Bucket, pieces: readonly Piece[]): Promise<void> {
  for (const { id } of pieces) {
    if (bucket.readers.has(id)) {
      bucket.doomed.add(id);
      continue;
    }
    bucket.doomed.delete(id);
    await rm(pieceFile(bucket.dir, id), { force: true });
  }
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
