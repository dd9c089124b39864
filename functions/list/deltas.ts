import { type Bucket, getText } from "../store/objects.ts";
import { deltaName, deltaOf, oldFolderOf } from "./delta.ts";
import type { Manifest } from "./manifest.ts";

/** Lists back to which there are deltas: hosts poll each minute, and even while an attack is on there is one list a minute. */
export const MOST_DELTAS = 10;

/** Bytes from which on a list has deltas: a smaller one is one reply of a few packets, like the manifest. */
const LEAST_LIST = 4096;

/**
 * Deltas to `list` from those before it: the one that `before` names, and those that `before` has deltas from, by file
 * name. One that is larger than half of the list, or whose old list is gone, is left out.
 */
export async function deltasTo(
  list: string,
  before: Manifest | undefined,
  lists: Bucket,
): Promise<Map<string, string>> {
  const deltas = new Map<string, string>();
  if (before === undefined || list.length < LEAST_LIST) return deltas;
  const older = Object.keys(before.files).map(oldFolderOf);
  const folders = [before.folder, ...older.filter((folder) => folder !== undefined)].slice(0, MOST_DELTAS);
  const olds = await Promise.all(folders.map((folder) => getText(lists, `${folder}/blocklist.tsv`)));
  for (const [n, folder] of folders.entries()) {
    const old = olds[n];
    const delta = old && deltaOf(old.text, list);
    if (delta !== undefined && delta.length * 2 <= list.length) deltas.set(deltaName(folder), delta);
  }
  return deltas;
}
