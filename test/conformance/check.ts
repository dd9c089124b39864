import type { Target } from "./target.ts";

/** One behaviour of S3 that fleetban relies on. */
export interface Check {
  topic: string;
  name: string;
  /** Throws where the server behaves otherwise. */
  run: (target: Target) => Promise<void>;
}

/** Thrown by a check that this machine cannot do; the reason is printed. */
export class Skipped extends Error {
  override readonly name = "Skipped";
}

/** `known`: fails, and it is known why (see known.ts). */
export type Outcome = "pass" | "fail" | "known" | "skip";

export interface Result {
  check: Check;
  outcome: Outcome;
  /** Why not `pass`. */
  reason: string;
}

/** Names the checks of one topic. */
export function topic(name: string, checks: Record<string, Check["run"]>): Check[] {
  return Object.entries(checks).map(([check, run]) => ({ topic: name, name: check, run }));
}

/** Runs one check; `known` tells by name which failures are expected, and why. */
export async function runCheck(check: Check, target: Target, known: Record<string, string>): Promise<Result> {
  const expected = known[check.name];
  try {
    await check.run(target);
  } catch (error) {
    if (error instanceof Skipped) return { check, outcome: "skip", reason: error.message };
    if (expected !== undefined) return { check, outcome: "known", reason: expected };
    return { check, outcome: "fail", reason: describe(error) };
  }
  // a difference that is gone must leave the table, or it would hide the next one
  if (expected === undefined) return { check, outcome: "pass", reason: "" };
  return { check, outcome: "fail", reason: `passes although known.ts says: ${expected}` };
}

function describe(error: unknown): string {
  const { name, message } = error instanceof Error ? error : { name: "Error", message: String(error) };
  return `${name}: ${message}`.replace(/\s+/g, " ").trim().slice(0, 300);
}
