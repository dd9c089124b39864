/** `scan`, as a user runs it, against gunzip alone in the same runtime and against the article's shell pipeline. */
import type { Contestant } from "./compare.ts";
import { type Duel, fight, type Wanted } from "./figures.ts";
import { RUNS, withLogs } from "./logs.ts";

export async function run(): Promise<void> {
  await withLogs(async ({ plain, packed, parts, lines }) => {
    const scan = (...paths: string[]) => scanOf(paths, lines);
    const piped = (source: string, wanted: Wanted) => pipelines(source, lines, wanted);
    await fight(
      "one .gz",
      scan(packed),
      [...gunzips(packed, lines), ...piped(`zcat ${packed}`, { timesAsFast: 1.5 })],
      RUNS,
    );
    await fight("the plain file", scan(plain), piped(`cat ${plain}`, { timesAsFast: 0.8 }), RUNS);
    await fight("eight .gz", scan(...parts), piped(`zcat ${parts.join(" ")}`, { timesAsFast: 1.6 }), RUNS);
  });
}

export function scanOf(paths: string[], lines: number): Contestant {
  return { name: "scan", command: `node dist/fleetban.js scan ${paths.join(" ")}`, lines };
}

function gunzips(packed: string, lines: number): Duel[] {
  const name = "Node's gunzip alone";
  const larger = `${name}, by larger pieces`;
  return [
    {
      what: name,
      other: { name, command: `node bench/gunzip.ts ${packed}`, lines },
      wanted: { timesAsLong: 1.15 },
    },
    { what: larger, other: { name: larger, command: `node bench/gunzip.ts ${packed} larger`, lines } },
  ];
}

/** The article's commands, in the locale that is set, which is what an administrator has, and in the fastest. */
function pipelines(source: string, lines: number, wanted: Wanted): Duel[] {
  const rest = `grep "dovecot.*Disconnected.*auth failed" | awk -F , '{print $4}' | awk -F = '{print $2}' | sort | uniq -c | sort`;
  const name = `the article's pipeline behind ${source.split(" ")[0]}`;
  const command = `${source} | ${rest}`;
  const plainly = `${name}, LC_ALL=C`;
  return [
    { what: name, other: { name, command, lines }, wanted },
    { what: plainly, other: { name: plainly, command: `export LC_ALL=C; ${command}`, lines } },
  ];
}
