import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { UserNames } from "../functions/store/deployment.ts";
import { isCode, writeWhole } from "./durable.ts";

/**
 * How rows of this data folder hold user names: as told, which is kept there, so that every command that starts the stack
 * later counts in the same way; else as kept, else hashed.
 */
export async function keptUserNames(dir: string, told: UserNames | undefined): Promise<UserNames> {
  const path = join(dir, "user-names");
  const kept = await readFile(path, "utf8").catch((error: unknown) => {
    if (!isCode(error, "ENOENT")) throw error;
    return "";
  });
  const known = kept.trim() === "plain" ? "plain" : "hashed";
  if (told !== undefined && told !== known) await writeWhole(path, `${told}\n`);
  return told ?? known;
}
