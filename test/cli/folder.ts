import { mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** A folder that goes when the test ends. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "fleetban-test-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes a log whose own time is in November 2026, so that times without a year are of 2026. */
export async function writeLog(folder: string, name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  await utimes(path, LOG_TIME, LOG_TIME);
  return path;
}

/** 2026-11-24T12:00:00Z */
export const LOG_TIME = 1_795_521_600;

/** What no log holds. */
export const BINARY = Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 167) % 256));
