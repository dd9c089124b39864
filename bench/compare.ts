/** Runs whole commands in turn, A B A B …, so that a machine that grows slow slows both. */
import { spawn } from "node:child_process";

export interface Measured {
  name: string;
  /** Seconds of the wall clock, one a run. */
  seconds: number[];
  /** Most memory that a run had, in bytes; 0 where the system does not tell. */
  memory: number;
}

export interface Contestant {
  name: string;
  /** A shell command; its output is thrown away. */
  command: string;
}

/** Runs each command `runs` times in turn, after one run that does not count. */
export async function compare(contestants: Contestant[], runs: number): Promise<Measured[]> {
  const measured = contestants.map(({ name }): Measured => ({ name, seconds: [], memory: 0 }));
  for (let turn = 0; turn <= runs; turn++) {
    for (const [index, { command }] of contestants.entries()) {
      const { seconds, memory } = await time(command);
      if (turn === 0) continue;
      measured[index]!.seconds.push(seconds);
      measured[index]!.memory = Math.max(measured[index]!.memory, memory);
    }
  }
  return measured;
}

/** The median of the ratios of one run to the other's beside it. */
export function ratio(a: Measured, b: Measured): number {
  return median(a.seconds.map((seconds, index) => seconds / b.seconds[index]!));
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}

async function time(command: string): Promise<{ seconds: number; memory: number }> {
  const began = performance.now();
  // bench/memory.ts tells the memory
  const child = spawn("sh", ["-c", command], { stdio: ["ignore", "ignore", "pipe"] });
  let errors = "";
  child.stderr.on("data", (chunk) => {
    errors += chunk;
  });
  const code = await new Promise<number | null>((done) => child.on("close", done));
  if (code !== 0) throw new Error(`${command}: exit ${code}: ${errors.slice(0, 500)}`);
  const memory = Number(/^maxrss (\d+)$/m.exec(errors)?.[1] ?? 0) * 1024;
  return { seconds: (performance.now() - began) / 1000, memory };
}
