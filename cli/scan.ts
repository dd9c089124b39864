import { compareBytes } from "../functions/count/totals.ts";
import { defaultPolicy } from "../functions/decide/policy.ts";
import { formats } from "../functions/list/formats.ts";
import { createLocator } from "../functions/locate/country.ts";
import { readIpv4Database, readIpv6Database } from "../functions/locate/database.ts";
import { parseAddress } from "../functions/parse/address.ts";
import { compileLess, stopGrowing } from "../functions/v8.ts";
import { type Command, type Given, type Terminal, UsageError } from "./command.ts";
import { LIMITS_HELP, limitsOf, readPolicy, zoneOf } from "./inputs.ts";
import { type LogsToRead, type ReadAll, readAll } from "./read-logs.ts";
import { type Asked, printDecided } from "./scan-decided.ts";
import { type Column, FORMATS, type Format, formatOf, printRows } from "./table.ts";
import { parseMoment } from "./time.ts";

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
    limits: { value: "LIMITS", help: LIMITS_HELP },
    "time-zone": { value: "ZONE", help: "IANA zone of times that name none (default: this machine's)" },
  },
  async run(given, terminal) {
    stopGrowing();
    compileLess();
    const job = await jobOf(given);
    const read = await readAll(job, terminal);
    if (job.unread) printUnread(terminal, job.format, read);
    else if (!job.events) printDecided(terminal, job, read);
    return read.failed ? 1 : 0;
  },
};

/** An upgraded daemon words its lines differently: what these begin with is what a report of it needs. */
function printUnread(terminal: Terminal, format: Format, { unread }: ReadAll): void {
  const rows = [...unread].sort((a, b) => b[1] - a[1] || compareBytes(a[0], b[0]));
  printRows(terminal, format, UNREAD_COLUMNS, rows);
}

const UNREAD_COLUMNS: Column<[string, number]>[] = [
  { name: "lines", value: ([, count]) => count },
  { name: "begin with", value: ([kind]) => kind },
];

interface Job extends LogsToRead, Asked {
  unread: boolean;
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
    limits: limitsOf(options.limits ?? ""),
    countryOf: createLocator(readIpv4Database(), readIpv6Database).countryOf,
  };
}
