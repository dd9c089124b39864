/** Why an address of scanned logs is banned, or why not: what `explain` tells of a deployment, from the logs alone. */
import type { AddressHistory, HourCount } from "../functions/count/counter.ts";
import { type DecideContext, subjectFor } from "../functions/decide/decide.ts";
import { mergeHistories } from "../functions/decide/histories.ts";
import { policyVersion } from "../functions/decide/policy-version.ts";
import type { Verdicts } from "../functions/decide/verdicts.ts";
import type { Address } from "../functions/parse/event.ts";
import { sentenceOf } from "../functions/report/sentence.ts";
import type { Terminal } from "./command.ts";
import { COUNT_COLUMNS, decisionFacts, decisionJson, printFacts, USER_COLUMNS } from "./explained.ts";
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
  const networkOf = subjectFor(context);
  const own = [...histories].filter((history) => networkOf(history.ip) === networkOf(ip));
  const history = own.length === 0 ? nothingOf(ip, context) : mergeHistories(own);
  const decision = verdicts.of(history);
  const listed = decision.until === undefined ? undefined : { until: decision.until };
  const sentence = sentenceOf(ip, decision, { isKnown: own.length > 0, listed, isPaused: false });
  const users = usersOf(history);
  const policy = policyVersion(context.policy);
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

function nothingOf(ip: Address, { now }: DecideContext): AddressHistory {
  const nothing = { hours: [], userDays: [], services: [], users: 0 };
  return { ip, ...nothing, first: now, last: now, firstSuccess: undefined };
}

interface UserCount {
  user: string;
  attempts: number;
  successes: number;
}

/** Most tried first. Of each day the most tried users are known. */
function usersOf({ userDays }: AddressHistory): UserCount[] {
  const users = new Map<string, UserCount>();
  const named = (user: string) => {
    const found = users.get(user) ?? { user, attempts: 0, successes: 0 };
    users.set(user, found);
    return found;
  };
  for (const { tried, succeeded } of userDays) {
    for (const [user, count] of tried) named(user).attempts += count;
    for (const [user, count] of succeeded) named(user).successes += count;
  }
  return [...users.values()].sort((a, b) => b.attempts - a.attempts || (a.user < b.user ? -1 : 1));
}

const HOURS: Column<HourCount>[] = [
  { name: "hour", value: ({ hour }) => iso(hour) },
  { name: "host", value: ({ host }) => host },
  ...COUNT_COLUMNS,
];
