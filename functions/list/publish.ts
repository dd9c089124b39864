import type { EpochSeconds } from "../parse/event.ts";
import { type Bucket, getText, putObject } from "../store/objects.ts";
import type { Store } from "../store/store.ts";
import type { ListEntry } from "./blocklist.ts";
import { publishedFiles, rendered } from "./formats.ts";
import {
  buildManifest,
  type FileFacts,
  fileFacts,
  folderOf,
  LIST_LIFETIME,
  type Manifest,
  nextSerial,
  parseManifest,
  withSignature,
} from "./manifest.ts";

export const MANIFEST_KEY = "blocklist/manifest";
/** Fixed address of the current plain list, for appliances that cannot follow the manifest. */
export const PLAIN_KEY = "blocklist/plain.txt";

export interface Published {
  manifest: Manifest;
  /** False: the list is the one that was there already, at most with a later expiry. */
  changed: boolean;
}

/** Other publishers kept being faster. Nothing is lost: theirs is in force, and the next run is due. */
export class PublishRaceError extends Error {
  override name = "PublishRaceError";
}

const MOST_TRIES = 5;

/**
 * Publishes a list: its files, then the signed manifest that names them, which replaces exactly the one that was
 * read. An unchanged list keeps its serial, and gets a new expiry at half of its life.
 * @throws PublishRaceError, BadManifest where the current manifest is damaged
 */
export async function publishList(
  store: Store,
  entries: readonly ListEntry[],
  policy: string,
  now: EpochSeconds,
): Promise<Published> {
  const contents = new Map(
    publishedFiles.map(({ file, format }) => [file, rendered(format, entries, { now })]),
  );
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const published = await attempt(store, contents, entries.length, policy, now);
    if (published !== undefined) return published;
  }
  throw new PublishRaceError(
    "other publishers kept replacing the manifest; the list they published is in force",
  );
}

/** The manifest in force, with its ETag; undefined before the first list. @throws BadManifest */
export async function currentManifest(
  lists: Bucket,
): Promise<{ manifest: Manifest; etag: string } | undefined> {
  const stored = await getText(lists, MANIFEST_KEY);
  return stored && { manifest: parseManifest(stored.text), etag: stored.etag };
}

async function attempt(
  store: Store,
  contents: ReadonlyMap<string, string>,
  networks: number,
  policy: string,
  now: EpochSeconds,
): Promise<Published | undefined> {
  const before = await currentManifest(store.lists);
  const next = nextManifest(before?.manifest, contents, networks, policy, now);
  if (next === before?.manifest) return { manifest: next, changed: false };
  const changed = next.serial !== before?.manifest.serial;
  if (changed) await putFiles(store.lists, next, contents);
  const signed = buildManifest(next);
  const text = withSignature(signed, await store.sign(signed));
  const condition = before === undefined ? ({ ifNoneMatch: "*" } as const) : { ifMatch: before.etag };
  if (!(await putObject(store.lists, MANIFEST_KEY, text, { type: "application/json", condition })))
    return undefined;
  await putObject(store.lists, PLAIN_KEY, contents.get("plain.txt") ?? "", { type: TEXT });
  return { manifest: next, changed };
}

const TEXT = "text/plain; charset=utf-8";

/** The same manifest where nothing has to be written. */
function nextManifest(
  before: Manifest | undefined,
  contents: ReadonlyMap<string, string>,
  networks: number,
  policy: string,
  now: EpochSeconds,
): Manifest {
  const files: Record<string, FileFacts> = {};
  for (const [file, content] of contents) files[file] = fileFacts(content);
  const expires = now + LIST_LIFETIME;
  if (before !== undefined && before.policy === policy && isSame(before.files, files)) {
    return before.expires - now > LIST_LIFETIME / 2 ? before : { ...before, created: now, expires };
  }
  const serial = nextSerial(before?.serial, now);
  return { serial, created: now, expires, policy, folder: folderOf(serial, files), networks, files };
}

/** ipset files hold the seconds that are left, which change all the time: blocklist.tsv tells. */
function isSame(a: Record<string, FileFacts>, b: Record<string, FileFacts>): boolean {
  return a["blocklist.tsv"]?.sha256 === b["blocklist.tsv"]?.sha256;
}

/** The folder's name holds the hash of the files: one that is there already is the same. */
async function putFiles(
  lists: Bucket,
  { folder }: Manifest,
  contents: ReadonlyMap<string, string>,
): Promise<void> {
  const condition = { ifNoneMatch: "*" } as const;
  for (const [file, content] of contents) {
    await putObject(lists, `${folder}/${file}`, content, { type: TEXT, condition });
  }
}
