/** Tables of what is wanted and what was measured. */
import { execFileSync } from "node:child_process";
import { type Contestant, compare, type Measured, median, ratesOf } from "./compare.ts";

/** What a duel shall come to. */
export type Wanted = { timesAsFast: number } | { timesAsLong: number };

export interface Duel {
  what: string;
  other: Contestant;
  /** Programs without which it is left out. */
  needs?: string[];
  wanted?: Wanted;
}

/** Runs `ours` and all others in turn, and prints a row for each duel, then the seconds. */
export async function fight(title: string, ours: Contestant, duels: Duel[], runs: number): Promise<void> {
  const able = duels.filter(({ what, needs = [] }) => {
    const missing = needs.filter((program) => !isThere(program));
    for (const program of missing) print(`left out: ${what}, since ${program} is not here`);
    return missing.length === 0;
  });
  const [first, ...others] = await compare([ours, ...able.map(({ other }) => other)], runs);
  print(row([`${title}, medians of ${runs}`, "wanted", "measured", "from to", "by CPU", ""]));
  for (const [index, duel] of able.entries()) print(verdict(duel, first!, others[index]!));
  for (const one of [first!, ...others]) print(spent(one));
  print("");
}

export function isThere(program: string): boolean {
  try {
    execFileSync("sh", ["-c", 'command -v "$1"', "sh", program], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

export function row([what = "", ...cells]: string[]): string {
  const widths = [14, 10, 14, 8];
  const told = cells.map((cell, index) => cell.padStart(widths[index] ?? 0));
  return `${what.padEnd(50)}${told.join(" ")}`.trimEnd();
}

export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

export function mark(holds: boolean): string {
  return holds ? " ok" : " not yet";
}

function verdict({ what, wanted }: Duel, ours: Measured, other: Measured): string {
  const asLong = wanted !== undefined && "timesAsLong" in wanted;
  const figures = (by: "seconds" | "cpu") => {
    const rates = ratesOf(ours, other, by);
    return asLong ? rates.map((rate) => 1 / rate) : rates;
  };
  const byClock = figures("seconds");
  const measured = median(byClock);
  const range = `${number(Math.min(...byClock))}-${number(Math.max(...byClock))}`;
  const cells = [bound(wanted), number(measured), range, number(median(figures("cpu")))];
  return row([`  ${what}`, ...cells, holds(wanted, measured)]);
}

function bound(wanted: Wanted | undefined): string {
  if (!wanted) return "times as fast";
  return "timesAsLong" in wanted ? `time <= ${wanted.timesAsLong}` : `speed >= ${wanted.timesAsFast}`;
}

function holds(wanted: Wanted | undefined, measured: number): string {
  if (!wanted) return "";
  return mark("timesAsLong" in wanted ? measured <= wanted.timesAsLong : measured >= wanted.timesAsFast);
}

function spent({ name, lines, seconds, cpu }: Measured): string {
  const rate = Math.round(lines / median(seconds) / 1000);
  const about = `${median(seconds).toFixed(2)} s, ${median(cpu).toFixed(2)} s of CPU, ${rate} 000 lines/s`;
  return `    ${name.padEnd(46)}${about}`;
}

function number(value: number): string {
  return value.toFixed(value < 20 ? 2 : 0);
}
