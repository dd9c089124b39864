/**
 * Benchmarks that print ratios of things run beside each other, never seconds alone: `npm run bench` runs all,
 * `npm run bench -- scan` one. Each bench/<name>.bench.ts exports `run`.
 */
import { readdir } from "node:fs/promises";

const BENCH = /^(.*)\.bench\.ts$/;
const names = (await readdir(import.meta.dirname)).flatMap((file) => BENCH.exec(file)?.[1] ?? []).sort();
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !names.includes(name));

if (unknown.length > 0) {
  process.stderr.write(`no benchmark ${unknown.join(", ")}; there are ${names.join(", ")}\n`);
  process.exitCode = 2;
} else {
  for (const name of wanted.length > 0 ? wanted : names) {
    process.stdout.write(`== ${name}\n`);
    const { run } = (await import(`./${name}.bench.ts`)) as { run: () => Promise<void> };
    await run();
  }
}
