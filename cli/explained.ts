import type { Counts } from "../functions/count/history.ts";
import type { Decision } from "../functions/decide/decision.ts";
import type { Terminal } from "./command.ts";
import type { Column } from "./table.ts";
import { iso } from "./time.ts";

/** A name and what is said under it; undefined is shown as `-`. */
export type Fact = [name: string, value: string | undefined];

export function decisionFacts({ action, rule, reason, network, country, until }: Decision): Fact[] {
  return [
    ["decision", action],
    ["rule", rule],
    ["reason", reason],
    ["network", network],
    ["country", country],
    ["until", iso(until)],
  ];
}

export function printFacts({ stdout }: Terminal, sentence: string, facts: readonly Fact[]): void {
  stdout.write(`${sentence}\n\n`);
  for (const [name, value] of facts) stdout.write(`${name.padEnd(12)} ${value ?? "-"}\n`);
}

/** A decision as JSON has it. */
export function decisionJson(decision: Decision): object {
  const { until, first, last, country } = decision;
  const times = {
    until: iso(until) ?? null,
    first: iso(first || undefined) ?? null,
    last: iso(last || undefined) ?? null,
  };
  return { ...decision, ...times, country: country ?? null };
}

export const COUNT_COLUMNS: Column<Counts>[] = [
  { name: "attempts", value: (row) => row.attempts },
  { name: "events", value: (row) => row.events },
  { name: "probes", value: (row) => row.probes },
  { name: "successes", value: (row) => row.successes },
];

export const USER_COLUMNS: Column<{ user: string; attempts: number; successes: number }>[] = [
  { name: "user", value: (row) => row.user },
  { name: "attempts", value: (row) => row.attempts },
  { name: "successes", value: (row) => row.successes },
];
