import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { syncFolder } from "../durable.ts";
import { UnusableFolderError } from "../errors.ts";
import { type Bucket, pieceFile } from "./bucket.ts";
import { TEMPORARY } from "./durable.ts";
import { BucketNameError } from "./errors.ts";
import { loadObjects, loadUploads } from "./load.ts";
import { bytewise } from "./sorted.ts";

const OWNER_ONLY = 0o700;
const PIECE = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export type Store = ReadonlyMap<string, Bucket>;

/**
 * Opens or makes the folder with one folder for each bucket, reads what is there and removes what a killed
 * process left half done. One process alone may have it open.
 * @throws UnusableFolderError, BucketNameError, CorruptDataError
 */
export async function openStore(dir: string, names: readonly string[]): Promise<Store> {
  for (const name of names) if (!isBucketName(name)) throw new BucketNameError(name);
  const store = new Map<string, Bucket>();
  for (const name of names) store.set(name, await openBucket(join(dir, name), name));
  return store;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html, as far as it is about characters. */
export function isBucketName(name: string): boolean {
  return /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) && !name.includes("..");
}

async function openBucket(dir: string, name: string): Promise<Bucket> {
  await makeWritable(dir);
  const objects = await loadObjects(dir);
  const uploads = await loadUploads(dir, objects);
  const bucket: Bucket = {
    name,
    dir,
    objects,
    sorted: [...objects.keys()].map(bytewise).sort(),
    uploads,
    readers: new Map(),
    doomed: new Set(),
    locks: new Map(),
    uploadLocks: new Map(),
  };
  await cleanUp(bucket);
  return bucket;
}

async function makeWritable(dir: string): Promise<void> {
  const probe = join(dir, `probe${TEMPORARY}`);
  try {
    for (const sub of ["objects", "data", "uploads"]) {
      await mkdir(join(dir, sub), { recursive: true, mode: OWNER_ONLY });
    }
    await writeFile(probe, "");
    await rm(probe);
    // what is stored from now on must not vanish with its folder in a power cut
    await syncFolder(dir);
    await syncFolder(dirname(dir));
  } catch (cause) {
    throw new UnusableFolderError(dir, cause);
  }
}

/** Removes drafts, and data that neither an object nor an upload names. */
async function cleanUp({ dir, objects, uploads }: Bucket): Promise<void> {
  for (const name of await readdir(join(dir, "objects"))) {
    if (name.endsWith(TEMPORARY)) await rm(join(dir, "objects", name), { force: true });
  }
  const used = new Set<string>();
  for (const { pieces } of objects.values()) for (const { id } of pieces) used.add(id);
  for (const { parts } of uploads.values()) for (const { piece } of parts.values()) used.add(piece.id);
  for (const id of await readdir(join(dir, "data"))) {
    if (PIECE.test(id) && !used.has(id)) await rm(pieceFile(dir, id), { force: true });
  }
}
