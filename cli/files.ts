// not node:fs/promises, which takes 5 ms to load
import { closeSync, open, openSync, read, readdirSync, readSync, statSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { EpochSeconds } from "../functions/parse/event.ts";
import { NotALog } from "../functions/read/errors.ts";
import { readLines } from "../functions/read/lines.ts";

/** A file that may be a log. */
export interface LogFile {
  path: string;
  size: number;
  mtime: EpochSeconds;
  /** Named by the user, not found in a folder. */
  named: boolean;
}

/** What a path could not be used for, and why. */
export interface BadPath {
  path: string;
  problem: string;
}

/** Files and, for folders, all files within, in order of their names; binary ones and empty ones in folders are left out. */
export async function logFiles(paths: readonly string[]): Promise<{ files: LogFile[]; bad: BadPath[] }> {
  const files: LogFile[] = [];
  const bad: BadPath[] = [];
  for (const path of paths) {
    const before = files.length;
    try {
      const found = statSync(path);
      if (!found.isDirectory()) files.push(fileOf(path, found, true));
      else {
        await addFolder(path, files, bad);
        if (files.length === before) bad.push({ path, problem: "holds no text file that could be a log" });
      }
    } catch (error) {
      bad.push({ path, problem: problemOf(error) });
    }
  }
  return { files, bad };
}

/** Why a file could not be read, in words, and what to do. */
export function problemOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  switch (code) {
    case "ENOENT":
      return "no such file or folder";
    case "EACCES":
    case "EPERM":
      return "may not be read by this user: run as root, or join the group that owns it (often adm)";
    case "EISDIR":
      return "is a folder";
    default:
      return message;
  }
}

async function addFolder(folder: string, files: LogFile[], bad: BadPath[]): Promise<void> {
  const entries = readdirSync(folder, { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = join(folder, entry.name);
    try {
      if (entry.isDirectory()) await addFolder(path, files, bad);
      else if (entry.isFile() || entry.isSymbolicLink()) await addFile(path, files);
    } catch (error) {
      bad.push({ path, problem: problemOf(error) });
    }
  }
}

async function addFile(path: string, files: LogFile[]): Promise<void> {
  const found = statSync(path);
  if (found.isFile() && found.size > 0 && (await looksLikeText(path))) files.push(fileOf(path, found, false));
}

function fileOf(path: string, { size, mtimeMs }: { size: number; mtimeMs: number }, named: boolean): LogFile {
  return { path, size, mtime: Math.floor(mtimeMs / 1000), named };
}

/** Whether what the file holds, unpacked, begins like text. */
async function looksLikeText(path: string): Promise<boolean> {
  const file = openSync(path, "r");
  try {
    const head = Buffer.alloc(HEAD);
    const length = readSync(file, head, 0, HEAD, 0);
    await readLines(chunk(head.subarray(0, length)), { name: path, ranges: [] }, () => {});
    return true;
  } catch (error) {
    // anything else comes from having read the head only
    return !(error instanceof NotALog);
  } finally {
    closeSync(file);
  }
}

const HEAD = 16_384;

async function* chunk(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** Two of them are all the memory that reading a file takes. */
const READ_SIZE = 512 * 1024;

/** Not at once: who opens a named pipe waits for its writer, who may first have to be rid of what another log's pipe takes. */
const openLater = promisify(open);
const readLater = promisify(read);

/** A file's bytes, `told` of each chunk's size. A chunk is good until the next is asked for. */
export async function* bytesOf(path: string, told: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  const file = await openLater(path, "r");
  const spare = [Buffer.allocUnsafeSlow(READ_SIZE), Buffer.allocUnsafeSlow(READ_SIZE)];
  const begin = (into: Buffer) => {
    const reading = readLater(file, into, 0, READ_SIZE, null);
    // who asks for the chunk is told; until then Node would end the process, as nobody waits for it
    reading.catch(() => {});
    return reading;
  };
  let reading = begin(spare[0]!);
  try {
    for (let turn = 1; ; turn ^= 1) {
      const { bytesRead, buffer } = await reading;
      if (bytesRead === 0) return;
      // the next one is read while the caller is at work on this one
      reading = begin(spare[turn]!);
      told(bytesRead);
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await Promise.allSettled([reading]);
    closeSync(file);
  }
}
