/** The most memory that `scan` takes: of the log in each form, and of one of twice the length. */

import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { shell } from "./compare.ts";
import { mark, print, row } from "./figures.ts";
import { FORM, isMade, withLogs } from "./logs.ts";
import { logsIn, makeLogs } from "./make-log.ts";

const WANTED = 192e6;

export async function run(): Promise<void> {
  await withLogs(async ({ plain, packed, parts, lines }) => {
    const folder = join(plain, "..", "twice");
    const twice = logsIn(folder);
    if (!isMade(twice)) await makeLogs(folder, { lines: 2 * lines, seed: 2, form: FORM });
    print(row(["the most memory, MB", "wanted", "measured"]));
    await measure("the plain file", plain);
    await measure("one .gz", packed);
    await measure("eight .gz", parts.join(" "));
    await measure("a plain file of twice the length", twice.plain);
    await measure("a .gz of twice the length", twice.packed);
    await measure("eight .gz of twice the length", twice.parts.join(" "));
    await measure("standard input", `- <${plain}`);
  });
}

async function measure(what: string, paths: string): Promise<void> {
  const peak = pathToFileURL(join(import.meta.dirname, "peak.js")).href;
  const told = await shell(`node dist/fleetban.js scan ${paths}`, { NODE_OPTIONS: `--import=${peak}` });
  const memory = Math.max(...told.matchAll(/^maxrss (\d+)$/gm).map(([, kib]) => Number(kib) * 1024));
  print(row([`  ${what}`, `< ${WANTED / 1e6}`, (memory / 1e6).toFixed(0), "", "", mark(memory < WANTED)]));
}
