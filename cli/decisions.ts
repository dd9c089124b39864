import type { Decision } from "../functions/decide/decision.ts";
import type { Terminal } from "./command.ts";
import { BLUE, type Column, type Format, GREEN, printRows, RED, YELLOW } from "./table.ts";
import { iso } from "./time.ts";

const COLOURS: Readonly<Record<string, number>> = { ban: RED, report: BLUE, watch: YELLOW, allow: GREEN };

export const colourOfAction = (action: string) => COLOURS[action];

const COLUMNS: Column<Decision>[] = [
  { name: "address", value: (decision) => decision.network },
  { name: "attempts", value: (decision) => decision.attempts },
  { name: "hosts", value: (decision) => decision.hosts },
  { name: "services", value: (decision) => decision.services },
  { name: "first", value: (decision) => iso(decision.first) },
  { name: "last", value: (decision) => iso(decision.last) },
  { name: "country", value: (decision) => decision.country },
  { name: "decision", value: ({ action }) => action, colour: colourOfAction },
];

/** What was decided on each address; a table shows the first `top`, and says how many more there are. */
export function printDecisions(terminal: Terminal, format: Format, top: number, decisions: Decision[]): void {
  const shown = format === "table" ? decisions.slice(0, top) : decisions;
  printRows(terminal, format, COLUMNS, shown);
  const more = decisions.length - shown.length;
  if (more > 0) terminal.stderr.write(`and ${more} more: --top ${decisions.length} shows all\n`);
}
