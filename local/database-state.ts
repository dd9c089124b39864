import { readFile } from "node:fs/promises";
import { syncFiles, writeWhole } from "./durable.ts";
import type { DataFolder } from "./folder.ts";
import { currentBoot } from "./running.ts";

/**
 * What the database is known to hold, in `database.json`: of every object in the logs bucket it has the counts, or the
 * queue has the message, as long as it is this table and, after a power cut, a database that was synced.
 */
interface DatabaseState {
  tableId: string;
  /** In which boot it was written without sync; undefined once all was synced. */
  boot: string | undefined;
}

/** Whether the database may know less than the logs bucket: it was made anew, or the power went while it was in use. */
export async function mayLackCounts(folder: DataFolder, tableId: string): Promise<boolean> {
  const known = await readState(folder.databaseState);
  if (known?.tableId !== tableId) return true;
  return known.boot !== undefined && known.boot !== currentBoot();
}

/** From here on the database is written; LevelDB does not wait for the disk. */
export async function markInUse(folder: DataFolder, tableId: string): Promise<void> {
  await writeState(folder.databaseState, { tableId, boot: currentBoot() });
}

/**
 * The database has been closed: lets all of it reach the disk. What it lacked before this process had it in use, it
 * still lacks.
 */
export async function markSynced(folder: DataFolder, tableId: string): Promise<void> {
  await syncFiles(folder.dynamodb);
  if (await mayLackCounts(folder, tableId)) return;
  await writeState(folder.databaseState, { tableId, boot: undefined });
}

async function writeState(path: string, state: DatabaseState): Promise<void> {
  await writeWhole(path, `${JSON.stringify(state)}\n`);
}

/** Undefined where there is none, or none that can be read: then everything is counted again, to the same result. */
async function readState(path: string): Promise<Partial<DatabaseState> | undefined> {
  try {
    return JSON.parse(await readFile(path, "utf8")) ?? undefined;
  } catch {
    return undefined;
  }
}
