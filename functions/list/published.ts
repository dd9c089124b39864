import { parseNetwork } from "../decide/network.ts";
import { type Bucket, getText } from "../store/objects.ts";
import type { ListEntry } from "./blocklist.ts";
import { fileFacts, type Manifest } from "./manifest.ts";
import { currentManifest } from "./publish.ts";

/** The list in force as it was published, checked against its manifest. */
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
  if (current === undefined) return undefined;
  const { manifest } = current;
  const key = `${manifest.folder}/blocklist.tsv`;
  const stored = await getText(lists, key);
  const facts = manifest.files["blocklist.tsv"];
  if (stored === undefined || fileFacts(stored.text).sha256 !== facts?.sha256) {
    throw new DamagedListError(`${key} is missing or is not what the manifest says: publish again`);
  }
  return { manifest, entries: stored.text.split("\n").slice(0, -1).map(entryOf) };
}

function entryOf(line: string): ListEntry {
  const [network = "", until] = line.split("\t");
  const told = { rule: "", reason: "", attempts: 0, hosts: [], country: undefined };
  return { network, range: parseNetwork(network), until: Number(until), ...told };
}
