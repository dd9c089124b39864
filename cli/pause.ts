import { pauseAt, withoutPause, withPause } from "../functions/decide/exceptions.ts";
import { changeExceptions } from "../functions/decide/stored.ts";
import { openStore } from "../functions/store/store.ts";
import { type Command, UsageError } from "./command.ts";
import { SYSTEM_OPTIONS, withSystem } from "./system.ts";
import { iso } from "./time.ts";
import { WORD_OPTIONS, wordOf } from "./word.ts";

export const pause: Command = {
  name: "pause",
  operands: "",
  count: [0, 0],
  summary:
    "Stops publishing: the list stays as it is, but for bans that end and addresses that are unbanned.",
  details: `Counting goes on, and the list is renewed so that hosts keep it. When the pause ends the list is what the rules say then.

Examples:
  fleetban pause --reason "moving the servers" --for 6h
  fleetban pause --end`,
  options: {
    for: { value: "TIME", default: "24h", help: "how long: 12h, 3d" },
    ...WORD_OPTIONS,
    end: { help: "publish again" },
    ...SYSTEM_OPTIONS,
  },
  async run(given, terminal) {
    const isEnd = given.switches.has("end");
    if (isEnd && given.options.reason !== undefined) throw new UsageError("--end needs no --reason");
    if (!isEnd) wordOf(given, "24h", 0);
    return await withSystem(given, terminal, async ({ deployment, now }) => {
      const word = isEnd ? undefined : wordOf(given, "24h", now);
      const changed = await changeExceptions(openStore(deployment).lists, (exceptions) =>
        word === undefined ? withoutPause(exceptions, now) : withPause(exceptions, word),
      );
      const until = iso(pauseAt(changed, now)?.until);
      terminal.stdout.write(
        until === undefined
          ? "publishing goes on; fleetban publish does it at once\n"
          : `publishing is paused until ${until}; fleetban pause --end ends that\n`,
      );
      return 0;
    });
  },
};
