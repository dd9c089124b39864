import type { AddressHistory } from "../functions/count/counter.ts";
import { addCounts, NOTHING } from "../functions/count/history.ts";
import { compareBytes } from "../functions/count/totals.ts";
import { decideAll } from "../functions/decide/decide.ts";
import type { Action } from "../functions/decide/decision.ts";
import { defaultPolicy } from "../functions/decide/policy.ts";
import { blocklist } from "../functions/list/blocklist.ts";
import { formatNamed, formats } from "../functions/list/formats.ts";
import { createLocator, type Locator } from "../functions/locate/country.ts";
import { readDatabase } from "../functions/locate/database.ts";
import { parseAddress } from "../functions/parse/address.ts";
import type { Address, EpochSeconds } from "../functions/parse/event.ts";
import { hiddenAddressWarning, startHiddenSearch } from "../functions/report/hidden-address.ts";
import { type Command, type Given, type Terminal, UsageError } from "./command.ts";
import { readPolicy, zoneOf } from "./inputs.ts";
import { printAlerts } from "./published.ts";
import { type LogsToRead, type ReadAll, readAll } from "./read-logs.ts";
import { explainScanned } from "./scan-explain.ts";
import { BLUE, type Column, FORMATS, type Format, formatOf, GREEN, printRows, RED, YELLOW } from "./table.ts";
import { iso, parseMoment } from "./time.ts";

export const scan: Command = {
  name: "scan",
  operands: "PATH…",
  count: [1, Number.POSITIVE_INFINITY],
  summary: "Reads logs here, without servers: totals per address, and with --list the blocklist.",
  details: `PATH is a file, a folder or - for standard input; compressed files are read as they are.
The same log given twice, under another name or compressed, counts once.

Examples:
  fleetban scan /var/log/maillog*
  fleetban scan /var/log --format tsv | head
  fleetban scan /var/log --explain 192.0.2.7
  zcat maillog.2.gz | fleetban scan - --list ipset`,
  options: {
    format: {
      value: "FORMAT",
      default: "table",
      help: `${FORMATS.join(", ")}, or events: one JSON object a login event`,
    },
    list: {
      value: "FORMAT",
      help: `print the blocklist instead: ${formats.map(({ name }) => name).join(", ")}`,
    },
    explain: { value: "ADDRESS", help: "tell why this address is banned, or why not; table or json" },
    at: {
      value: "TIME",
      help: "decide for this moment, and leave later events out (default: the newest event)",
    },
    unread: { help: "print what lines begin with that look like a login but were not read" },
    policy: { value: "FILE", help: "decide by this policy.json" },
    "time-zone": { value: "ZONE", help: "IANA zone of times that name none (default: this machine's)" },
  },
  async run(given, terminal) {
    const job = await jobOf(given);
    const read = await readAll(job, terminal);
    if (job.unread) printUnread(terminal, job.format, read);
    else if (!job.events) printDecided(terminal, job, read);
    return read.failed ? 1 : 0;
  },
};

function printDecided(terminal: Terminal, job: Job, { counted, newest, own, unread }: ReadAll): void {
  const now = job.at ?? newest ?? Math.floor(Date.now() / 1000);
  const context = { policy: job.policy, now, countryOf: job.countryOf, own: [...own] };
  const verdicts = decideAll(counted.histories(), context);
  if (job.explain !== undefined) {
    explainScanned(terminal, job.format, job.explain, counted.histories(), context, verdicts);
    return;
  }
  const search = startHiddenSearch();
  if (job.list !== undefined) {
    const entries = blocklist(verdicts.decisions, now);
    for (const chunk of formatNamed(job.list).render(entries, { now })) terminal.stdout.write(chunk);
  } else {
    const rows = counted
      .histories()
      .map((history) => rowOf(history, verdicts.actionOf(history), job.countryOf));
    const sorted = rows.toArray().sort(byAttempts);
    printRows(terminal, job.format, COLUMNS, sorted);
    for (const row of sorted) search.add(row.ip, row);
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

/** An upgraded daemon words its lines differently: what these begin with is what a report of it needs. */
function printUnread(terminal: Terminal, format: Format, { unread }: ReadAll): void {
  const rows = [...unread].sort((a, b) => b[1] - a[1] || compareBytes(a[0], b[0]));
  printRows(terminal, format, UNREAD_COLUMNS, rows);
}

const UNREAD_COLUMNS: Column<[string, number]>[] = [
  { name: "lines", value: ([, count]) => count },
  { name: "begin with", value: ([kind]) => kind },
];

interface Job extends LogsToRead {
  format: Format;
  list: string | undefined;
  explain: Address | undefined;
  unread: boolean;
  countryOf: Locator["countryOf"];
}

/** @throws UsageError, CommandError */
async function jobOf({ operands, options, switches }: Given): Promise<Job> {
  if (options.list !== undefined && !formats.some(({ name }) => name === options.list)) {
    throw new UsageError(`--list ${options.list}: there are ${formats.map(({ name }) => name).join(", ")}`);
  }
  const explain = options.explain === undefined ? undefined : parseAddress(options.explain);
  if (options.explain !== undefined && explain === undefined)
    throw new UsageError(`--explain ${options.explain}: no IPv4 or IPv6 address`);
  const other = switches.has("unread") || options.list !== undefined;
  if (explain !== undefined && (other || !["table", "json", undefined].includes(options.format)))
    throw new UsageError("--explain goes with --format table or json, and neither --list nor --unread");
  const at =
    options.at === undefined ? undefined : parseMoment("--at", options.at, Math.floor(Date.now() / 1000));
  return {
    paths: operands,
    events: options.format === "events",
    unread: switches.has("unread"),
    format: formatOf(options.format === "events" ? "table" : options.format),
    list: options.list,
    explain,
    at,
    policy: options.policy === undefined ? defaultPolicy : (await readPolicy(options.policy)).policy,
    zone: zoneOf(options["time-zone"]),
    countryOf: createLocator(readDatabase()).countryOf,
  };
}

interface Row {
  ip: string;
  attempts: number;
  events: number;
  successes: number;
  users: number;
  services: string[];
  first: EpochSeconds;
  last: EpochSeconds;
  country: string | undefined;
  action: Action;
}

function rowOf(history: AddressHistory, action: Action, countryOf: Locator["countryOf"]): Row {
  const { ip, users, services, first, last } = history;
  const { attempts, events, successes } = history.sums ?? history.hours.reduce(addCounts, NOTHING);
  return { ip, attempts, events, successes, users, services, first, last, country: countryOf(ip), action };
}

/** Most attempts first, then bytewise by address. */
function byAttempts(a: Row, b: Row): number {
  return b.attempts - a.attempts || compareBytes(a.ip, b.ip);
}

const COLOURS = { ban: RED, report: BLUE, watch: YELLOW, allow: GREEN };

const COLUMNS: Column<Row>[] = [
  { name: "ip", value: (row) => row.ip },
  { name: "attempts", value: (row) => row.attempts },
  { name: "events", value: (row) => row.events },
  { name: "successes", value: (row) => row.successes },
  { name: "users", value: (row) => row.users },
  { name: "services", value: (row) => row.services },
  { name: "first", value: (row) => iso(row.first) },
  { name: "last", value: (row) => iso(row.last) },
  { name: "country", value: (row) => row.country },
  { name: "action", value: (row) => row.action, colour: (row) => COLOURS[row.action] },
];
