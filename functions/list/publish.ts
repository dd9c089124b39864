import type { EpochSeconds } from "../parse/event.ts";
import { type Bucket, getText, putObject } from "../store/objects.ts";
import type { Store } from "../store/store.ts";
import type { ListEntry } from "./blocklist.ts";
import { cleanOldLists } from "./clean.ts";
import { deltasTo } from "./deltas.ts";
import { hostsFile, listFiles, type NewFile, newFile } from "./files.ts";
import { publishedFiles } from "./formats.ts";
import {
  buildManifest,
  folderOf,
  LIST_LIFETIME,
  type Manifest,
  nextSerial,
  parseManifest,
  withSignature,
} from "./manifest.ts";
import { keepManifest, type SignedManifest, settle } from "./settle.ts";

export const MANIFEST_KEY = "blocklist/manifest";

export interface Published {
  manifest: Manifest;
  /** False: the list is the one that was there already, at most with a later expiry. */
  changed: boolean;
}

/** The manifest in force; the ETag is what the next one replaces. */
export interface CurrentManifest extends SignedManifest {
  etag: string;
}

/** What is to be published. */
export interface NewList {
  entries: readonly ListEntry[];
  /** The policy's version. */
  policy: string;
  now: EpochSeconds;
  /** The files in force are damaged: they are put anew, under a new serial, though the list is the same. */
  damaged?: boolean;
}

/** Other publishers kept being faster. Nothing is lost: theirs is in force, and the next run is due. */
export class PublishRaceError extends Error {
  override name = "PublishRaceError";
}

const MOST_TRIES = 5;

/**
 * Decides and publishes, again if another publisher was faster: what it knew may be newer than what was decided here, so a
 * list never replaces one that was decided later.
 * @param once is given the manifest in force before it decides, and calls `publishList` with it
 * @throws PublishRaceError, BadManifest where the current manifest is damaged
 */
export async function withoutRace<Result extends Published>(
  lists: Bucket,
  once: (before: CurrentManifest | undefined) => Promise<Result | undefined>,
): Promise<Result> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const published = await once(await currentManifest(lists));
    if (published !== undefined) return published;
  }
  throw new PublishRaceError(
    "other publishers kept replacing the manifest; the list they published is in force",
  );
}

/**
 * Publishes a list: its files, then the signed manifest that names them, which replaces exactly `before`. An unchanged list
 * keeps its serial, and gets a new expiry at half of its life. Undefined: another manifest has taken the place of `before`.
 */
export async function publishList(
  store: Store,
  list: NewList,
  before: CurrentManifest | undefined,
): Promise<Published | undefined> {
  const { lists } = store;
  if (before !== undefined && !list.damaged && isSame(list, before.manifest))
    return await renew(store, before, list.now);
  const files = await newFiles(lists, list, before?.manifest);
  const manifest = manifestOf(list, files, before?.manifest);
  await putFiles(lists, manifest, files);
  const text = await putManifest(store, manifest, before);
  if (text === undefined) return undefined;
  if (before !== undefined) await keepManifest(lists, before);
  await settle(lists, { manifest, text });
  await cleanOldLists(lists, manifest, list.now);
  return { manifest, changed: true };
}

/** The manifest in force; undefined before the first list. @throws BadManifest */
export async function currentManifest(lists: Bucket): Promise<CurrentManifest | undefined> {
  const stored = await getText(lists, MANIFEST_KEY);
  return stored && { manifest: parseManifest(stored.text), ...stored };
}

/** Whether hosts and people would get the same: blocklist.tsv tells, as the others hold what changes all the time. */
function isSame({ entries, policy, now }: NewList, before: Manifest): boolean {
  return (
    before.policy === policy &&
    before.files["blocklist.tsv"]?.sha256 === hostsFile(entries, now).facts.sha256 &&
    publishedFiles.every(({ file }) => Object.hasOwn(before.files, file))
  );
}

async function renew(
  store: Store,
  before: CurrentManifest,
  now: EpochSeconds,
): Promise<Published | undefined> {
  const { manifest } = before;
  const isYoung = manifest.expires - now > LIST_LIFETIME / 2;
  const renewed = isYoung ? manifest : { ...manifest, created: now, expires: now + LIST_LIFETIME };
  const text = isYoung ? before.text : await putManifest(store, renewed, before);
  if (text === undefined) return undefined;
  await settle(store.lists, { manifest: renewed, text });
  return { manifest: renewed, changed: false };
}

async function newFiles(
  lists: Bucket,
  { entries, now }: NewList,
  before: Manifest | undefined,
): Promise<Map<string, NewFile>> {
  const files = listFiles(entries, now);
  const deltas = await deltasTo(files.get("blocklist.tsv")!.content, before, lists);
  for (const [name, content] of deltas) files.set(name, newFile(content));
  return files;
}

function manifestOf(
  { entries, policy, now }: NewList,
  newFiles: ReadonlyMap<string, NewFile>,
  before: Manifest | undefined,
): Manifest {
  const files = Object.fromEntries([...newFiles].map(([name, { facts }]) => [name, facts]));
  const serial = nextSerial(before?.serial, now);
  const expires = now + LIST_LIFETIME;
  const networks = entries.length;
  return { serial, created: now, expires, policy, folder: folderOf(serial, files), networks, files };
}

/** The folder's name holds the hash of the files: one that is there already is the same. */
async function putFiles(
  lists: Bucket,
  { folder }: Manifest,
  files: ReadonlyMap<string, NewFile>,
): Promise<void> {
  const options = { type: "text/plain; charset=utf-8", condition: { ifNoneMatch: "*" } } as const;
  await Promise.all(
    [...files].map(([file, { content }]) => putObject(lists, `${folder}/${file}`, content, options)),
  );
}

/** The signed text, or undefined where `before` is no longer the manifest in force. */
async function putManifest(
  { lists, sign }: Store,
  manifest: Manifest,
  before: CurrentManifest | undefined,
): Promise<string | undefined> {
  const signed = buildManifest(manifest);
  const text = withSignature(signed, await sign(signed));
  const condition = before === undefined ? ({ ifNoneMatch: "*" } as const) : { ifMatch: before.etag };
  const isPut = await putObject(lists, MANIFEST_KEY, text, { type: "application/json", condition });
  return isPut ? text : undefined;
}
