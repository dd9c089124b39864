import { startDeciding } from "../functions/decide/decide.ts";
import { importFail2ban } from "../functions/decide/fail2ban.ts";
import { type Policy, parsePolicy } from "../functions/decide/policy.ts";
import { policyJson } from "../functions/decide/policy-text.ts";
import { policyVersion } from "../functions/decide/policy-version.ts";
import { retentionProblem } from "../functions/decide/retention.ts";
import { STARTER, type StarterEntry, staleStarters } from "../functions/decide/shared-starter.ts";
import { storedHistories, storedSituation } from "../functions/decide/stored.ts";
import { pastPolicy, policyVersions, putPolicy, storedPolicy } from "../functions/decide/stored-policy.ts";
import { blocklist } from "../functions/list/blocklist.ts";
import { type ListChange, listChange } from "../functions/list/change.ts";
import { createLocator } from "../functions/locate/country.ts";
import { readDatabase } from "../functions/locate/database.ts";
import { createPublish } from "../functions/publish.ts";
import { openStore, type Store } from "../functions/store/store.ts";
import {
  type Command,
  CommandError,
  type ExitCode,
  type Given,
  type Terminal,
  UsageError,
} from "./command.ts";
import { readPolicy, readText } from "./inputs.ts";
import { printPublished } from "./published.ts";
import { SYSTEM_OPTIONS, type System, withSystem } from "./system.ts";
import { type Column, FORMATS, formatOf, printRows } from "./table.ts";
import { iso } from "./time.ts";

export const policy: Command = {
  name: "policy",
  operands: "show|check|push|history|starter|import-fail2ban [FILE…]",
  count: [1, Number.POSITIVE_INFINITY],
  summary: "The policy in force: shows, checks and changes it.",
  details: `show [VERSION]           the policy in force, or one of the history, with its defaults, as policy.json
check FILE               whether FILE can be used, and every problem in it
push FILE                says what would change on the list; with --yes puts FILE in force and publishes
history                  the policies that were in force, the newest first
starter                  networks that are usually shared, for shared.starter: whose, as of when, from where
import-fail2ban FILE…    a policy.json from jail.conf and jail.local, and what has no counterpart

The keys are in docs/policy.md.`,
  options: {
    format: { value: "FORMAT", default: "table", help: `starter: ${FORMATS.join(", ")}` },
    yes: { help: "push: put it in force; whoever has seen the change accepts it before the guard" },
    ...SYSTEM_OPTIONS,
  },
  async run(given, terminal) {
    const [verb = "", ...files] = given.operands;
    const run = Object.hasOwn(VERBS, verb) ? VERBS[verb] : undefined;
    if (run === undefined) throw new UsageError(`policy ${verb}: there are ${Object.keys(VERBS).join(", ")}`);
    return await run(files, given, terminal);
  },
};

type Verb = (files: string[], given: Given, terminal: Terminal) => Promise<ExitCode>;

const VERBS: Record<string, Verb> = {
  show,
  check,
  push,
  history,
  starter,
  "import-fail2ban": importJails,
};

async function show(files: string[], given: Given, terminal: Terminal): Promise<ExitCode> {
  const [version] = files;
  if (files.length > 1) throw new UsageError("policy show takes one VERSION");
  return await withSystem(given, terminal, async ({ deployment }) => {
    const { lists } = openStore(deployment);
    const shown = version === undefined ? await storedPolicy(lists) : await pastPolicy(lists, version);
    if (shown === undefined)
      throw new CommandError(`there is no version ${version}; policy history names those that were in force`);
    terminal.stdout.write(policyJson(shown));
    terminal.stderr.write(`version ${policyVersion(shown)}\n`);
    return 0;
  });
}

async function check(files: string[], _: Given, terminal: Terminal): Promise<ExitCode> {
  const { policy: read } = await readPolicy(only(files, "check"));
  terminal.stdout.write(`can be used: version ${policyVersion(read)}\n`);
  warnOfStarters(read, terminal);
  return 0;
}

function warnOfStarters({ shared }: Policy, { stderr }: Terminal): void {
  for (const warning of staleStarters(shared.starter, Math.floor(Date.now() / 1000)))
    stderr.write(`fleetban: ${warning}\n`);
}

async function starter(files: string[], { options }: Given, terminal: Terminal): Promise<ExitCode> {
  if (files.length > 0) throw new UsageError("policy starter takes no file");
  printRows(terminal, formatOf(options.format), STARTER_COLUMNS, Object.entries(STARTER));
  return 0;
}

const STARTER_COLUMNS: Column<[string, StarterEntry]>[] = [
  { name: "entry", value: ([name]) => name },
  { name: "what", value: ([, entry]) => entry.what },
  { name: "as of", value: ([, entry]) => entry.stated },
  { name: "review", value: ([, entry]) => entry.review },
  { name: "source", value: ([, entry]) => entry.source },
  { name: "read from", value: ([, entry]) => entry.read },
  { name: "networks", value: ([, entry]) => entry.networks },
];

async function push(files: string[], given: Given, terminal: Terminal): Promise<ExitCode> {
  const { policy: wanted } = await readPolicy(only(files, "push"));
  warnOfStarters(wanted, terminal);
  return await withSystem(given, terminal, async (system) => {
    const short = retentionProblem(wanted, system.deployment.retentionDays);
    if (short !== undefined) throw new CommandError(`the policy was not put in force: ${short}`);
    const store = openStore(system.deployment);
    const { current, change } = await changeBy(wanted, store, system);
    const [from, to] = [policyVersion(current), policyVersion(wanted)];
    if (from === to) {
      terminal.stdout.write(`unchanged: version ${to} is in force\n`);
      return 0;
    }
    printChange(terminal, change, `policy ${from}`, `policy ${to}`);
    if (!given.switches.has("yes")) {
      terminal.stderr.write("nothing was changed: --yes puts it in force and publishes\n");
      return 0;
    }
    await putPolicy(store.lists, wanted, current, Math.floor(Date.now() / 1000));
    return printPublished(
      terminal,
      await createPublish(system.deployment)({ now: system.now, accept: true }),
    );
  });
}

async function history(files: string[], given: Given, terminal: Terminal): Promise<ExitCode> {
  if (files.length > 0) throw new UsageError("policy history takes no file");
  return await withSystem(given, terminal, async ({ deployment }) => {
    const { lists } = openStore(deployment);
    terminal.stdout.write(`${policyVersion(await storedPolicy(lists))}\tin force\t\n`);
    for (const { version, until, key } of await policyVersions(lists))
      terminal.stdout.write(`${version}\tuntil ${iso(until)}\t${key}\n`);
    return 0;
  });
}

async function importJails(files: string[], _: Given, terminal: Terminal): Promise<ExitCode> {
  if (files.length === 0)
    throw new UsageError("policy import-fail2ban needs FILE…, in fail2ban's order: jail.conf jail.local");
  const read = await Promise.all(files.map(async (name) => ({ name, text: await readText(name) })));
  const { policy: imported, remarks } = importFail2ban(read);
  parsePolicy(imported);
  terminal.stdout.write(`${JSON.stringify(imported, undefined, 2)}\n`);
  for (const remark of remarks) terminal.stderr.write(`${remark}\n`);
  return 0;
}

/** What a policy would change on the list, by the same counters. */
async function changeBy(
  wanted: Policy,
  store: Store,
  { now }: System,
): Promise<{ current: Policy; change: ListChange }> {
  const situation = await storedSituation(store, now, createLocator(readDatabase()).countryOf);
  const today = startDeciding(situation);
  const then = startDeciding({ ...situation, policy: wanted });
  for await (const one of storedHistories(store.table, now)) {
    today.add(one);
    then.add(one);
  }
  const lists = [today, then].map((deciding) => blocklist(deciding.finish().decisions, now));
  return { current: situation.policy, change: listChange(lists[0]!, lists[1]!) };
}

const EXAMPLES = 10;

function printChange(
  { stdout }: Terminal,
  { before, after, added, dropped, longer, shorter }: ListChange,
  from: string,
  to: string,
): void {
  stdout.write(`${from}: ${before} networks; ${to}: ${after}\n`);
  for (const [what, networks] of Object.entries({ added, dropped, longer, shorter })) {
    const examples = networks.slice(0, EXAMPLES).join(", ");
    stdout.write(
      `${what}: ${networks.length}${examples === "" ? "" : `: ${examples}${networks.length > EXAMPLES ? ", …" : ""}`}\n`,
    );
  }
}

function only(files: readonly string[], verb: string): string {
  if (files.length !== 1) throw new UsageError(`policy ${verb} needs one FILE`);
  return files[0]!;
}
