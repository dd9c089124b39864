/**
 * Writes the logs that the benchmarks read: `node bench/make-log.ts FOLDER [LINES] [traditional|rfc3339] [SEED]`.
 * FOLDER/maillog, maillog.gz, and the same lines in eight parts, maillog.1.gz to maillog.8.gz.
 */
import { execFile } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Generated, generateLog, type LogOptions } from "./generate.ts";
import type { Form } from "./log/stamp.ts";

export interface Logs {
  plain: string;
  packed: string;
  parts: string[];
}

const PARTS = Array.from({ length: 8 }, (_, index) => index + 1);
const run = promisify(execFile);

export function logsIn(folder: string): Logs {
  const plain = join(folder, "maillog");
  return { plain, packed: `${plain}.gz`, parts: PARTS.map((part) => `${plain}.${part}.gz`) };
}

export async function makeLogs(folder: string, options: LogOptions): Promise<Generated> {
  await mkdir(folder, { recursive: true });
  const { plain } = logsIn(folder);
  const generated = await generateLog(plain, options);
  const parts = PARTS.map((part) => `${plain}.${part}`);
  await run("split", ["-n", `l/${PARTS.length}`, "--numeric-suffixes=1", "-a", "1", plain, `${plain}.`]);
  for (const part of parts) await run("touch", ["-r", plain, part]);
  await run("gzip", ["-kf", plain]);
  await run("gzip", ["-f", ...parts]);
  return generated;
}

function summary({ lines, bytes, failures, successes, byAddress }: Generated): string {
  const share = (part: number) => `${((part / lines) * 100).toFixed(1)} %`;
  return `${lines} lines, ${(bytes / 1e6).toFixed(0)} MB, ${share(failures)} failures, ${share(successes)} logins, ${byAddress.size} addresses`;
}

if (import.meta.main) {
  const [folder, lines = "2000000", form = "traditional", seed = "1"] = process.argv.slice(2);
  if (!folder) throw new Error("which folder?");
  const options = { lines: Number(lines), form: form as Form, seed: Number(seed) };
  process.stdout.write(`${summary(await makeLogs(folder, options))}\n`);
}
