import { formatNamed, formats, type ListFormat, UnknownFormat } from "../functions/list/formats.ts";
import { publishedList } from "../functions/list/published.ts";
import { openStore } from "../functions/store/store.ts";
import { type Command, CommandError, UsageError } from "./command.ts";
import { SYSTEM_OPTIONS, withSystem } from "./system.ts";
import { iso } from "./time.ts";

export const blocklist: Command = {
  name: "blocklist",
  operands: "",
  count: [0, 0],
  summary: "The blocklist as published.",
  options: {
    format: { value: "FORMAT", default: "tsv", help: formats.map(({ name }) => name).join(", ") },
    ...SYSTEM_OPTIONS,
  },
  async run(given, terminal) {
    const format = formatOf(given.options.format);
    return await withSystem(given, terminal, async ({ deployment, now }) => {
      const published = await publishedList(openStore(deployment).lists);
      if (published === undefined)
        throw new CommandError("no list has been published yet; run fleetban publish");
      for (const chunk of format.render(published.entries, { now })) terminal.stdout.write(chunk);
      const { serial, created, expires, networks } = published.manifest;
      terminal.stderr.write(`serial ${serial}, ${networks} networks, ${iso(created)} to ${iso(expires)}\n`);
      return 0;
    });
  },
};

/** @throws UsageError */
function formatOf(name = "tsv"): ListFormat {
  try {
    return formatNamed(name);
  } catch (error) {
    throw error instanceof UnknownFormat ? new UsageError(`--format: ${error.message}`) : error;
  }
}
