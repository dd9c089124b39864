/** A million addresses decided, from their histories to the list: seconds of the processor alone, and memory. */
import { execFileSync } from "node:child_process";

const ADDRESSES = Number(process.env.BENCH_ADDRESSES ?? 1_000_000);
const RUNS = Number(process.env.BENCH_RUNS ?? 3);

interface Told {
  seconds: number;
  memory: number;
  decided: number;
  listed: number;
}

export async function run(): Promise<void> {
  const told = Array.from({ length: RUNS }, () => {
    const output = execFileSync("node", ["bench/decide.ts", String(ADDRESSES)], { encoding: "utf8" });
    return JSON.parse(output) as Told;
  });
  const best = told.toSorted((a, b) => a.seconds - b.seconds)[0]!;
  process.stdout.write(
    `${ADDRESSES} addresses, ${best.decided} decisions, ${best.listed} networks on the list\n`,
  );
  for (const { seconds, memory } of told) process.stdout.write(`  ${seconds.toFixed(2)} s  ${memory} MB\n`);
}
