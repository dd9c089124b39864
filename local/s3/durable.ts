import { open, rename, rm } from "node:fs/promises";

const OWNER_ONLY = 0o600;

/** Text under a temporary name, on disk, waiting to be renamed to `file`. */
export interface Draft {
  /** Makes it appear under its name, whole, and replaces what was there. */
  publish(): Promise<void>;
  discard(): Promise<void>;
}

/** Ending of files that were never published; whoever opens the folder removes them. */
export const TEMPORARY = ".tmp";

/** Writes and syncs `text` beside `file`; `unique` keeps two writers apart. */
export async function draft(file: string, unique: string, text: string): Promise<Draft> {
  const temporary = `${file}.${unique}${TEMPORARY}`;
  const handle = await open(temporary, "wx", OWNER_ONLY);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
  return {
    publish: () => rename(temporary, file),
    discard: () => rm(temporary, { force: true }),
  };
}

/** Writes all pieces to a new file and syncs it; removes it again where that fails. Returns the size. */
export async function writePieces(file: string, pieces: AsyncIterable<Uint8Array>): Promise<number> {
  const handle = await open(file, "wx", OWNER_ONLY);
  let size = 0;
  try {
    for await (const piece of pieces) {
      await handle.writeFile(piece);
      size += piece.byteLength;
    }
    await handle.sync();
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
  return size;
}
