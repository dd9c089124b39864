import { chmod, mkdir, readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isCode, writeWhole } from "./durable.ts";
import { DataVersionError, ForeignFolderError, UnusableFolderError } from "./errors.ts";

/** How the folder's parts are stored. A change that old programs would misread gets a new number. */
const VERSION = "1";

/** Left by a kill while the version file was being written. */
const UNFINISHED = /^\.[0-9a-f-]{36}\.tmp$/;

/** Where the parts of the embedded stack lie in its data folder. */
export interface DataFolder {
  dir: string;
  s3: string;
  dynamodb: string;
  queue: string;
  keys: string;
  signingKey: string;
  publicKey: string;
  running: string;
  databaseState: string;
}

/**
 * Opens a data folder, or makes one: mode 0700, marked by a file `version`.
 * @throws UnusableFolderError, ForeignFolderError, DataVersionError
 */
export async function openDataFolder(dir: string): Promise<DataFolder> {
  try {
    await prepare(dir);
  } catch (error) {
    if (error instanceof ForeignFolderError || error instanceof DataVersionError) throw error;
    throw new UnusableFolderError(dir, error);
  }
  return layout(dir);
}

/** Paths only; nothing is read or made. */
export function layout(dir: string): DataFolder {
  return {
    dir,
    s3: join(dir, "s3"),
    dynamodb: join(dir, "dynamodb"),
    queue: join(dir, "queue"),
    keys: join(dir, "keys"),
    signingKey: join(dir, "signing-key.pem"),
    publicKey: join(dir, "signing-key.pub.pem"),
    running: join(dir, "stack.json"),
    databaseState: join(dir, "database.json"),
  };
}

async function prepare(dir: string): Promise<void> {
  const made = await makeFolder(dir);
  const path = join(dir, "version");
  const found = await readVersion(path);
  if (found === undefined) {
    if (!(await isFree(dir))) throw new ForeignFolderError(dir);
    // an existing empty folder may be open to others
    if (!made) await chmod(dir, 0o700);
    await writeWhole(path, `${VERSION}\n`);
  } else if (found !== VERSION) {
    throw new DataVersionError(dir, found.slice(0, 20), VERSION);
  }
}

/**
 * False where it is there. mkdir's own `recursive` tries for ever where a folder that exists answers ENOENT, as /proc
 * does.
 */
async function makeFolder(dir: string): Promise<boolean> {
  try {
    await mkdir(dir, { mode: 0o700 });
    return true;
  } catch (error) {
    if (isCode(error, "EEXIST")) return false;
    if (!isCode(error, "ENOENT")) throw error;
  }
  await makeFolder(dirname(dir));
  await mkdir(dir, { mode: 0o700 });
  return true;
}

async function readVersion(path: string): Promise<string | undefined> {
  try {
    return (await readFile(path, "utf8")).trim();
  } catch (error) {
    if (isCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

async function isFree(dir: string): Promise<boolean> {
  return (await readdir(dir)).every((name) => UNFINISHED.test(name));
}
