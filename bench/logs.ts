/** The logs that the benchmarks read, and how to set them by the environment. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Form } from "./log/stamp.ts";
import { type Logs, logsIn, makeLogs } from "./make-log.ts";

export const RUNS = Number(process.env.BENCH_RUNS ?? 5);
/** 300 MB; with fewer, the start of each process weighs more than its work. */
const WANTED_LINES = 2_000_000;
const LINES = Number(process.env.BENCH_LINES ?? WANTED_LINES);
export const FORM = (process.env.BENCH_FORM ?? "traditional") as Form;

/** Makes the logs, or takes those that `BENCH_LOGS` holds from a run before; `use` gets them with their number of lines. */
export async function withLogs(use: (logs: Logs & { lines: number }) => Promise<void>): Promise<void> {
  const kept = process.env.BENCH_LOGS;
  const folder = kept ?? (await mkdtemp(join(tmpdir(), "fleetban-bench-")));
  try {
    const logs = logsIn(folder);
    if (!isMade(logs)) await makeLogs(folder, { lines: LINES, seed: 1, form: FORM });
    const [lines, bytes] = countOf(logs.plain);
    const quick = lines < WANTED_LINES ? "; a quick look: what is wanted is meant for 2 million lines" : "";
    process.stdout.write(`${lines} lines, ${Math.round(bytes / 1e6)} MB${quick}\n\n`);
    await use({ ...logs, lines });
  } finally {
    if (!kept) await rm(folder, { recursive: true, force: true });
  }
}

/** The packed parts are written last. */
export function isMade({ parts }: Logs): boolean {
  return parts.every((part) => existsSync(part));
}

function countOf(path: string): [lines: number, bytes: number] {
  const [lines, bytes] = execFileSync("wc", ["-lc", path], { encoding: "utf8" }).trim().split(/\s+/);
  return [Number(lines), Number(bytes)];
}
