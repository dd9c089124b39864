import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { defaultPolicy } from "../functions/decide/policy.ts";
import { createLocator } from "../functions/locate/country.ts";
import { readDatabase } from "../functions/locate/database.ts";
import { parseAddress } from "../functions/parse/address.ts";
import { type Beside, besideFail2ban, type Match } from "../functions/report/fail2ban.ts";
import { CommandError, type ExitCode, type Given, type Terminal, UsageError } from "./command.ts";
import { logFiles } from "./files.ts";
import { numberOf, readPolicy, zoneOf } from "./inputs.ts";
import { readAll } from "./read-logs.ts";
import { type Column, printRows } from "./table.ts";
import { durationOf, iso } from "./time.ts";

/** The filters of Debian's jails dovecot and postfix-sasl, each of which counts for itself. */
const FILTERS = ["dovecot", "postfix[mode=auth]"];
const MOST_OUTPUT = 512 * 1024 * 1024;

/** Prints whom fail2ban would have banned on these logs, beside whom we would. @throws UsageError, CommandError */
export async function compareFail2ban(
  given: Given,
  terminal: Terminal,
  step: number,
  top: number,
): Promise<ExitCode> {
  const { operands, options } = given;
  if (operands.length === 0) throw new UsageError("--fail2ban needs LOG…");
  const rule = {
    findtime: durationOf("--findtime", options.findtime ?? "10m"),
    maxretry: numberOf("--maxretry", options.maxretry ?? "5", 1, 1e6),
  };
  const policy = options.policy === undefined ? defaultPolicy : (await readPolicy(options.policy)).policy;
  const files = await plainFiles(operands);
  const matches = await matchesIn(files, terminal);
  const zone = zoneOf(undefined);
  const read = await readAll(
    { paths: files, policy, zone, at: undefined, limits: {}, events: false },
    terminal,
  );
  const { countryOf } = createLocator(readDatabase());
  const context = { policy, now: read.newest ?? 0, own: [...read.own], countryOf };
  const rows = besideFail2ban([...read.counted.histories()], context, step, matches, rule);
  if (options.format === "json")
    terminal.stdout.write(`${JSON.stringify(rows.map(withTimes), undefined, 1)}\n`);
  else print(terminal, rows, top);
  return read.failed ? 1 : 0;
}

/** @throws CommandError for what fail2ban cannot read */
async function plainFiles(paths: readonly string[]): Promise<string[]> {
  const { files, bad } = await logFiles(paths);
  const [first] = bad;
  if (first !== undefined) throw new CommandError(`${first.path}: ${first.problem}`);
  const packed = files.find(({ path }) => /\.(?:gz|bz2|xz|zst)$/.test(path));
  if (packed !== undefined)
    throw new CommandError(`${packed.path}: fail2ban reads plain files only: unpack it`);
  return files.map(({ path }) => path);
}

async function matchesIn(files: readonly string[], { env }: Terminal): Promise<Match[]> {
  const matches: Match[][] = [];
  for (const path of files) {
    for (const filter of FILTERS) matches.push(await filtered(path, filter, env));
  }
  return matches.flat();
}

async function filtered(path: string, filter: string, env: Terminal["env"]): Promise<Match[]> {
  try {
    const words = ["--out", "<time> <ip>", path, filter];
    const { stdout } = await promisify(execFile)("fail2ban-regex", words, { maxBuffer: MOST_OUTPUT, env });
    return stdout.split("\n").flatMap((line) => matchOf(line, filter));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT")
      throw new CommandError(
        "fail2ban-regex is not installed here: apt-get install fail2ban, without starting it",
      );
    throw new CommandError(`fail2ban-regex ${filter} on ${path}: ${message}`);
  }
}

/** `1795488489 198.51.100.101` */
function matchOf(line: string, jail: string): Match[] {
  const [, at, text = ""] = /^(\d{1,11})(?:\.\d+)? (\S+)$/.exec(line) ?? [];
  const ip = parseAddress(text);
  return at === undefined || ip === undefined ? [] : [{ jail, at: Number(at), ip }];
}

const COLUMNS: Column<Beside>[] = [
  { name: "address", value: (row) => row.ip },
  { name: "attempts", value: (row) => row.attempts },
  { name: "logins", value: (row) => row.logins },
  { name: "fleetban", value: (row) => iso(row.fleetban) },
  { name: "fail2ban", value: (row) => iso(row.fail2ban) },
];

function print(terminal: Terminal, rows: readonly Beside[], top: number): void {
  const kinds = {
    "both ban": rows.filter((row) => row.fleetban !== undefined && row.fail2ban !== undefined),
    "only fleetban bans": rows.filter((row) => row.fail2ban === undefined),
    "only fail2ban bans": rows.filter((row) => row.fleetban === undefined),
  };
  for (const [kind, own] of Object.entries(kinds)) {
    const customers = own.filter(({ logins }) => logins > 0).length;
    terminal.stdout.write(`${kind}: ${own.length}, ${customers} of them with proper logins\n`);
    if (own.length > 0)
      printRows(terminal, "table", COLUMNS, own.toSorted((a, b) => b.attempts - a.attempts).slice(0, top));
    terminal.stdout.write("\n");
  }
}

function withTimes({ fleetban, fail2ban, ...row }: Beside): object {
  return { ...row, fleetban: iso(fleetban) ?? null, fail2ban: iso(fail2ban) ?? null };
}
