import {
  BadOutsideList,
  LIST_NAME,
  type OutsideList,
  parseNetworks,
} from "../functions/decide/outside-list.ts";
import { putOutsideList, storedOutsideLists } from "../functions/decide/stored-lists.ts";
import { getText } from "../functions/store/objects.ts";
import { openStore, type Store } from "../functions/store/store.ts";
import {
  type Command,
  CommandError,
  type ExitCode,
  type Given,
  type Terminal,
  UsageError,
} from "./command.ts";
import { readText } from "./inputs.ts";
import { SYSTEM_OPTIONS, type System, withSystem } from "./system.ts";
import { type Column, FORMATS, formatOf, printRows } from "./table.ts";
import { durationOf, iso } from "./time.ts";

export const lists: Command = {
  name: "lists",
  operands: "show|add NAME FROM|end NAME",
  count: [1, 3],
  summary: "Lists that others make: what they allow and block, until each ends.",
  details: `FROM is a file or s3://BUCKET/KEY: networks, one a line, or as Spamhaus DROP writes them. Adding a list again replaces
and renews it, so a cron job that adds it each day keeps it in force. What it blocks is banned only under the rules for all:
never what is protected, shared or logged in from; networks wider than escalate.ipv4 or prefix.ipv6 address by address.

Examples:
  fleetban lists add drop drop.txt --block --for 3d
  fleetban lists add partners s3://lists.example/partners.txt --allow --for 30d`,
  options: {
    block: { help: "what is on it is banned" },
    allow: { help: "what is on it is never banned" },
    for: { value: "TIME", default: "3d", help: "how long it holds" },
    format: { value: "FORMAT", default: "table", help: FORMATS.join(", ") },
    ...SYSTEM_OPTIONS,
  },
  async run(given, terminal) {
    const [verb = "", name = "", from = ""] = given.operands;
    if (verb === "show") return await withSystem(given, terminal, (system) => show(system, given, terminal));
    if (!LIST_NAME.test(name)) throw new UsageError(`lists ${verb} ${name}: a-z, 0-9 and dashes make a name`);
    if (verb === "end") return await withSystem(given, terminal, (system) => end(system, name, terminal));
    if (verb !== "add") throw new UsageError(`lists ${verb}: there are show, add and end`);
    const isBlock = given.switches.has("block");
    if (isBlock === given.switches.has("allow")) throw new UsageError("say --block or --allow");
    if (from === "") throw new UsageError("lists add needs NAME FROM");
    const action = isBlock ? "block" : "allow";
    const length = durationOf("--for", given.options.for ?? "3d");
    return await withSystem(given, terminal, async ({ deployment, now }) => {
      const store = openStore(deployment);
      const networks = await networksFrom(from, store);
      await putOutsideList(store.lists, {
        name,
        action,
        source: from,
        networks,
        added: now,
        expires: now + length,
      });
      terminal.stdout.write(`${name}: ${networks.length} networks, ${action} until ${iso(now + length)}\n`);
      return 0;
    });
  },
};

async function show({ deployment }: System, { options }: Given, terminal: Terminal): Promise<ExitCode> {
  printRows(
    terminal,
    formatOf(options.format),
    COLUMNS,
    await storedOutsideLists(openStore(deployment).lists),
  );
  return 0;
}

const COLUMNS: Column<OutsideList>[] = [
  { name: "list", value: (list) => list.name },
  { name: "action", value: (list) => list.action },
  { name: "networks", value: (list) => list.networks.length },
  { name: "added", value: (list) => iso(list.added) },
  { name: "expires", value: (list) => iso(list.expires) },
  { name: "source", value: (list) => list.source },
];

/** It stays in the store, with its end. */
async function end({ deployment, now }: System, name: string, terminal: Terminal): Promise<ExitCode> {
  const store = openStore(deployment);
  const list = (await storedOutsideLists(store.lists)).find((one) => one.name === name);
  if (list === undefined) throw new CommandError(`there is no list ${name}; lists show names those that are`);
  await putOutsideList(store.lists, { ...list, expires: Math.min(list.expires, now) });
  terminal.stdout.write(`${name}: ended\n`);
  return 0;
}

/** @throws CommandError naming the source */
async function networksFrom(from: string, store: Store): Promise<string[]> {
  const text = await textFrom(from, store);
  try {
    const networks = parseNetworks(text);
    if (networks.length > 0) return networks;
  } catch (error) {
    if (!(error instanceof BadOutsideList)) throw error;
    throw new CommandError(`${from}: ${error.message}`);
  }
  throw new CommandError(`${from}: holds no network`);
}

async function textFrom(from: string, { lists: { client } }: Store): Promise<string> {
  const [, name, key] = /^s3:\/\/([a-z0-9.-]{3,63})\/(.+)$/.exec(from) ?? [];
  if (name === undefined || key === undefined) return await readText(from);
  const stored = await getText({ client, name }, key);
  if (stored === undefined) throw new CommandError(`${from}: there is no such object`);
  return stored.text;
}
