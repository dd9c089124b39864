import { setTimeout as sleep } from "node:timers/promises";
import { PARSER_VERSION } from "../parse/version.ts";
import { getObjectRow, putObjectRow, streamsOf } from "../store/ledger.ts";
import { getObject, listObjects, type StoredObject } from "../store/objects.ts";
import { type PartRow, partsOf } from "../store/parts.ts";
import { type CommitContext, commit } from "./commit.ts";
import { parseLogKey } from "./keys.ts";
import type { Stream, StreamName } from "./ledger.ts";
import { ingestObject } from "./object.ts";
import { openLog } from "./open-log.ts";
import { planRecount, StreamBusyError } from "./plan.ts";
import { same } from "./ranges.ts";
import type { LogReading } from "./read-parts.ts";
import { lookAt } from "./release.ts";

export interface ReplayContext extends CommitContext {
  /** Also what this version of the parser has counted. */
  all: boolean;
  /** Told of each object that has been dealt with. */
  onObject: (key: string) => void;
  /** Told of each object that somebody else is counting: it is waited for. */
  onWait: (key: string, reason: string) => void;
}

export interface Replayed {
  /** Objects that had not been counted before. */
  counted: number;
  /** Objects whose bytes were counted again. */
  recounted: number;
  problems: { key: string; reason: string }[];
}

/**
 * Counts the stored objects whose key begins with `prefix` again, so that counters are as if this parser had always
 * been there: first objects that could not be counted before, then every part that another version counted, each with
 * exactly its range, from the object that it came from. Safe beside ingest and other replays; killed, it goes on from
 * there when run again. @throws what S3 and DynamoDB fail with
 */
export async function replay(prefix: string, context: ReplayContext): Promise<Replayed> {
  const result: Replayed = { counted: 0, recounted: 0, problems: [] };
  const hosts = new Set<string>();
  for await (const { key, etag } of listObjects(context.store.logs, prefix)) {
    const host = parseLogKey(key)?.host;
    if (host === undefined) continue;
    hosts.add(host);
    const known = await getObjectRow(context.store.table, host, key, etag);
    if (known?.state === "counted" || known?.state === "duplicate") continue;
    await noting(key, result, async () => {
      const { state } = await patiently(key, context, () => ingestObject(key, context));
      if (state === "counted") result.counted++;
    });
    context.onObject(key);
  }
  for (const host of hosts) {
    for await (const stream of streamsOf(context.store.table, host)) {
      await replayStream(stream, prefix, context, result);
    }
  }
  return result;
}

async function replayStream(stream: Stream, prefix: string, context: ReplayContext, result: Replayed) {
  const parts = await partsOf(context.store.table, stream);
  const isBegun = (part: PartRow) => stream.claims.some((claim) => claim.recount && same(claim, part));
  const wanted = parts.filter(
    (part) =>
      part.object.startsWith(prefix) && (context.all || part.parser !== PARSER_VERSION || isBegun(part)),
  );
  for (const [key, own] of Map.groupBy(wanted, (part) => part.object)) {
    await noting(key, result, async () => {
      await patiently(key, context, () => recountObject(key, stream, own, context));
      result.recounted++;
    });
    context.onObject(key);
  }
}

/** An object that cannot be counted again; what was counted of it stays. */
export class ReplayError extends Error {
  override name = "ReplayError";
}

const MOST_TRIES = 5;

async function recountObject(
  key: string,
  of: StreamName,
  wanted: readonly PartRow[],
  context: ReplayContext,
): Promise<void> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const object = await getObject(context.store.logs, key);
    if (object === undefined) throw new ReplayError("the object is gone");
    try {
      if (await recount(key, object, of, wanted, context)) return;
    } finally {
      object.body.destroy();
    }
  }
  throw new StreamBusyError("others kept changing what is counted of this log");
}

async function recount(
  key: string,
  object: StoredObject,
  of: StreamName,
  wanted: readonly PartRow[],
  context: ReplayContext,
): Promise<boolean> {
  const log = await openLog(key, parseLogKey(key)!, object, context);
  // parts that somebody else has counted again meanwhile are of another generation
  const isWanted = (part: PartRow) =>
    wanted.some((one) => same(one, part) && one.generation === part.generation);
  const replan = async (stream: Stream) => {
    const parts = await partsOf(context.store.table, of);
    return planRecount(stream, parts.filter(isWanted), context.isDead);
  };
  const { stream, plan } = await lookAt(of, replan, context);
  const reading = await log.read(plan, stream.logName ?? log.logName);
  if (reading.conflict !== undefined) throw new ReplayError(reading.conflict);
  const isShort = plan.parts.some((part) => part.end > reading.range.end);
  if (isShort) throw new ReplayError(reading.damage ?? "it is shorter than what was counted of it");
  if (!(await commit(of, reading, key, replan, context))) return false;
  await noteObject(key, object.etag, of, reading, context);
  return true;
}

/** What is known of the object itself: by now as this parser reads it. */
async function noteObject(
  key: string,
  etag: string,
  of: StreamName,
  reading: LogReading,
  { store }: ReplayContext,
) {
  const known = await getObjectRow(store.table, of.host, key, etag);
  if (known === undefined) return;
  const own = (await partsOf(store.table, of)).filter((part) => part.object === key);
  const events = own.reduce((sum, part) => sum + part.events, 0);
  await putObjectRow(store.table, { ...known, events, unread: reading.unread, parser: PARSER_VERSION });
}

/** An object's own problem ends its replay, not that of the others. */
async function noting(key: string, { problems }: Replayed, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    problems.push({ key, reason: (error as Error).message });
  }
}

/** Longer than any claim of a function lasts. */
const MOST_WAITS = 300;
const WAIT_MS = 4000;

/** Waits for whoever is at the same bytes, until his claim's lease has ended. */
async function patiently<T>(key: string, context: ReplayContext, work: () => Promise<T>): Promise<T> {
  for (let waits = 0; ; waits++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof StreamBusyError) || waits === MOST_WAITS) throw error;
      context.onWait(key, error.message);
      await sleep(WAIT_MS);
    }
  }
}
