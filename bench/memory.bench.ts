/** The most memory that `scan` takes: of the log in each form, and of longer ones. */

import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { shell } from "./compare.ts";
import { mark, print, row } from "./figures.ts";
import { FORM, isMade, withLogs } from "./logs.ts";
import { logsIn, makeLogs } from "./make-log.ts";

const WANTED = 192e6;
const LONGER = [
  ["twice", 2],
  ["4 times", 4],
] as const;

export async function run(): Promise<void> {
  await withLogs(async ({ plain, packed, parts, lines }) => {
    print(row(["the most memory, MB", "wanted", "measured"]));
    await measure("the plain file", plain);
    await measure("one .gz", packed);
    await measure("eight .gz", parts.join(" "));
    await measure("standard input", `- <${plain}`);
    for (const [length, times] of LONGER) {
      const folder = join(plain, "..", `${times}`);
      const longer = logsIn(folder);
      if (!isMade(longer)) await makeLogs(folder, { lines: times * lines, seed: times, form: FORM });
      await measure(`a plain file of ${length} the length`, longer.plain);
      await measure(`a .gz of ${length} the length`, longer.packed);
      await measure(`eight .gz of ${length} the length`, longer.parts.join(" "));
    }
  });
}

async function measure(what: string, paths: string): Promise<void> {
  const peak = pathToFileURL(join(import.meta.dirname, "peak.js")).href;
  const told = await shell(`node dist/fleetban.js scan ${paths}`, { NODE_OPTIONS: `--import=${peak}` });
  const memory = Math.max(...told.matchAll(/^maxrss (\d+)$/gm).map(([, kib]) => Number(kib) * 1024));
  print(row([`  ${what}`, `< ${WANTED / 1e6}`, (memory / 1e6).toFixed(0), "", "", mark(memory < WANTED)]));
}
