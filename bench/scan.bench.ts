/** `scan` against gunzip alone in the same runtime, and against the article's shell pipeline. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compare, type Measured, median, ratio } from "./compare.ts";
import { makeLogs, summary } from "./make-log.ts";

const LINES = Number(process.env.BENCH_LINES ?? 2_000_000);
const RUNS = Number(process.env.BENCH_RUNS ?? 5);

export async function run(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "fleetban-bench-"));
  try {
    const { plain: log, generated } = await makeLogs(folder, LINES, "traditional", 1);
    print(`${summary(generated)}; medians of ${RUNS} runs\n`);
    await table("one .gz", [scan(`${log}.gz`), gunzip(`${log}.gz`), pipeline(`zcat ${log}.gz`)]);
    await table("the plain file", [scan(log), pipeline(`cat ${log}`)]);
    await table("eight .gz", [scan(`${folder}/maillog.?.gz`), pipeline(`zcat ${folder}/maillog.?.gz`)]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const NODE = "node --import ./bench/memory.ts";

function scan(paths: string) {
  return { name: "fleetban scan", command: `${NODE} dist/fleetban.js scan --format tsv ${paths}` };
}

function gunzip(path: string) {
  return { name: "gunzip in Node", command: `${NODE} bench/gunzip.ts ${path}` };
}

/** As the article has it, with the address cut out of the line as it would have to be today. */
function pipeline(source: string) {
  const address = `grep -o "rip=[^,]*" | cut -d= -f2`;
  const command = `${source} | grep "dovecot.*Disconnected.*auth failed" | ${address} | sort | uniq -c | sort`;
  return { name: `${source.split(" ")[0]} | grep | … | sort`, command };
}

async function table(title: string, contestants: { name: string; command: string }[]): Promise<void> {
  const measured = await compare(contestants, RUNS);
  print(`${title.padEnd(28)} seconds    MB  scan takes\n`);
  for (const row of measured) print(`  ${line(row, measured[0]!)}\n`);
}

function line(row: Measured, first: Measured): string {
  const seconds = median(row.seconds).toFixed(2).padStart(7);
  const memory = (row.memory === 0 ? "-" : (row.memory / 2 ** 20).toFixed(0)).padStart(5);
  const times = row === first ? "" : `${ratio(first, row).toFixed(2)} times as long`;
  return `${row.name.padEnd(26)} ${seconds} ${memory}  ${times}`.trimEnd();
}

function print(text: string): void {
  process.stdout.write(text);
}
