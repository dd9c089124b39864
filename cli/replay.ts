import { isHostName } from "../functions/count/keys.ts";
import { replayStored } from "../functions/replay.ts";
import { type Command, UsageError } from "./command.ts";
import { progressOn } from "./progress.ts";
import { SYSTEM_OPTIONS, withSystem } from "./system.ts";

const { at: _at, ...SYSTEM } = SYSTEM_OPTIONS;

export const replay: Command = {
  name: "replay",
  operands: "PREFIX",
  count: [1, 1],
  summary: "Counts stored logs again, so that the counters are as if this parser had always been there.",
  details: `PREFIX is what the logs' keys begin with: a host's name and a slash, or '' for all. Logs that could not be read
before are counted, ranges that another version of the parser counted are counted again; nothing is counted twice.
It may run beside everything else. Stopped anywhere, run it again: it goes on from there.

Examples:
  fleetban replay mx1.example.net/
  fleetban replay '' --local`,
  options: {
    all: { help: "count again also what this version of the parser has counted" },
    ...SYSTEM,
  },
  async run(given, terminal) {
    const prefix = given.operands[0] ?? "";
    if (prefix !== "" && !isHostName(prefix.split("/")[0] ?? ""))
      throw new UsageError(`replay ${prefix}: keys begin with a host's name`);
    return await withSystem(given, terminal, async ({ deployment }) => {
      const progress = progressOn(terminal);
      let done = 0;
      const { counted, recounted, problems } = await replayStored(deployment, prefix, {
        all: given.switches.has("all"),
        onObject: (key) => progress.show(`counting again: ${++done} logs, ${key}`),
        onWait: (key, reason) => progress.show(`waiting for ${key}: ${reason}`),
      });
      progress.done();
      for (const { key, reason } of problems) terminal.stderr.write(`fleetban: ${key}: ${reason}\n`);
      terminal.stdout.write(
        `counted again: ${recounted} logs; counted for the first time: ${counted} logs\n`,
      );
      return problems.length > 0 ? 1 : 0;
    });
  },
};
