import { parseAddress } from "../functions/parse/address.ts";
import { createQuery } from "../functions/query.ts";
import type { DayCounts, Explanation } from "../functions/report/explain.ts";
import { type Command, type Terminal, UsageError } from "./command.ts";
import { COUNT_COLUMNS, decisionFacts, decisionJson, printFacts, USER_COLUMNS } from "./explained.ts";
import { SYSTEM_OPTIONS, withSystem } from "./system.ts";
import { type Column, printRows } from "./table.ts";
import { iso } from "./time.ts";

export const explain: Command = {
  name: "explain",
  operands: "ADDRESS",
  count: [1, 1],
  summary:
    "Why an address is banned, or why it is not: the decision, its numbers, and the logs they come from.",
  options: {
    format: { value: "FORMAT", default: "table", help: "table, json" },
    ...SYSTEM_OPTIONS,
  },
  async run(given, terminal) {
    const ip = parseAddress(given.operands[0] ?? "");
    if (ip === undefined) throw new UsageError(`${given.operands[0]} is no IPv4 or IPv6 address`);
    const { format = "table" } = given.options;
    if (format !== "table" && format !== "json")
      throw new UsageError(`--format ${format}: there are table and json`);
    return await withSystem(given, terminal, async ({ deployment, now }) => {
      const explanation = await createQuery(deployment).explain({ ip, now });
      if (format === "json")
        terminal.stdout.write(`${JSON.stringify(withTimes(explanation), undefined, 2)}\n`);
      else printExplanation(terminal, explanation);
      return 0;
    });
  },
};

function printExplanation(terminal: Terminal, explanation: Explanation): void {
  const { sentence, decision, policy, at, listed, pause, counts, users, objects } = explanation;
  const { stdout } = terminal;
  printFacts(terminal, sentence, [
    ...decisionFacts(decision),
    ["on the list", listed && `${listed.network} until ${iso(listed.until)}`],
    ["policy", policy],
    ["decided for", iso(at)],
  ]);
  printWords(terminal, explanation);
  if (pause !== undefined)
    stdout.write(`publishing is paused until ${iso(pause.until)} by ${pause.by}: ${pause.reason}\n`);
  if (counts.length === 0) return;
  stdout.write("\n");
  printRows(terminal, "table", DAY_COLUMNS, counts);
  if (users.length > 0) {
    stdout.write("\n");
    printRows(terminal, "table", USER_COLUMNS, users);
  }
  stdout.write("\n");
  printRows(terminal, "table", OBJECT_COLUMNS, objects);
}

/** What was said and done by hand, and what somebody should look at. */
function printWords({ stdout }: Terminal, { unbans, alerts }: Explanation): void {
  for (const { network, by, at, until, reason, inForce } of unbans) {
    const span = inForce ? `until ${iso(until)}` : `ended ${iso(until)}`;
    stdout.write(`unban        ${network} by ${by}, ${iso(at)}, ${span}: ${reason}\n`);
  }
  for (const { kind, users, hosts, at, reason } of alerts) {
    const who = users.length === 0 ? "" : `, users ${users.join(", ")}`;
    stdout.write(`alert        ${kind} ${iso(at)}${who}, hosts ${hosts.join(", ")}: ${reason}\n`);
  }
}

const DAY_COLUMNS: Column<DayCounts>[] = [
  { name: "day", value: (row) => row.day },
  { name: "host", value: (row) => row.host },
  { name: "hours", value: (row) => row.hours.map(String) },
  ...COUNT_COLUMNS,
  { name: "services", value: (row) => row.services },
];

const OBJECT_COLUMNS: Column<Explanation["objects"][number]>[] = [
  { name: "object", value: (row) => row.key },
  { name: "from byte", value: (row) => row.start },
  { name: "to byte", value: (row) => row.end },
  { name: "parser", value: (row) => row.parser },
];

function withTimes({ decision, at, listed, unbans, pause, alerts, ...rest }: Explanation): object {
  return {
    at: iso(at),
    decision: decisionJson(decision),
    listed: listed === undefined ? null : { ...listed, until: iso(listed.until) },
    unbans: unbans.map((unban) => ({ ...unban, at: iso(unban.at), until: iso(unban.until) })),
    pause: pause === undefined ? null : { ...pause, at: iso(pause.at), until: iso(pause.until) },
    alerts: alerts.map((alert) => ({ ...alert, at: iso(alert.at) })),
    ...rest,
  };
}
