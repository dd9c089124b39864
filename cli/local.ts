import { readdir } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { isHostName } from "../functions/count/keys.ts";
import type { PublishResult } from "../functions/publish.ts";
import { createQuery } from "../functions/query.ts";
import type { UserNames } from "../functions/store/deployment.ts";
import { type ObjectRow, objectRowsOf } from "../functions/store/ledger.ts";
import { putObject } from "../functions/store/objects.ts";
import { openStore, type Store } from "../functions/store/store.ts";
import { exportList } from "../local/export.ts";
import { shipFile } from "../local/ship.ts";
import type { Stack } from "../local/stack.ts";
import { type Command, type ExitCode, type Given, type Terminal, UsageError } from "./command.ts";
import { printDecisions } from "./decisions.ts";
import { type LogFile, logFiles, problemOf } from "./files.ts";
import { LIMITS_HELP, limitsOf, numberOf, readPolicy, zoneNameOf } from "./inputs.ts";
import { megabytes, type Progress, progressOn } from "./progress.ts";
import { warnOf } from "./published.ts";
import { startLocal } from "./start-local.ts";
import { DEFAULT_DATA, newestEvent } from "./system.ts";
import { FORMATS, type Format, formatOf } from "./table.ts";
import { iso } from "./time.ts";

export const local: Command = {
  name: "local",
  operands: "[PATH…]",
  count: [0, Number.POSITIVE_INFINITY],
  summary: "The whole system on this machine: embedded S3 and DynamoDB, the same functions as on AWS.",
  details: `Ships the logs PATH (files or folders; without any, the samples), counts them, publishes the blocklist and
prints what was decided, as of the newest event. Running it again changes nothing; what is there stays there.
With --serve it stays up for real hosts and publishes each minute, on the clock.`,
  options: {
    data: { value: "DIR", default: DEFAULT_DATA, help: "where all data lie" },
    host: { value: "NAME", help: "the host whose logs PATH are (default: this machine)" },
    "time-zone": { value: "ZONE", help: "IANA zone of times that name none (default: this machine's)" },
    policy: { value: "FILE", help: "put this policy.json in force first" },
    "user-names": {
      value: "HOW",
      help: "what counters hold: hashed, or plain (default: as before, at first hashed)",
    },
    limits: { value: "LIMITS", help: LIMITS_HELP },
    serve: { help: "stay up until interrupted" },
    listen: { value: "ADDRESS", default: "127.0.0.1", help: "with --serve: where S3 listens" },
    port: { value: "N", default: "0", help: "with --serve: on which port; 0 is any free one" },
    top: { value: "N", default: "50", help: "print so many addresses; the machine formats print all" },
    format: { value: "FORMAT", default: "table", help: FORMATS.join(", ") },
  },
  async run(given, terminal) {
    const job = jobOf(given);
    const policy = job.policyFile && (await readPolicy(job.policyFile)).text;
    const progress = progressOn(terminal);
    const counted = { objects: 0, lines: 0 };
    const stack = await startLocal({
      ...job.stack,
      onObject: (row) => {
        counted.objects++;
        counted.lines += row.lines;
        progress.show(`counting: ${counted.objects} logs, ${counted.lines} lines`);
      },
      onRetry: (key, error) => terminal.stderr.write(`fleetban: ${key}: ${error.message}; trying again\n`),
      onError: (error) => terminal.stderr.write(`fleetban: ${problemOf(error)}\n`),
    });
    try {
      if (policy) await putObject(openStore(stack.deployment).lists, "policy/policy.json", policy);
      return job.serve
        ? await serve(stack, job, terminal, progress)
        : await runOnce(stack, job, terminal, progress);
    } finally {
      progress.done();
      await stack.stop();
    }
  },
};

interface Job {
  paths: string[];
  host: string | undefined;
  timeZone: string;
  policyFile: string | undefined;
  serve: boolean;
  format: Format;
  top: number;
  stack: {
    dataDir: string;
    host: string;
    s3Port: number;
    redrive: boolean;
    userNames?: UserNames;
    limits?: string;
  };
}

function jobOf({ operands, options, switches }: Given): Job {
  const { host, port = "0", top = "50", listen = "127.0.0.1", data = DEFAULT_DATA } = options;
  if (host !== undefined && !isHostName(host))
    throw new UsageError(`--host ${host}: letters, digits, dots and dashes make a host's name`);
  const serve = switches.has("serve");
  const s3Port = numberOf("--port", port, 0, 65_535);
  return {
    paths: operands,
    host,
    timeZone: zoneNameOf(options["time-zone"]),
    policyFile: options.policy,
    serve,
    format: formatOf(options.format),
    top: numberOf("--top", top, 1, 1e9),
    stack: {
      dataDir: data,
      host: serve ? listen : "127.0.0.1",
      s3Port: serve ? s3Port : 0,
      // a service that is started again and again must not try hopeless messages for ever
      redrive: !serve,
      ...userNamesOf(options["user-names"]),
      ...(options.limits !== undefined && { limits: checkedLimits(options.limits) }),
    },
  };
}

/** As given. @throws UsageError */
function checkedLimits(text: string): string {
  limitsOf(text);
  return text;
}

function userNamesOf(text: string | undefined): { userNames?: UserNames } {
  if (text === undefined) return {};
  if (text === "hashed" || text === "plain") return { userNames: text };
  throw new UsageError(`--user-names ${text}: there are hashed and plain`);
}

type LocalStack = Stack<PublishResult>;

async function runOnce(
  stack: LocalStack,
  job: Job,
  terminal: Terminal,
  progress: Progress,
): Promise<ExitCode> {
  const shipped = await shipAll(stack, job, terminal, progress);
  progress.show("counting");
  const { dead } = await stack.drain();
  const damaged = await damagedAmong(openStore(stack.deployment), shipped.keys);
  progress.show("deciding and publishing");
  const now = (await newestEvent(stack.deployment)) ?? Math.floor(Date.now() / 1000);
  const published = await stack.publishNow(now);
  const decisions = await createQuery(stack.deployment).decisions({ now });
  progress.done();
  for (const row of damaged) terminal.stderr.write(`fleetban: ${row.key}: ${row.state}: ${row.reason}\n`);
  if (dead > 0) {
    terminal.stderr.write(
      `fleetban: ${dead} messages could not be worked off; they are tried again at the next start\n`,
    );
  }
  printDecisions(terminal, job.format, job.top, decisions);
  const folder = await exportList(openStore(stack.deployment).lists, published.manifest, stack.folder.dir);
  printWhere(terminal, folder, published, now);
  const refused = warnOf(terminal, published) !== 0;
  return shipped.failed || dead > 0 || damaged.length > 0 || refused ? 1 : 0;
}

function printWhere({ stderr }: Terminal, folder: string, { manifest }: PublishResult, now: number): void {
  const { serial, networks } = manifest;
  const count = networks === 1 ? "1 network" : `${networks} networks`;
  stderr.write(`\nblocklist: ${count}, serial ${serial}, as of ${iso(now)}, in ${shortest(folder)}/\n`);
}

function shortest(path: string): string {
  const short = relative(process.cwd(), path);
  return short.startsWith("..") ? path : short;
}

async function serve(stack: LocalStack, job: Job, terminal: Terminal, progress: Progress): Promise<ExitCode> {
  if (job.paths.length > 0) await shipAll(stack, job, terminal, progress);
  progress.done();
  const { endpoints } = stack.deployment;
  terminal.stderr.write(
    `fleetban: serving on ${endpoints?.s3}, data in ${stack.folder.dir}; stop with Ctrl-C\n`,
  );
  const interrupted = new Promise<void>((done) => {
    process.once("SIGINT", done);
    process.once("SIGTERM", done);
  });
  await Promise.race([interrupted, stack.serve()]);
  return 0;
}

interface Shipped {
  /** By host. */
  keys: Map<string, string[]>;
  failed: boolean;
}

async function shipAll(
  stack: LocalStack,
  job: Job,
  terminal: Terminal,
  progress: Progress,
): Promise<Shipped> {
  const { logs } = openStore(stack.deployment);
  const { files, bad } = await logFiles(job.paths.length > 0 ? job.paths : await sampleFolders());
  const shipped: Shipped = { keys: new Map(), failed: bad.length > 0 };
  const complain = (path: string, problem: string) => {
    progress.done();
    terminal.stderr.write(`fleetban: ${path}: ${problem}\n`);
    shipped.failed = true;
  };
  for (const { path, problem } of bad) complain(path, problem);
  for (const [index, file] of files.entries()) {
    progress.show(`shipping ${index + 1} of ${files.length}: ${file.path} (${megabytes(file.size)})`);
    const host = hostOf(file, job);
    try {
      const key = await shipFile(logs, file, { host, timeZone: job.timeZone });
      shipped.keys.set(host, [...(shipped.keys.get(host) ?? []), key]);
    } catch (error) {
      complain(file.path, problemOf(error));
    }
  }
  return shipped;
}

/** The samples are a fleet: a folder a host. */
function hostOf(file: LogFile, job: Job): string {
  return job.host ?? (job.paths.length > 0 ? thisHost() : basename(dirname(file.path)));
}

function thisHost(): string {
  const name = hostname();
  return isHostName(name) ? name : "localhost";
}

/** In a checkout and where installed: beside the bundle's folder. */
async function sampleFolders(): Promise<string[]> {
  const samples = fileURLToPath(new URL("../samples", import.meta.url));
  const entries = await readdir(samples, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map((entry) => join(samples, entry.name));
}

/** Of the objects that were shipped, those that did not count wholly. */
async function damagedAmong({ table }: Store, keys: Shipped["keys"]): Promise<ObjectRow[]> {
  const damaged: ObjectRow[] = [];
  for (const [host, shipped] of keys) {
    for await (const row of objectRowsOf(table, host)) {
      const bad = row.state === "failed" || row.state === "partial" || row.state === "conflict";
      if (bad && shipped.includes(row.key)) damaged.push(row);
    }
  }
  return damaged;
}
