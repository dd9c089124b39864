import { withoutUnban, withUnban } from "../functions/decide/exceptions.ts";
import { networkOf, networkText } from "../functions/decide/network.ts";
import { changeExceptions } from "../functions/decide/stored.ts";
import { storedPolicy } from "../functions/decide/stored-policy.ts";
import { parseAddress } from "../functions/parse/address.ts";
import { createPublish } from "../functions/publish.ts";
import { openStore } from "../functions/store/store.ts";
import { type Command, UsageError } from "./command.ts";
import { printPublished } from "./published.ts";
import { SYSTEM_OPTIONS, withSystem } from "./system.ts";
import { iso } from "./time.ts";
import { WORD_OPTIONS, wordOf } from "./word.ts";

export const unban: Command = {
  name: "unban",
  operands: "ADDRESS",
  count: [1, 1],
  summary: "Takes an address off the list everywhere, and keeps it off for a while, whatever it does.",
  details: `An IPv6 address is taken off with the network that counts as one with it (its /64). The list is published at once,
past the guard; hosts follow within one poll. Who, why and until when is kept and shown by explain. For good: ignoreip of
the policy.

Examples:
  fleetban unban 192.0.2.7 --reason "customer 4711, phone replaced"
  fleetban unban 192.0.2.7 --for 90d --reason "their new office"
  fleetban unban 192.0.2.7 --end`,
  options: {
    for: { value: "TIME", default: "30d", help: "how long: 12h, 30d" },
    ...WORD_OPTIONS,
    end: { help: "end an earlier unban of the address instead" },
    ...SYSTEM_OPTIONS,
  },
  async run(given, terminal) {
    const ip = parseAddress(given.operands[0] ?? "");
    if (ip === undefined) throw new UsageError(`${given.operands[0]} is no IPv4 or IPv6 address`);
    const isEnd = given.switches.has("end");
    if (!isEnd) wordOf(given, "30d", 0);
    return await withSystem(given, terminal, async ({ deployment, now }) => {
      const { lists } = openStore(deployment);
      const network = networkText(networkOf(ip, (await storedPolicy(lists)).prefix));
      const word = isEnd ? undefined : wordOf(given, "30d", now);
      await changeExceptions(lists, (exceptions) =>
        word === undefined
          ? withoutUnban(exceptions, network, now)
          : withUnban(exceptions, { network, ...word }),
      );
      const result = await createPublish(deployment)({ now });
      const what = word === undefined ? "judged by the rules again" : `not banned until ${iso(word.until)}`;
      terminal.stdout.write(`${network}: ${what}; hosts follow within one poll\n`);
      return printPublished(terminal, result);
    });
  },
};
