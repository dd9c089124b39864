/** Runs whole commands in turn, A B A B …, so that a machine that grows slow slows both. */
import { spawn } from "node:child_process";

export interface Contestant {
  name: string;
  /** A shell command; its output is thrown away. */
  command: string;
  /** How many log lines it reads. */
  lines: number;
}

export interface Measured extends Contestant {
  /** Of the wall clock, one a run. */
  seconds: number[];
  /** Seconds of the processors, user and system, of all processes of the command, one a run. */
  cpu: number[];
}

/** Runs each command `runs` times in turn, after one run that does not count. */
export async function compare(contestants: readonly Contestant[], runs: number): Promise<Measured[]> {
  const measured = contestants.map((contestant): Measured => ({ ...contestant, seconds: [], cpu: [] }));
  for (let turn = 0; turn <= runs; turn++) {
    for (const one of measured) {
      const { seconds, cpu } = await time(one.command);
      if (turn === 0) continue;
      one.seconds.push(seconds);
      one.cpu.push(cpu);
    }
  }
  return measured;
}

/** One ratio a turn: how many times as many lines a second `a` read as `b`, by the clock or by the processors' time. */
export function ratesOf(a: Measured, b: Measured, by: "seconds" | "cpu"): number[] {
  return a[by].map((seconds, turn) => a.lines / seconds / (b.lines / b[by][turn]!));
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}

/** Runs a shell command to its end, and returns what it wrote on stderr. */
export async function shell(command: string, environment: NodeJS.ProcessEnv = {}): Promise<string> {
  const env = { ...process.env, ...environment };
  const child = spawn("sh", ["-c", command], { stdio: ["ignore", "ignore", "pipe"], env });
  let errors = "";
  child.stderr.on("data", (chunk) => {
    errors += chunk;
  });
  const code = await new Promise<number | null>((done) => child.on("close", done));
  if (code !== 0) throw new Error(`${command}: exit ${code}: ${errors.slice(0, 500)}`);
  return errors;
}

async function time(command: string): Promise<{ seconds: number; cpu: number }> {
  const began = performance.now();
  const told = await shell(`${command}\ncode=$?; times >&2; exit $code`);
  return { seconds: (performance.now() - began) / 1000, cpu: childrensTime(told) };
}

/** The last line of POSIX `times`: user and system time of the shell's children, as `0m1.250000s 0m0.030000s`. */
function childrensTime(told: string): number {
  const spans = told
    .trim()
    .split("\n")
    .at(-1)!
    .matchAll(/(\d+)m([\d.]+)s/g);
  return spans.reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds), 0);
}
