import type { LogReading } from "../functions/count/read-parts.ts";
import { createScan, type Scan, type ScannedLog } from "../functions/count/scan.ts";
import type { Policy } from "../functions/decide/policy.ts";
import { trustedProxyTest } from "../functions/decide/proxies.ts";
import type { Address, EpochSeconds, LoginEvent } from "../functions/parse/event.ts";
import type { Zone } from "../functions/parse/time.ts";
import type { Limits } from "../functions/read/limits.ts";
import { CommandError, type Terminal } from "./command.ts";
import { eventPrinter } from "./events.ts";
import { bytesOf, type LogFile, logFiles, problemOf } from "./files.ts";
import { megabytes, type Progress, progressOn } from "./progress.ts";

export interface LogsToRead {
  /** Files, folders, and `-` for standard input. */
  paths: string[];
  /** Later events are left out. */
  at: EpochSeconds | undefined;
  policy: Policy;
  /** Zone of times that name none. */
  zone: Zone;
  limits: Partial<Limits>;
  /** Whether each event is printed as it is read. */
  events: boolean;
}

/** What was read of all logs that a call names. */
export interface ReadAll {
  counted: Scan;
  newest: EpochSeconds | undefined;
  /** The hosts' own addresses, as far as the logs name them. */
  own: Set<Address>;
  /** What unread lines begin with, and how many there were. */
  unread: Map<string, number>;
  /** Something named could not be read, or not wholly. */
  failed: boolean;
}

/** Reads all logs, counts each byte once, and says on stderr what could not be read. */
export async function readAll(job: LogsToRead, terminal: Terminal): Promise<ReadAll> {
  const progress = progressOn(terminal);
  const { files, bad } = await logFiles(job.paths.filter((path) => path !== "-"));
  const count = files.length + (job.paths.includes("-") ? 1 : 0);
  const atOnce = job.events ? 1 : Math.min(count, AT_ONCE);
  const all: ReadAll = {
    counted: createScan({ atOnce }),
    newest: undefined,
    own: new Set(),
    unread: new Map(),
    failed: false,
  };
  const complain = (path: string, problem: string) => {
    progress.done();
    terminal.stderr.write(`fleetban: ${path}: ${problem}\n`);
    all.failed = true;
  };
  for (const { path, problem } of bad) complain(path, problem);
  const events = job.events ? eventPrinter(terminal) : undefined;
  const read = async (log: ScannedLog): Promise<Outcome> => {
    const onEvent = events && ((event: LoginEvent, line: number) => events.print(log.name, line, event));
    try {
      return { name: log.name, reading: await all.counted.read({ ...log, onEvent }) };
    } catch (error) {
      return { name: log.name, problem: problemOf(error) };
    }
  };
  const logs = logsToRead(job, files, terminal, progress);
  for await (const { name, problem, reading } of inOrder(logs, atOnce, read)) {
    if (problem !== undefined) complain(name, problem);
    if (reading === undefined) continue;
    if (reading.damage !== undefined) complain(name, reading.damage);
    for (const ip of reading.own) all.own.add(ip);
    for (const [kind, count] of reading.unreadKinds)
      all.unread.set(kind, (all.unread.get(kind) ?? 0) + count);
    if (reading.newest !== undefined) all.newest = Math.max(all.newest ?? 0, reading.newest);
  }
  events?.end();
  progress.done();
  return all;
}

/** Unpacking one log leaves part of two cores idle. */
const AT_ONCE = 2;

/** What came of a log. */
interface Outcome {
  name: string;
  reading?: LogReading;
  /** Why it could not be read. */
  problem?: string;
}

/** What a job makes of each item, in order, with so many of them begun. */
async function* inOrder<Item, Result>(
  items: Iterable<Item>,
  atOnce: number,
  job: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const begun: Promise<Result>[] = [];
  for (const item of items) {
    begun.push(job(item));
    if (begun.length === atOnce) yield begun.shift()!;
  }
  yield* begun;
}

function* logsToRead(
  job: LogsToRead,
  files: LogFile[],
  terminal: Terminal,
  progress: Progress,
): Generator<ScannedLog> {
  let bytes = 0;
  const whole = files.reduce((sum, file) => sum + file.size, 0);
  const common = { until: job.at, limits: job.limits };
  const { zone } = job;
  const isTrustedProxy = trustedProxyTest(job.policy);
  if (job.paths.includes("-")) {
    const context = { logTime: Math.floor(Date.now() / 1000), zone, isTrustedProxy };
    // it is made when it is asked for
    yield { ...common, name: "standard input", open: once(terminal.stdin), context };
  }
  for (const file of files) {
    const { path, mtime } = file;
    const told = (read: number) => {
      bytes += read;
      progress.show(`reading ${path}: ${megabytes(bytes)} of ${megabytes(whole)}`);
    };
    yield {
      ...common,
      name: path,
      open: () => bytesOf(path, told),
      context: { logTime: mtime, zone, isTrustedProxy },
    };
  }
}

function once(stream: NodeJS.ReadableStream): () => AsyncIterable<Uint8Array> {
  let opened = false;
  return () => {
    if (opened) throw new CommandError("begins like a log that was read before: give it as a file");
    opened = true;
    return chunksOf(stream as AsyncIterable<Buffer>);
  };
}

/** Frees each chunk when the next is asked for: the collector would wait until tens of MB have gathered. */
async function* chunksOf(stream: AsyncIterable<Buffer>): AsyncGenerator<Uint8Array> {
  for await (const chunk of stream) {
    yield chunk;
    const { buffer } = chunk;
    if (buffer instanceof ArrayBuffer && buffer.byteLength === chunk.length) buffer.transfer(0);
  }
}
