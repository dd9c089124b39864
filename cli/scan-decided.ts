/** What `scan` prints once all logs were read and their addresses decided on. */
import type { AddressHistory } from "../functions/count/counter.ts";
import { addCounts, type Counts, NOTHING } from "../functions/count/history.ts";
import type { Alert } from "../functions/decide/alert.ts";
import { startDeciding } from "../functions/decide/decide.ts";
import type { Verdicts } from "../functions/decide/verdicts.ts";
import { blocklist } from "../functions/list/blocklist.ts";
import { formatNamed } from "../functions/list/formats.ts";
import type { Locator } from "../functions/locate/country.ts";
import type { Address } from "../functions/parse/event.ts";
import { hiddenAddressWarning, startHiddenSearch } from "../functions/report/hidden-address.ts";
import type { Terminal } from "./command.ts";
import { colourOfAction } from "./decisions.ts";
import { printAlerts } from "./published.ts";
import type { LogsToRead, ReadAll } from "./read-logs.ts";
import { explainScanned } from "./scan-explain.ts";
import { type Column, type Format, printRows } from "./table.ts";
import { iso } from "./time.ts";

export interface Asked extends Pick<LogsToRead, "at" | "policy"> {
  format: Format;
  /** Format of the blocklist, where that is asked for. */
  list: string | undefined;
  explain: Address | undefined;
  countryOf: Locator["countryOf"];
}

export function printDecided(
  terminal: Terminal,
  asked: Asked,
  { counted, newest, own, unread }: ReadAll,
): void {
  const now = asked.at ?? newest ?? Math.floor(Date.now() / 1000);
  const hasRows = asked.list === undefined && asked.explain === undefined;
  const { policy, countryOf } = asked;
  const context = { policy, now, actionsOnly: hasRows, countryOf, own: [...own] };
  // rows need them again; for a list alone a million would only take memory
  const histories: AddressHistory[] = [];
  const deciding = startDeciding(context);
  // kept as they go by: an address is decided on while what was made of its lines is at hand
  for (const history of counted.histories()) {
    if (hasRows) histories.push(history);
    deciding.add(history);
  }
  const verdicts = deciding.finish();
  if (asked.explain !== undefined) {
    explainScanned(terminal, asked.format, asked.explain, counted.histories(), context, verdicts);
    return;
  }
  const search = startHiddenSearch();
  if (asked.list !== undefined) {
    const entries = blocklist(verdicts.decisions, now);
    for (const chunk of formatNamed(asked.list).render(entries, { now })) terminal.stdout.write(chunk);
  } else {
    histories.sort(worstFirst);
    printRows(terminal, asked.format, columnsOf(verdicts, asked.countryOf), histories);
    for (const history of histories) search.add(history.ip, countsOf(history));
  }
  printAlerts(terminal, verdicts.alerts.toSorted(oldestFirst));
  const hidden = search.found();
  if (hidden !== undefined)
    terminal.stderr.write(`fleetban: ${hiddenAddressWarning(hidden, counted.daemons())}\n`);
  const lines = unread.values().reduce((sum, count) => sum + count, 0);
  if (lines > 0)
    terminal.stderr.write(
      `fleetban: ${lines} lines look like logins but were not read: --unread tells which\n`,
    );
}

/** A view has the sums, and takes long to tell of hours. */
function countsOf(history: AddressHistory): Counts {
  return history.sums ?? history.hours.reduce(addCounts, NOTHING);
}

/** Most attempts first, then bytewise by address: addresses are ASCII, so their characters are their bytes. */
function worstFirst(a: AddressHistory, b: AddressHistory): number {
  return countsOf(b).attempts - countsOf(a).attempts || (a.ip < b.ip ? -1 : 1);
}

/** Addresses come in the order in which they were met, which for logs that are read at the same time differs from scan to scan. */
function oldestFirst(a: Alert, b: Alert): number {
  return a.at - b.at || (a.network < b.network ? -1 : 1);
}

/** What takes memory is told when it is printed: there may be a million. */
function columnsOf(verdicts: Verdicts, countryOf: Locator["countryOf"]): Column<AddressHistory>[] {
  return [
    { name: "ip", value: ({ ip }) => ip },
    { name: "attempts", value: (history) => countsOf(history).attempts },
    { name: "events", value: (history) => countsOf(history).events },
    { name: "successes", value: (history) => countsOf(history).successes },
    { name: "users", value: ({ users }) => users },
    { name: "services", value: ({ services }) => services },
    { name: "first", value: ({ first }) => iso(first) },
    { name: "last", value: ({ last }) => iso(last) },
    { name: "country", value: ({ ip }) => countryOf(ip) },
    { name: "action", value: verdicts.actionOf, colour: colourOfAction },
  ];
}
