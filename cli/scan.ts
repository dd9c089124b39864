import type { AddressHistory } from "../functions/count/counter.ts";
import { addCounts, NOTHING } from "../functions/count/history.ts";
import { createScan, type Scan, type ScannedLog } from "../functions/count/scan.ts";
import { compareBytes } from "../functions/count/totals.ts";
import { decideAll } from "../functions/decide/decide.ts";
import type { Action, Decision } from "../functions/decide/decision.ts";
import { defaultPolicy, type Policy } from "../functions/decide/policy.ts";
import { blocklist } from "../functions/list/blocklist.ts";
import { formatNamed, formats } from "../functions/list/formats.ts";
import { createLocator, type Locator } from "../functions/locate/country.ts";
import { readDatabase } from "../functions/locate/database.ts";
import type { Address, EpochSeconds, LoginEvent } from "../functions/parse/event.ts";
import { parseZone } from "../functions/parse/time.ts";
import { type Command, CommandError, type Given, type Terminal, UsageError } from "./command.ts";
import { bytesOf, type LogFile, logFiles, problemOf } from "./files.ts";
import { readPolicy, zoneOf } from "./inputs.ts";
import { megabytes, type Progress, progressOn } from "./progress.ts";
import { printAlerts } from "./published.ts";
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
    at: {
      value: "TIME",
      help: "decide for this moment, and leave later events out (default: the newest event)",
    },
    policy: { value: "FILE", help: "decide by this policy.json" },
    "time-zone": { value: "ZONE", help: "IANA zone of times that name none (default: this machine's)" },
  },
  async run(given, terminal) {
    const job = await jobOf(given);
    const { newest, failed, counted, own } = await readAll(job, terminal);
    if (job.format === "events") return failed ? 1 : 0;
    const now = job.at ?? newest ?? Math.floor(Date.now() / 1000);
    const context = { policy: job.policy, now, countryOf: job.countryOf, own: [...own] };
    const verdicts = decideAll(counted.histories(), context);
    if (job.list !== undefined) {
      const entries = blocklist(verdicts.decisions, now);
      for (const chunk of formatNamed(job.list).render(entries, { now })) terminal.stdout.write(chunk);
    } else {
      const rows = counted.histories().map((history) => rowOf(history, verdicts.of(history), job.countryOf));
      printRows(terminal, job.format, COLUMNS, rows.toArray().sort(byAttempts));
    }
    printAlerts(terminal, verdicts.alerts);
    return failed ? 1 : 0;
  },
};

interface Job {
  paths: string[];
  format: Format | "events";
  list: string | undefined;
  at: EpochSeconds | undefined;
  policy: Policy;
  zone: string;
  countryOf: Locator["countryOf"];
}

/** @throws UsageError, CommandError */
async function jobOf({ operands, options }: Given): Promise<Job> {
  if (options.list !== undefined && !formats.some(({ name }) => name === options.list)) {
    throw new UsageError(`--list ${options.list}: there are ${formats.map(({ name }) => name).join(", ")}`);
  }
  const at =
    options.at === undefined ? undefined : parseMoment("--at", options.at, Math.floor(Date.now() / 1000));
  return {
    paths: operands,
    format: options.format === "events" ? "events" : formatOf(options.format),
    list: options.list,
    at,
    policy: options.policy === undefined ? defaultPolicy : (await readPolicy(options.policy)).policy,
    zone: zoneOf(options["time-zone"]),
    countryOf: createLocator(readDatabase()).countryOf,
  };
}

interface ReadAll {
  counted: Scan;
  newest: EpochSeconds | undefined;
  /** The hosts' own addresses, as far as the logs name them. */
  own: Set<Address>;
  /** Something named could not be read, or not wholly. */
  failed: boolean;
}

async function readAll(job: Job, terminal: Terminal): Promise<ReadAll> {
  const progress = progressOn(terminal);
  const { files, bad } = await logFiles(job.paths.filter((path) => path !== "-"));
  const all: ReadAll = { counted: createScan(), newest: undefined, own: new Set(), failed: false };
  const complain = (path: string, problem: string) => {
    progress.done();
    terminal.stderr.write(`fleetban: ${path}: ${problem}\n`);
    all.failed = true;
  };
  for (const { path, problem } of bad) complain(path, problem);
  const events = job.format === "events" ? eventPrinter(terminal) : undefined;
  for (const log of logsToRead(job, files, terminal, progress)) {
    try {
      const reading = await all.counted.read({
        ...log,
        onEvent: events && ((event, line) => events.print(log.name, line, event)),
      });
      if (reading.damage !== undefined) complain(log.name, reading.damage);
      for (const ip of reading.own) all.own.add(ip);
      if (reading.newest !== undefined) all.newest = Math.max(all.newest ?? 0, reading.newest);
    } catch (error) {
      complain(log.name, problemOf(error));
    }
  }
  events?.end();
  progress.done();
  return all;
}

function* logsToRead(
  job: Job,
  files: LogFile[],
  { stdin }: Terminal,
  progress: Progress,
): Generator<ScannedLog> {
  let bytes = 0;
  const whole = files.reduce((sum, file) => sum + file.size, 0);
  const common = { until: job.at };
  if (job.paths.includes("-")) {
    const context = { logTime: Math.floor(Date.now() / 1000), zone: parseZone(job.zone) };
    yield { ...common, name: "standard input", open: once(stdin), context };
  }
  for (const { path, mtime } of files) {
    const told = (read: number) => {
      bytes += read;
      progress.show(`reading ${path}: ${megabytes(bytes)} of ${megabytes(whole)}`);
    };
    yield {
      ...common,
      name: path,
      open: () => bytesOf(path, told),
      context: { logTime: mtime, zone: parseZone(job.zone) },
    };
  }
}

function once(stream: NodeJS.ReadableStream): () => AsyncIterable<Uint8Array> {
  let opened = false;
  return () => {
    if (opened) throw new CommandError("begins like a log that was read before: give it as a file");
    opened = true;
    return stream as AsyncIterable<Uint8Array>;
  };
}

/** Bytes collected before they are written: a system call an event would cost more than the parsing. */
const WRITE_SIZE = 65_536;

function eventPrinter({ stdout }: Terminal) {
  let waiting = "";
  const flush = () => {
    stdout.write(waiting);
    waiting = "";
  };
  return {
    print(file: string, line: number, event: LoginEvent) {
      const { at, outcome, kind, evidence, ip, user, service, daemon, attempts } = event;
      const told = {
        file,
        line,
        at: iso(at),
        outcome,
        kind,
        evidence,
        ip,
        user: user ?? null,
        service,
        daemon,
        attempts,
      };
      waiting += `${JSON.stringify(told)}\n`;
      if (waiting.length > WRITE_SIZE) flush();
    },
    end: flush,
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

function rowOf(
  { ip, hours, users, services, first, last }: AddressHistory,
  decision: Decision,
  countryOf: Locator["countryOf"],
): Row {
  const { attempts, events, successes } = hours.reduce(addCounts, NOTHING);
  return {
    ip,
    attempts,
    events,
    successes,
    users,
    services,
    first,
    last,
    country: countryOf(ip),
    action: decision.action,
  };
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
