import { UnknownZone } from "../parse/time.ts";
import { PARSER_VERSION } from "../parse/version.ts";
import { NotALog } from "../read/errors.ts";
import { getObjectRow, type ObjectRow, type ObjectState, putObjectRow } from "../store/ledger.ts";
import { getObject, type StoredObject } from "../store/objects.ts";
import { partsOf } from "../store/parts.ts";
import { type CommitContext, commit } from "./commit.ts";
import type { ByteOffset } from "./counter.ts";
import { type LogKey, parseLogKey } from "./keys.ts";
import type { Stream, StreamName } from "./ledger.ts";
import { type OpenLog, openLog } from "./open-log.ts";
import { planParts, StreamBusyError } from "./plan.ts";
import type { Range } from "./ranges.ts";
import type { LogReading } from "./read-parts.ts";
import { lookAt } from "./release.ts";

/** The key belongs to no host: nobody with a host's rights can have written it. */
export class ForeignKeyError extends Error {
  override name = "ForeignKeyError";
}

/**
 * Counts one object of the logs bucket, exactly once: read the ledger, read the object and tally what nobody has
 * counted, claim exactly that, put its rows, mark it counted. May be repeated, interrupted and run beside others.
 * @throws StreamBusyError and whatever S3 and DynamoDB fail with: then nothing is lost, and it must be called again
 */
export async function ingestObject(key: string, context: CommitContext): Promise<ObjectRow> {
  const parsed = parseLogKey(key);
  if (parsed === undefined)
    throw new ForeignKeyError(`${key} belongs to no host: objects are named <host>/<name>`);
  let learned: Learned | undefined;
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const found = await attempt(key, parsed, learned, context);
    if ("state" in found) return found;
    learned = found;
  }
  throw new StreamBusyError(`${key}: others kept changing what is counted of this log`);
}

/** Each try reads the object anew; coverage changes only when another object of the same log is counted. */
const MOST_TRIES = 4;

/** What is known of an object once it has been read: where it ends, and whether before its time. */
interface Learned {
  end: ByteOffset;
  damaged: boolean;
}

async function attempt(
  key: string,
  parsed: LogKey,
  learned: Learned | undefined,
  context: CommitContext,
): Promise<ObjectRow | Learned> {
  const object = await getObject(context.store.logs, key);
  const rowWith = (facts: Facts) => rowOf(key, parsed, object?.etag ?? "", context, facts);
  if (object === undefined) return rowWith({ state: "failed", reason: "the object is gone" });
  try {
    const known = await getObjectRow(context.store.table, parsed.host, key, object.etag);
    if (known?.state === "counted" || known?.state === "duplicate") return known;
    const found = await countObject(key, parsed, object, learned, context);
    if ("end" in found) return found;
    const row = rowWith(found);
    await putObjectRow(context.store.table, row);
    return row;
  } finally {
    object.body.destroy();
  }
}

type Facts = Partial<ObjectRow> & { state: ObjectState };

async function countObject(
  key: string,
  parsed: LogKey,
  object: StoredObject,
  learned: Learned | undefined,
  context: CommitContext,
): Promise<Facts | Learned> {
  try {
    const log = await openLog(key, parsed, object, context);
    const { fingerprint } = log;
    if (log.wrong !== undefined) return { state: "failed", reason: log.wrong };
    if (fingerprint === undefined) return { state: "counted", reason: "no line is complete yet" };
    return await countLog(key, { host: parsed.host, fingerprint }, log, learned, context);
  } catch (error) {
    if (!(error instanceof NotALog || error instanceof UnknownZone)) throw error;
    return { state: "failed", reason: error.message };
  }
}

async function countLog(
  key: string,
  of: StreamName,
  log: OpenLog,
  learned: Learned | undefined,
  context: CommitContext,
): Promise<Facts | Learned> {
  const planFor = (range: Range, damaged: boolean) => (stream: Stream) =>
    planParts(stream, range, damaged, context.isDead);
  const end = learned?.end ?? log.range.end;
  const first = planFor({ ...log.range, end }, learned?.damaged ?? false);
  const { stream, plan } = await lookAt(of, first, context);
  if (stream.ranges.length > MOST_RANGES) return { state: "failed", reason: TOO_MANY_RANGES };
  const reading = await log.read(plan, stream.logName ?? log.logName);
  const damaged = reading.damage !== undefined;
  const facts = factsOf(of, reading);
  const wrong = reading.conflict ?? lengthProblem(reading, log.range);
  if (wrong !== undefined) return { ...facts, state: "conflict", reason: wrong };
  if (!(await commit(of, reading, key, planFor(reading.range, damaged), context)))
    return { end: reading.range.end, damaged };
  if (reading.parts.length === 0) return { ...facts, ...(await countedBefore(of, key, damaged, context)) };
  return { ...facts, state: damaged ? "partial" : "counted" };
}

/** A stream's row has 400 KB; so many pieces take half of that. */
const MOST_RANGES = 3000;
const TOO_MANY_RANGES = `its log is counted in ${MOST_RANGES} pieces that do not touch: ship what lies between`;

function factsOf({ fingerprint }: StreamName, reading: LogReading): Partial<ObjectRow> {
  const { range, lines, events, unread, damage, parts } = reading;
  const counted = parts.map(({ start, end }) => ({ start, end }));
  return { fingerprint, range, lines, events, unread, reason: damage, counted };
}

/** All was counted: from this object, if the function died before it could say so, or from others. */
async function countedBefore(
  of: StreamName,
  key: string,
  damaged: boolean,
  { store }: CommitContext,
): Promise<Facts> {
  const own = (await partsOf(store.table, of)).filter((part) => part.object === key);
  if (own.length === 0) return { state: damaged ? "partial" : "duplicate" };
  return {
    state: damaged ? "partial" : "counted",
    counted: own.map(({ start, end }) => ({ start, end })),
    events: own.reduce((sum, part) => sum + part.events, 0),
    unread: Math.max(...own.map((part) => part.unread)),
  };
}

function lengthProblem({ range, damage }: LogReading, { end }: Range): string | undefined {
  if (end === Number.POSITIVE_INFINITY || damage !== undefined || range.end === end) return undefined;
  return `it holds bytes ${range.start} to ${range.end} of its log, its key says ${range.start} to ${end}`;
}

function rowOf(
  key: string,
  { host }: LogKey,
  etag: string,
  { now, retentionDays }: CommitContext,
  facts: Facts,
): ObjectRow {
  return {
    ...{ host, key, etag, fingerprint: undefined, range: undefined, counted: [], lines: 0, events: 0 },
    ...{ unread: 0, parser: PARSER_VERSION, reason: undefined, at: now() },
    // as long as S3 may keep the object
    expires: now() + (retentionDays + GRACE_DAYS) * 86_400,
    ...facts,
  };
}

const GRACE_DAYS = 4;
