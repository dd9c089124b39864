import { isHostName } from "../functions/count/keys.ts";
import type { Difference } from "../functions/count/verify-differences.ts";
import { verifyStored } from "../functions/replay.ts";
import { type Command, UsageError } from "./command.ts";
import { progressOn } from "./progress.ts";
import { SYSTEM_OPTIONS, withSystem } from "./system.ts";
import { type Column, FORMATS, formatOf, printRows } from "./table.ts";

export const verify: Command = {
  name: "verify",
  operands: "[HOST]",
  count: [0, 1],
  summary: "Counts the stored logs again and compares the counters with that, row by row. Changes nothing.",
  details: `Prints where they differ: expected and found are attempts; where these are equal, something else is not (users,
times, services). Exit 1 if anything differs or a log cannot be read again. Counters of an older parser differ
from what this one reads: run fleetban replay first.`,
  options: {
    format: { value: "FORMAT", default: "table", help: FORMATS.join(", ") },
    ...SYSTEM_OPTIONS,
  },
  async run(given, terminal) {
    const format = formatOf(given.options.format);
    const [host] = given.operands;
    if (host !== undefined && !isHostName(host)) throw new UsageError(`verify ${host}: no host's name`);
    return await withSystem(given, terminal, async ({ deployment, now }) => {
      const progress = progressOn(terminal);
      let done = 0;
      const onObject = (key: string) => progress.show(`reading again: ${++done} logs, ${key}`);
      const result = await verifyStored(deployment, host, { now, onObject });
      progress.done();
      const { objects, rows, differences, unreadable, skipped } = result;
      if (differences.length > 0 || format !== "table") printRows(terminal, format, COLUMNS, differences);
      for (const { key, reason } of unreadable) terminal.stderr.write(`fleetban: ${key}: ${reason}\n`);
      const busy = skipped === 0 ? "" : `; ${skipped} ranges are being counted, look at these later`;
      terminal.stderr.write(
        `${rows} rows from ${objects} logs compared, ${differences.length} differences${busy}\n`,
      );
      return differences.length > 0 || unreadable.length > 0 ? 1 : 0;
    });
  },
};

const COLUMNS: Column<Difference>[] = [
  { name: "ip", value: (difference) => difference.ip },
  { name: "host", value: (difference) => difference.host },
  { name: "day", value: (difference) => difference.day },
  { name: "expected", value: (difference) => difference.expected },
  { name: "found", value: (difference) => difference.found },
  { name: "rows", value: (difference) => difference.rows },
];
