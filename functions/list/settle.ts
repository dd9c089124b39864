/** What follows a manifest: the files at fixed addresses, and the copy that tells when a list was in force. */
import { type Bucket, getText, putObject, stateOf } from "../store/objects.ts";
import { fixedFiles } from "./formats.ts";
import type { Manifest } from "./manifest.ts";

/** A manifest as it was signed. */
export interface SignedManifest {
  manifest: Manifest;
  text: string;
}

/**
 * Brings everything that follows the manifest up to it, at each publish, so that what a killed publisher left undone is
 * done by the next one; never back, if another publisher is ahead.
 */
export async function settle(lists: Bucket, { manifest, text }: SignedManifest): Promise<void> {
  await keepManifest(lists, { manifest, text });
  for (const file of fixedFiles) await bringFixed(lists, manifest, file);
}

/** Puts a copy of the manifest beside its files; the first one of a serial stays, though it is renewed. */
export async function keepManifest(lists: Bucket, { manifest, text }: SignedManifest): Promise<void> {
  const key = `${manifest.folder}/manifest`;
  if ((await stateOf(lists, key)) !== undefined) return;
  await putObject(lists, key, text, { type: "application/json", condition: { ifNoneMatch: "*" } });
}

const MOST_TRIES = 5;

/** The file at its fixed address remembers its serial, so that of two publishers the later list stays. */
async function bringFixed(lists: Bucket, { serial, folder, files }: Manifest, file: string): Promise<void> {
  if (!Object.hasOwn(files, file)) return;
  const key = `blocklist/${file}`;
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const there = await stateOf(lists, key);
    if (there !== undefined && Number(there.metadata.serial) >= serial) return;
    const stored = await getText(lists, `${folder}/${file}`);
    if (stored === undefined) return; // cleaned meanwhile: others are far ahead
    const condition = there === undefined ? ({ ifNoneMatch: "*" } as const) : { ifMatch: there.etag };
    const metadata = { serial: `${serial}` };
    if (await putObject(lists, key, stored.text, { type: "text/plain; charset=utf-8", condition, metadata }))
      return;
  }
}
