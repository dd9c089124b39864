/** Why an address of scanned logs is banned, or why not: what `explain` tells of a deployment, from the logs alone. */
import type { AddressHistory, HourCount } from "../functions/count/counter.ts";
import { type DecideContext, togetherWith } from "../functions/decide/decide.ts";
import { mergeHistories, nothingKnown } from "../functions/decide/histories.ts";
import { policyVersion } from "../functions/decide/policy-version.ts";
import type { Verdicts } from "../functions/decide/verdicts.ts";
import type { Address } from "../functions/parse/event.ts";
import { sentenceOf } from "../functions/report/sentence.ts";
import { usersOf } from "../functions/report/users.ts";
import type { Terminal } from "./command.ts";
import { COUNT_COLUMNS, decisionFacts, decisionJson, printFacts, USER_COLUMNS } from "./explained.ts";
import { printAlerts } from "./published.ts";
import { type Column, type Format, printRows } from "./table.ts";
import { iso } from "./time.ts";

/** @param histories all that the logs tell of; those of addresses that count as one with `ip` are shown together */
export function explainScanned(
  terminal: Terminal,
  format: Format,
  ip: Address,
  histories: Iterable<AddressHistory>,
  context: DecideContext,
  verdicts: Verdicts,
): void {
  const isTogether = togetherWith(ip, context);
  const own = Iterator.from(histories)
    .filter((history) => isTogether(history.ip))
    .toArray();
  const history = own.length === 0 ? nothingKnown(ip) : mergeHistories(own);
  const decision = verdicts.of(history);
  const listed = decision.until === undefined ? undefined : { until: decision.until };
  const sentence = sentenceOf(ip, decision, { listed, isPaused: false });
  const users = usersOf(history.userDays);
  const policy = policyVersion(context.policy);
  printAlerts(
    terminal,
    verdicts.alerts.filter(({ network }) => network === decision.network || network === ip),
  );
  if (format === "json") {
    const hours = history.hours.map((counted) => ({ ...counted, hour: iso(counted.hour) }));
    const all = { sentence, decision: decisionJson(decision), policy, at: iso(context.now), hours, users };
    terminal.stdout.write(`${JSON.stringify(all, undefined, 2)}\n`);
    return;
  }
  const facts = decisionFacts(decision);
  printFacts(terminal, sentence, [...facts, ["policy", policy], ["decided for", iso(context.now)]]);
  if (own.length === 0) return;
  terminal.stdout.write("\n");
  printRows(terminal, "table", HOURS, history.hours);
  if (users.length === 0) return;
  terminal.stdout.write("\n");
  printRows(terminal, "table", USER_COLUMNS, users);
}

const HOURS: Column<HourCount>[] = [
  { name: "hour", value: ({ hour }) => iso(hour) },
  { name: "host", value: ({ host }) => host },
  ...COUNT_COLUMNS,
];
