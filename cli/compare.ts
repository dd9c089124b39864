import { durationText } from "../functions/decide/duration.ts";
import { storedHistories, storedSituation } from "../functions/decide/stored.ts";
import { createLocator } from "../functions/locate/country.ts";
import { readDatabase } from "../functions/locate/database.ts";
import { type Banned, type Comparison, compare as compareOver } from "../functions/report/compare.ts";
import { openStore } from "../functions/store/store.ts";
import { type Command, type Terminal, UsageError } from "./command.ts";
import { compareFail2ban } from "./fail2ban.ts";
import { numberOf, readPolicy } from "./inputs.ts";
import { SYSTEM_OPTIONS, withSystem } from "./system.ts";
import { type Column, printRows } from "./table.ts";
import { durationOf, iso } from "./time.ts";

export const compare: Command = {
  name: "compare",
  operands: "[LOG…]",
  count: [0, Number.POSITIVE_INFINITY],
  summary: "What another policy, or fail2ban, would have banned, against the policy in force.",
  details: `Both policies decide at the end of each step of the history. The table shows what the other one would have added and
dropped, banned sooner and later, and the proper logins that either would have hit.

With --fail2ban both read the logs LOG here, without servers: Debian's fail2ban-regex with its dovecot and postfix filters
and fail2ban's own rule, beside the policy of --policy FILE or the default.

Examples:
  fleetban compare --policy stricter.json --step 6h
  fleetban compare --fail2ban /var/log/mail.log /var/log/mail.log.1`,
  options: {
    policy: { value: "FILE", help: "the other policy" },
    fail2ban: { help: "beside fail2ban, on the logs LOG" },
    findtime: { value: "TIME", default: "10m", help: "with --fail2ban: its findtime" },
    maxretry: { value: "N", default: "5", help: "with --fail2ban: its maxretry" },
    step: { value: "TIME", default: "24h", help: "how often both decide: 1h, 6h, 24h" },
    top: { value: "N", default: "20", help: "show so many of each kind; json has all" },
    format: { value: "FORMAT", default: "table", help: "table, json" },
    ...SYSTEM_OPTIONS,
  },
  async run(given, terminal) {
    const { options } = given;
    if (options.format !== "table" && options.format !== "json")
      throw new UsageError(`--format ${options.format}: there are table and json`);
    const step = durationOf("--step", options.step ?? "24h");
    if (step % 3600 !== 0) throw new UsageError(`--step ${options.step}: whole hours`);
    const top = numberOf("--top", options.top ?? "20", 1, 1e9);
    if (given.switches.has("fail2ban")) return await compareFail2ban(given, terminal, step, top);
    if (given.operands.length > 0) throw new UsageError("logs are given with --fail2ban only");
    if (options.policy === undefined) throw new UsageError("--policy FILE or --fail2ban LOG… is needed");
    const { policy } = await readPolicy(options.policy);
    return await withSystem(given, terminal, async ({ deployment, now }) => {
      const store = openStore(deployment);
      const current = await storedSituation(store, now, createLocator(readDatabase()).countryOf);
      const histories = [];
      for await (const history of storedHistories(store.table, now)) histories.push(history);
      const comparison = compareOver(histories, current, { ...current, policy }, step);
      if (options.format === "json")
        terminal.stdout.write(`${JSON.stringify(withTimes(comparison), undefined, 1)}\n`);
      else printComparison(terminal, comparison, step, top);
      return 0;
    });
  },
};

function printComparison(terminal: Terminal, comparison: Comparison, step: number, top: number): void {
  const { from, until, steps, current, other, added, dropped, sooner, later, logins } = comparison;
  const { stdout } = terminal;
  stdout.write(`${iso(from)} to ${iso(until)}, ${steps} decisions, one each ${durationText(step)}\n`);
  stdout.write(`in force: policy ${current.version}, ${current.banned} networks banned\n`);
  stdout.write(`other:    policy ${other.version}, ${other.banned} networks banned\n`);
  const kinds = { added, dropped, sooner, later };
  for (const [kind, bans] of Object.entries(kinds)) {
    stdout.write(`\n${kind}: ${bans.length}\n`);
    if (bans.length > 0)
      printRows<Banned & { current?: number }>(terminal, "table", BAN_COLUMNS, bans.slice(0, top));
  }
  const hit = logins.filter((login) => login.current !== login.other);
  stdout.write(
    `\nproper logins hit: ${sum(logins, "current")} in force, ${sum(logins, "other")} by the other\n`,
  );
  if (logins.length > 0)
    printRows(
      terminal,
      "table",
      HIT_COLUMNS,
      [...hit, ...logins.filter((l) => !hit.includes(l))].slice(0, top),
    );
}

const BAN_COLUMNS: Column<Banned & { current?: number }>[] = [
  { name: "network", value: (ban) => ban.network },
  { name: "first banned", value: (ban) => iso(ban.first) },
  { name: "in force", value: (ban) => iso(ban.current) },
  { name: "reason", value: (ban) => ban.reason },
];

const HIT_COLUMNS: Column<Comparison["logins"][number]>[] = [
  { name: "address", value: (hit) => hit.ip },
  { name: "in force", value: (hit) => hit.current },
  { name: "other", value: (hit) => hit.other },
];

function sum(logins: Comparison["logins"], which: "current" | "other"): number {
  return logins.reduce((total, hit) => total + hit[which], 0);
}

function withTimes({ from, until, added, dropped, sooner, later, ...rest }: Comparison): object {
  const timed = (bans: (Banned & { current?: number })[]) =>
    bans.map(({ first, current, ...ban }) => ({
      ...ban,
      first: iso(first),
      ...(current !== undefined && { current: iso(current) }),
    }));
  const lists = { added: timed(added), dropped: timed(dropped), sooner: timed(sooner), later: timed(later) };
  return { from: iso(from), until: iso(until), ...lists, ...rest };
}
