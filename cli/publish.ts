import { createPublish } from "../functions/publish.ts";
import type { Command } from "./command.ts";
import { SYSTEM_OPTIONS, withSystem } from "./system.ts";
import { iso } from "./time.ts";

export const publish: Command = {
  name: "publish",
  operands: "",
  count: [0, 0],
  summary: "Decides over all counters and publishes the blocklist now, instead of at the next minute.",
  options: SYSTEM_OPTIONS,
  async run(given, terminal) {
    return await withSystem(given, terminal, async ({ deployment, now }) => {
      const { manifest, changed } = await createPublish(deployment)({ now });
      const { serial, networks, expires, folder } = manifest;
      terminal.stdout.write(
        `${changed ? "published" : "unchanged"}: serial ${serial}, ${networks} networks, until ${iso(expires)}, ${folder}/\n`,
      );
      return 0;
    });
  },
};
