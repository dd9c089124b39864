import { createPublish } from "../functions/publish.ts";
import type { Command } from "./command.ts";
import { printPublished } from "./published.ts";
import { SYSTEM_OPTIONS, withSystem } from "./system.ts";

export const publish: Command = {
  name: "publish",
  operands: "",
  count: [0, 0],
  summary: "Decides over all counters and publishes the blocklist now, instead of at the next minute.",
  details: `Where the list would change too much at once, the guard publishes a part of the change, says what it refused, and
the exit status is 1. Look at it, then --accept.`,
  options: { accept: { help: "publish also what the guard refuses" }, ...SYSTEM_OPTIONS },
  async run(given, terminal) {
    const accept = given.switches.has("accept");
    return await withSystem(given, terminal, async ({ deployment, now }) =>
      printPublished(terminal, await createPublish(deployment)({ now, accept })),
    );
  },
};
