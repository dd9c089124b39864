/**
 * Writes the logs that the benchmarks read: `node bench/make-log.ts FOLDER [LINES] [traditional|rfc3339] [SEED]`.
 * FOLDER/maillog, maillog.gz, and the same lines in eight parts, maillog.1.gz to maillog.8.gz.
 */
import { execFile } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Generated, generateLog } from "./generate.ts";
import type { Form } from "./log/stamp.ts";

const run = promisify(execFile);
const PARTS = 8;

export interface Logs {
  plain: string;
  packed: string;
  parts: string[];
  generated: Generated;
}

export async function makeLogs(folder: string, lines: number, form: Form, seed: number): Promise<Logs> {
  await mkdir(folder, { recursive: true });
  const plain = join(folder, "maillog");
  const generated = await generateLog(plain, { lines, seed, form });
  const names = Array.from({ length: PARTS }, (_, index) => join(folder, `maillog.${index + 1}`));
  await run("split", [
    "-n",
    `l/${PARTS}`,
    "--numeric-suffixes=1",
    "-a",
    "1",
    plain,
    join(folder, "maillog."),
  ]);
  for (const name of names) await run("touch", ["-r", plain, name]);
  await run("gzip", ["-kf", plain]);
  await run("gzip", ["-f", ...names]);
  return { plain, packed: `${plain}.gz`, parts: names.map((name) => `${name}.gz`), generated };
}

if (import.meta.main) {
  const [folder, lines = "2000000", form = "traditional", seed = "1"] = globalThis.process.argv.slice(2);
  if (!folder) throw new Error("which folder?");
  const { generated } = await makeLogs(folder, Number(lines), form as Form, Number(seed));
  globalThis.process.stdout.write(`${summary(generated)}\n`);
}

export function summary({ lines, bytes, failures, successes, byAddress }: Generated): string {
  const share = (part: number) => `${((part / lines) * 100).toFixed(1)} %`;
  return `${lines} lines, ${(bytes / 1e6).toFixed(0)} MB, ${share(failures)} failures, ${share(successes)} logins, ${byAddress.size} addresses`;
}
