import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { oldFolderOf } from "../functions/list/delta.ts";
import type { Manifest } from "../functions/list/manifest.ts";
import { type Bucket, getText } from "../functions/store/objects.ts";
import { writeWhole } from "./durable.ts";

/** Copies the files of a list to `dir/blocklist/`, for people and programs of this machine; returns that folder. */
export async function exportList(lists: Bucket, { folder, files }: Manifest, dir: string): Promise<string> {
  const target = join(dir, "blocklist");
  await mkdir(target, { recursive: true });
  for (const file of Object.keys(files)) {
    if (oldFolderOf(file) !== undefined) continue; // a delta is of use only to who has the list before
    const stored = await getText(lists, `${folder}/${file}`);
    if (stored !== undefined) await writeWhole(join(target, file), stored.text);
  }
  return target;
}
