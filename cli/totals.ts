import { DIMENSIONS, type Dimension, type Total } from "../functions/count/totals.ts";
import { parseAddress } from "../functions/parse/address.ts";
import { createQuery } from "../functions/query.ts";
import { type Command, UsageError } from "./command.ts";
import { numberOf } from "./inputs.ts";
import { SYSTEM_OPTIONS, withSystem } from "./system.ts";
import { type Column, FORMATS, formatOf, printRows } from "./table.ts";
import { parseHour } from "./time.ts";

export const totals: Command = {
  name: "totals",
  operands: "",
  count: [0, 0],
  summary: "Attempts, failed logins and proper logins over the fleet, most attempts first.",
  details: `Examples:
  fleetban totals --local --top 20
  fleetban totals --by country,day --since 7d
  fleetban totals --by host --ip 192.0.2.7 --format json`,
  options: {
    by: { value: "WHAT", default: "ip", help: `one or several of ${DIMENSIONS.join(",")}` },
    since: { value: "TIME", help: "from this hour on: 2026-11-24T03:00:00Z, 2026-11-24, or 7d ago" },
    until: { value: "TIME", help: "before this hour" },
    host: { value: "NAME", help: "what this host saw" },
    ip: { value: "ADDRESS", help: "from this address" },
    top: { value: "N", help: "the N largest only" },
    format: { value: "FORMAT", default: "table", help: FORMATS.join(", ") },
    ...SYSTEM_OPTIONS,
  },
  async run(given, terminal) {
    const { options } = given;
    const format = formatOf(options.format);
    const by = dimensions(options.by ?? "ip");
    const ip = addressOf(options.ip);
    const top = options.top === undefined ? undefined : numberOf("--top", options.top, 1, 1e9);
    return await withSystem(given, terminal, async ({ deployment, now }) => {
      const since = parseHour("--since", options.since, now);
      const until = parseHour("--until", options.until, now);
      const rows = await createQuery(deployment).totals({
        by,
        since,
        until,
        host: options.host,
        ip,
        top,
        now,
      });
      printRows(terminal, format, columnsFor(by), rows);
      return 0;
    });
  },
};

function columnsFor(by: readonly Dimension[]): Column<Total>[] {
  return [
    ...by.map((name, index) => ({ name, value: (total: Total) => total.by[index] })),
    { name: "attempts", value: (total) => total.attempts },
    { name: "events", value: (total) => total.events },
    { name: "successes", value: (total) => total.successes },
  ];
}

function dimensions(text: string): Dimension[] {
  return text.split(",").map((word) => {
    const known = DIMENSIONS.find((dimension) => dimension === word);
    if (known === undefined) throw new UsageError(`--by ${word}: totals are by ${DIMENSIONS.join(", ")}`);
    return known;
  });
}

function addressOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const ip = parseAddress(text);
  if (ip === undefined) throw new UsageError(`--ip ${text}: this is no IPv4 or IPv6 address`);
  return ip;
}
