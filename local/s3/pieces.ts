import { randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { syncFolder } from "../durable.ts";
import { type Bucket, type Piece, pieceFile, type StoredObject } from "./bucket.ts";
import { writePieces } from "./durable.ts";
import type { ByteRange } from "./range.ts";

/** Stores data under a new name; nothing refers to them yet, so a crash leaves only a file to clean up. */
export async function writePiece(bucket: Bucket, data: AsyncIterable<Uint8Array>): Promise<Piece> {
  const id = randomUUID();
  const size = await writePieces(pieceFile(bucket.dir, id), data);
  await syncFolder(join(bucket.dir, "data"));
  return { id, size };
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

/** Drops pieces after a failed write; not if the failure came after the object had become visible. */
export async function dropUnused(bucket: Bucket, key: string, pieces: readonly Piece[]): Promise<void> {
  if (bucket.objects.get(key)?.pieces !== pieces) await dropPieces(bucket, pieces);
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
