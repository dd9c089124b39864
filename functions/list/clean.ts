import type { EpochSeconds } from "../parse/event.ts";
import { type Bucket, deleteObjects, type ListedObject, listObjects } from "../store/objects.ts";
import { LIST_LIFETIME, type Manifest } from "./manifest.ts";

/**
 * Seconds that a list is kept after another has taken its place: longer than any manifest that names it can be valid, and
 * long enough to look on Monday at what was in force on Friday. Not longer: a list of 100,000 networks is 50 MB in all its
 * files, and there may be one a minute.
 */
export const KEEP = 3 * 86_400;
if (KEEP <= LIST_LIFETIME) throw new RangeError("a list must be kept for longer than its manifest is valid");

/** Objects that one publish deletes at most: S3 takes so many in one call. */
const MOST_DELETED = 1000;

/**
 * Deletes lists that were replaced longer than KEEP ago, the oldest first, and what publishers left behind that never got
 * to write a manifest. Never the current one. Reads the listing only as far as there is something to delete: keys are in
 * the order of the serials. Returns the number of objects deleted.
 */
export async function cleanOldLists(lists: Bucket, current: Manifest, now: EpochSeconds): Promise<number> {
  const old: string[] = [];
  for await (const folder of outdated(
    foldersOf(listObjects(lists, "blocklist/")),
    current.serial,
    now - KEEP,
  )) {
    old.push(...folder.keys);
    if (old.length >= MOST_DELETED) break;
  }
  const keys = old.slice(0, MOST_DELETED);
  await deleteObjects(lists, keys);
  return keys.length;
}

interface Folder {
  serial: number;
  keys: string[];
  newest: EpochSeconds;
  /** When the copy of its manifest was put; undefined: no manifest has ever named it. */
  named: EpochSeconds | undefined;
}

/** A list is outdated when the one that replaced it, the next that a manifest named, is older than `before`. */
async function* outdated(
  folders: AsyncIterable<Folder>,
  current: number,
  before: EpochSeconds,
): AsyncGenerator<Folder> {
  let waiting: Folder | undefined;
  for await (const folder of folders) {
    const { serial, newest, named } = folder;
    if (named === undefined) {
      if (serial >= current) return;
      if (newest < before) yield folder;
      continue;
    }
    if (waiting !== undefined) {
      if (named >= before) return;
      yield waiting;
    }
    if (serial >= current) return;
    waiting = folder;
  }
}

async function* foldersOf(objects: AsyncIterable<ListedObject>): AsyncGenerator<Folder> {
  let folder: Folder | undefined;
  let name: string | undefined;
  for await (const { key, modified } of objects) {
    const match = /^blocklist\/(\d{1,15})-[0-9a-f]{16}\//.exec(key);
    if (match === null) continue;
    if (name !== match[0]) {
      if (folder !== undefined) yield folder;
      name = match[0];
      folder = { serial: Number(match[1]), keys: [], newest: modified, named: undefined };
    }
    folder!.keys.push(key);
    folder!.newest = Math.max(folder!.newest, modified);
    if (key === `${name}manifest`) folder!.named = modified;
  }
  if (folder !== undefined) yield folder;
}
