import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { isCode, writeWhole } from "./durable.ts";

/**
 * A setting of this data folder: as told, which is kept there, so that every command that starts the stack later does the
 * same; else as kept; undefined where nobody has ever told.
 */
export async function keptSetting(
  dir: string,
  name: string,
  told: string | undefined,
): Promise<string | undefined> {
  const path = join(dir, name);
  const kept = await readFile(path, "utf8").catch((error: unknown) => {
    if (!isCode(error, "ENOENT")) throw error;
    return undefined;
  });
  if (told === undefined || told === kept?.trim()) return kept?.trim();
  await writeWhole(path, `${told}\n`);
  return told;
}
