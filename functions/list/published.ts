import { type Bucket, getText } from "../store/objects.ts";
import type { ListEntry } from "./blocklist.ts";
import { readJson } from "./json.ts";
import { fileFacts, type Manifest } from "./manifest.ts";
import { currentManifest } from "./publish.ts";

/** The list in force as it was published, with its reasons, checked against its manifest. */
export interface PublishedList {
  manifest: Manifest;
  entries: ListEntry[];
}

/** A published file is not what its manifest says. */
export class DamagedListError extends Error {
  override name = "DamagedListError";
}

/** Undefined before the first list. @throws BadManifest, DamagedListError */
export async function publishedList(lists: Bucket): Promise<PublishedList | undefined> {
  const current = await currentManifest(lists);
  return current && { manifest: current.manifest, entries: await entriesOf(lists, current.manifest) };
}

/** The list that a manifest names. @throws DamagedListError */
export async function entriesOf(lists: Bucket, { folder, files }: Manifest): Promise<ListEntry[]> {
  const key = `${folder}/blocklist.json`;
  const stored = await getText(lists, key);
  if (stored === undefined || fileFacts(stored.text).sha256 !== files["blocklist.json"]?.sha256) {
    throw new DamagedListError(`${key} is missing or is not what the manifest says: publish again`);
  }
  return readJson(stored.text);
}
