import type { EpochSeconds } from "../parse/event.ts";
import { createLineParser } from "../parse/line.ts";
import { parseZone, UnknownZone } from "../parse/time.ts";
import { PARSER_VERSION } from "../parse/version.ts";
import { NotALog } from "../read/errors.ts";
import { peek } from "../read/peek.ts";
import { getObjectRow, getStream, type ObjectRow, type ObjectState, putObjectRow } from "../store/ledger.ts";
import { getObject, type StoredObject } from "../store/objects.ts";
import type { Store } from "../store/store.ts";
import { type CommitContext, commit } from "./commit.ts";
import { type LogKey, parseLogKey } from "./keys.ts";
import { planParts, type Stream } from "./ledger.ts";
import { logNameOf } from "./log-name.ts";
import { type LogReading, readParts } from "./read-parts.ts";

/** What ingest needs besides the object. */
export interface IngestContext extends CommitContext {
  store: Store;
}

/** The bytes are being counted by another function, or coverage went on changing: the message comes again. */
export class StreamBusyError extends Error {
  override name = "StreamBusyError";
}

/** The key belongs to no host: nobody with a host's rights can have written it. */
export class ForeignKeyError extends Error {
  override name = "ForeignKeyError";
}

/**
 * Counts one object of the logs bucket, exactly once: read the ledger, read the object and tally what nobody has
 * counted, claim exactly that, put its rows, mark it counted. May be repeated, interrupted and run beside others.
 * @throws StreamBusyError and whatever S3 and DynamoDB fail with: then nothing is lost, and it must be called again
 */
export async function ingestObject(key: string, context: IngestContext): Promise<ObjectRow> {
  const parsed = parseLogKey(key);
  if (parsed === undefined)
    throw new ForeignKeyError(`${key} belongs to no host: objects are named <host>/<name>`);
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const row = await attempt(key, parsed, context);
    if (row !== undefined) return row;
  }
  throw new StreamBusyError(`${key}: others kept changing what is counted of this log`);
}

/** Each try reads the object anew; coverage changes only when another object of the same log is counted. */
const MOST_TRIES = 3;

/** Undefined: what was counted of the stream changed meanwhile. */
async function attempt(key: string, parsed: LogKey, context: IngestContext): Promise<ObjectRow | undefined> {
  const object = await getObject(context.store.logs, key);
  if (object === undefined)
    return rowOf(key, parsed, "", context, { state: "failed", reason: "the object is gone" });
  try {
    const known = await getObjectRow(context.store.table, parsed.host, key, object.etag);
    if (known?.state === "counted" || known?.state === "duplicate") return known;
    const row = await countObject(key, parsed, object, context);
    if (row !== undefined) await putObjectRow(context.store.table, row);
    return row;
  } catch (error) {
    if (!(error instanceof NotALog || error instanceof UnknownZone)) throw error;
    const row = rowOf(key, parsed, object.etag, context, { state: "failed", reason: error.message });
    await putObjectRow(context.store.table, row);
    return row;
  } finally {
    object.body.destroy();
  }
}

async function countObject(key: string, parsed: LogKey, object: StoredObject, context: IngestContext) {
  const { fingerprint, source } = await peek(object.body, key);
  const row = (facts: Partial<ObjectRow> & { state: ObjectState }) =>
    rowOf(key, parsed, object.etag, context, facts);
  const name = parsed.segment?.fingerprint ?? fingerprint;
  if (name === undefined) return row({ state: "counted", reason: "no line is complete yet" });
  const begins = parsed.segment?.start ?? 0;
  if (begins === 0 && name !== fingerprint) {
    return row({
      state: "failed",
      reason: `its first line has fingerprint ${fingerprint}, its key says ${name}`,
    });
  }
  const stream = await getStream(context.store.table, parsed.host, name);
  const plan = planParts(
    stream,
    { start: begins, end: parsed.segment?.end ?? Infinity },
    false,
    context.isDead,
  );
  if ("busy" in plan) throw new StreamBusyError(`${key}: ${plan.busy}`);
  const reading = await readParts(
    {
      source,
      name: key,
      logName: logNameOf(object.metadata["log-name"] ?? parsed.logName),
      start: begins,
      ...plan,
      tail: object.metadata["log-end"] === "1",
    },
    createLineParser(parserContext(object)),
  );
  return await settle(key, reading, stream, parsed, row, context);
}

/** From what was read to what the ledger says. Undefined: it says something else by now. */
async function settle(
  key: string,
  reading: LogReading,
  stream: Stream,
  parsed: LogKey,
  row: (facts: Partial<ObjectRow> & { state: ObjectState }) => ObjectRow,
  context: IngestContext,
): Promise<ObjectRow | undefined> {
  const { range, lines, events, unread } = reading;
  const facts = { fingerprint: stream.fingerprint, range, lines, events, unread };
  const wrong = reading.conflict ?? lengthProblem(reading, parsed);
  if (wrong !== undefined) return row({ ...facts, state: "conflict", reason: wrong });
  const done = await commit(stream, reading, key, context);
  if (done === "changed") return undefined;
  if (done === "busy") throw new StreamBusyError("another function has begun to count the same bytes");
  const counted = reading.parts.map(({ start, end }) => ({ start, end }));
  if (reading.damage !== undefined)
    return row({ ...facts, state: "partial", reason: reading.damage, counted });
  return row({ ...facts, state: counted.length === 0 ? "duplicate" : "counted", counted });
}

function lengthProblem({ range, damage }: LogReading, { segment }: LogKey): string | undefined {
  if (segment === undefined || damage !== undefined || range.end === segment.end) return undefined;
  return `it holds bytes ${range.start} to ${range.end} of its log, its key says ${segment.start} to ${segment.end}`;
}

function rowOf(
  key: string,
  { host }: LogKey,
  etag: string,
  context: IngestContext,
  facts: Partial<ObjectRow> & { state: ObjectState },
): ObjectRow {
  return {
    ...{
      host,
      key,
      etag,
      fingerprint: undefined,
      range: undefined,
      counted: [],
      lines: 0,
      events: 0,
      unread: 0,
    },
    ...{ parser: PARSER_VERSION, reason: undefined, at: context.now() },
    ...facts,
  };
}

/** Metadata `log-mtime` is the log's own time; without it the object's. */
function parserContext({ metadata, modified }: StoredObject): Parameters<typeof createLineParser>[0] {
  const mtime: EpochSeconds = /^\d{1,11}$/.test(metadata["log-mtime"] ?? "")
    ? Number(metadata["log-mtime"])
    : modified;
  return { logTime: mtime, zone: parseZone(metadata["time-zone"] ?? metadata["utc-offset"] ?? "UTC") };
}
