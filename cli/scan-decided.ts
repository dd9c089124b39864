/** What `scan` prints once all logs were read and their addresses decided on. */
import type { AddressHistory } from "../functions/count/counter.ts";
import { addCounts, type Counts, NOTHING } from "../functions/count/history.ts";
import { decideAll } from "../functions/decide/decide.ts";
import type { Action } from "../functions/decide/decision.ts";
import type { Verdicts } from "../functions/decide/verdicts.ts";
import { blocklist } from "../functions/list/blocklist.ts";
import { formatNamed } from "../functions/list/formats.ts";
import type { Locator } from "../functions/locate/country.ts";
import type { Address } from "../functions/parse/event.ts";
import { hiddenAddressWarning, startHiddenSearch } from "../functions/report/hidden-address.ts";
import type { Terminal } from "./command.ts";
import { printAlerts } from "./published.ts";
import type { LogsToRead, ReadAll } from "./read-logs.ts";
import { explainScanned } from "./scan-explain.ts";
import { BLUE, type Column, type Format, GREEN, printRows, RED, YELLOW } from "./table.ts";
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
  const context = { policy: asked.policy, now, countryOf: asked.countryOf, own: [...own] };
  // rows need them again; for a list alone a million would only take memory
  const isList = asked.list !== undefined || asked.explain !== undefined;
  const histories = isList ? [] : counted.histories().toArray();
  const verdicts = decideAll(isList ? counted.histories() : histories, context);
  if (asked.explain !== undefined) {
    explainScanned(terminal, asked.format, asked.explain, counted.histories(), context, verdicts);
    return;
  }
  const search = startHiddenSearch();
  if (asked.list !== undefined) {
    const entries = blocklist(verdicts.decisions, now);
    for (const chunk of formatNamed(asked.list).render(entries, { now })) terminal.stdout.write(chunk);
  } else {
    const rows = rowsOf(histories, verdicts, asked.countryOf);
    printRows(terminal, asked.format, COLUMNS, rows);
    for (const { history, counts } of rows) search.add(history.ip, counts);
  }
  printAlerts(terminal, verdicts.alerts);
  const hidden = search.found();
  if (hidden !== undefined)
    terminal.stderr.write(`fleetban: ${hiddenAddressWarning(hidden, counted.daemons())}\n`);
  const lines = unread.values().reduce((sum, count) => sum + count, 0);
  if (lines > 0)
    terminal.stderr.write(
      `fleetban: ${lines} lines look like logins but were not read: --unread tells which\n`,
    );
}

interface Row {
  history: AddressHistory;
  counts: Counts;
  country: string | undefined;
  action: Action;
}

/** Most attempts first, then bytewise by address. */
function rowsOf(
  histories: readonly AddressHistory[],
  verdicts: Verdicts,
  countryOf: Locator["countryOf"],
): Row[] {
  const rows = histories.map((history) => ({
    history,
    counts: history.sums ?? history.hours.reduce(addCounts, NOTHING),
    country: countryOf(history.ip),
    action: verdicts.actionOf(history),
  }));
  // addresses are ASCII: their characters are their bytes
  return rows.sort((a, b) => b.counts.attempts - a.counts.attempts || (a.history.ip < b.history.ip ? -1 : 1));
}

const COLOURS = { ban: RED, report: BLUE, watch: YELLOW, allow: GREEN };

const COLUMNS: Column<Row>[] = [
  { name: "ip", value: ({ history }) => history.ip },
  { name: "attempts", value: ({ counts }) => counts.attempts },
  { name: "events", value: ({ counts }) => counts.events },
  { name: "successes", value: ({ counts }) => counts.successes },
  { name: "users", value: ({ history }) => history.users },
  { name: "services", value: ({ history }) => history.services },
  { name: "first", value: ({ history }) => iso(history.first) },
  { name: "last", value: ({ history }) => iso(history.last) },
  { name: "country", value: (row) => row.country },
  { name: "action", value: (row) => row.action, colour: (row) => COLOURS[row.action] },
];
