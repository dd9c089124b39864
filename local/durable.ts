import { randomUUID } from "node:crypto";
import { link, open, readdir, rename, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";

/** Only the owner: everything in a data folder is somebody's log, or a key. */
const PRIVATE = 0o600;

/**
 * Writes a file whole: after a kill or a power cut at any point, `path` holds either what it held before or all of
 * `data`. `scratch` is the folder for the unfinished file, on the same file system.
 */
export async function writeWhole(
  path: string,
  data: string | Uint8Array,
  scratch = dirname(path),
): Promise<void> {
  const unfinished = await writeUnfinished(scratch, data);
  try {
    await rename(unfinished, path);
  } catch (error) {
    await unlink(unfinished).catch(() => {});
    throw error;
  }
  await syncFolder(dirname(path));
}

/** Like writeWhole, but never replaces: false where `path` is there already. */
export async function writeNew(path: string, data: string | Uint8Array): Promise<boolean> {
  const unfinished = await writeUnfinished(dirname(path), data);
  try {
    await link(unfinished, path);
  } catch (error) {
    if (!isCode(error, "EEXIST")) throw error;
    return false;
  } finally {
    await unlink(unfinished);
  }
  await syncFolder(dirname(path));
  return true;
}

/** Makes renames and removals in a folder last over a power cut. */
export async function syncFolder(dir: string): Promise<void> {
  await sync(dir);
}

/** Makes all that was written to the files of a folder last over a power cut. */
export async function syncFiles(dir: string): Promise<void> {
  for (const name of await readdir(dir)) await sync(join(dir, name));
  await sync(dir);
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Whether an error is the system's of that code: `ENOENT`, `EEXIST`. */
export function isCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && "code" in error && codes.includes(String(error.code));
}

async function writeUnfinished(dir: string, data: string | Uint8Array): Promise<string> {
  const path = join(dir, `.${randomUUID()}.tmp`);
  const handle = await open(path, "wx", PRIVATE);
  try {
    await handle.writeFile(data);
    await handle.sync();
  } catch (error) {
    await unlink(path).catch(() => {});
    throw error;
  } finally {
    await handle.close();
  }
  return path;
}
