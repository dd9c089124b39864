import { randomUUID } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { syncFolder, writeWhole } from "../durable.ts";
import type { Bucket, Upload, UploadedPart } from "./bucket.ts";
import { S3Error } from "./errors.ts";
import { dropPieces } from "./pieces.ts";

/** Begins an upload; on disk before it has a name that a client knows. */
export async function beginUpload(bucket: Bucket, begun: Omit<Upload, "id" | "parts">): Promise<Upload> {
  const id = randomUUID();
  const upload: Upload = { ...begun, id, parts: new Map() };
  const folder = folderOf(bucket, id);
  await mkdir(folder, { mode: 0o700 });
  const { parts: _, ...kept } = upload;
  await writeWhole(join(folder, "upload.json"), JSON.stringify(kept));
  await syncFolder(join(bucket.dir, "uploads"));
  bucket.uploads.set(id, upload);
  return upload;
}

/** @throws S3Error NoSuchUpload also where the upload is of another key */
export function findUpload(bucket: Bucket, key: string, id: string | undefined): Upload {
  const upload = bucket.uploads.get(id ?? "");
  if (upload && upload.key === key) return upload;
  throw new S3Error(
    "NoSuchUpload",
    "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.",
    { UploadId: id ?? "" },
  );
}

/** Adds a part whose data are stored, or replaces the one of that number. The caller holds the upload's lock. */
export async function addPart(bucket: Bucket, upload: Upload, part: UploadedPart): Promise<void> {
  const before = upload.parts.get(part.number);
  const folder = folderOf(bucket, upload.id);
  await writeWhole(join(folder, `${part.number}.json`), JSON.stringify(part));
  upload.parts.set(part.number, part);
  if (before) await dropPieces(bucket, [before.piece]);
}

/** Forgets an upload and the data of those parts that no object has taken over. The caller holds the lock. */
export async function endUpload(
  bucket: Bucket,
  upload: Upload,
  taken: readonly UploadedPart[],
): Promise<void> {
  bucket.uploads.delete(upload.id);
  await rm(folderOf(bucket, upload.id), { recursive: true, force: true });
  await syncFolder(join(bucket.dir, "uploads"));
  const left = [...upload.parts.values()].filter((part) => !taken.includes(part));
  await dropPieces(
    bucket,
    left.map(({ piece }) => piece),
  );
}

function folderOf(bucket: Bucket, id: string): string {
  return join(bucket.dir, "uploads", id);
}
