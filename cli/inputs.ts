import { readFile } from "node:fs/promises";
import { type Policy, parsePolicy } from "../functions/decide/policy.ts";
import type { EpochSeconds } from "../functions/parse/event.ts";
import { parseZone, type Zone } from "../functions/parse/time.ts";
import { type Limits, parseLimits } from "../functions/read/limits.ts";
import { CommandError, UsageError } from "./command.ts";
import { problemOf } from "./files.ts";

/** The zone that `--time-zone` names, or this machine's. @throws UsageError */
export function zoneOf(text: string | undefined): Zone {
  if (text === undefined) return { offsetAt: offsetHere };
  try {
    return parseZone(text);
  } catch (error) {
    throw new UsageError(`--time-zone ${text}: ${(error as Error).message}`);
  }
}

/** Seconds east of UTC at a moment. Intl, which has to be asked for another zone, takes 30 ms and 9 MB to begin with. */
function offsetHere(at: EpochSeconds): number {
  return new Date(at * 1000).getTimezoneOffset() * -60;
}

/** What it is called, for who is elsewhere. @throws UsageError */
export function zoneNameOf(text: string | undefined): string {
  const name = text ?? new Intl.DateTimeFormat().resolvedOptions().timeZone;
  zoneOf(name);
  return name;
}

/** The policy in a file, and its text. @throws CommandError */
export async function readPolicy(file: string): Promise<{ policy: Policy; text: string }> {
  try {
    const text = await readFile(file, "utf8");
    return { policy: parsePolicy(JSON.parse(text)), text };
  } catch (error) {
    throw new CommandError(`--policy ${file}: ${problemOf(error)}`);
  }
}

export const LIMITS_HELP =
  "bounds on what a log may cost, as bytes=20G,ratio=800,addresses=5000000,line=128K";

/** The limits that `--limits` names. @throws UsageError */
export function limitsOf(text: string): Partial<Limits> {
  try {
    return parseLimits(text);
  } catch (error) {
    throw new UsageError(`--limits ${text}: ${(error as Error).message}`);
  }
}

/** The text of a file. @throws CommandError naming it */
export async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw new CommandError(`${file}: ${problemOf(error)}`);
  }
}

/** A whole number that an option gives. @throws UsageError */
export function numberOf(option: string, text: string, least: number, most: number): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new UsageError(`${option} ${text}: give a number from ${least} to ${most}`);
}
