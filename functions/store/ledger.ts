import { createHash } from "node:crypto";
import { emptyStream, type Stream } from "../count/ledger.ts";
import type { Range } from "../count/ranges.ts";
import type { EpochSeconds } from "../parse/event.ts";
import { writeItems } from "./batch.ts";
import {
  getItem,
  type Item,
  putItem,
  putVersion,
  queryItems,
  raiseAttribute,
  shardOf,
  type Table,
} from "./table.ts";

/** How the ingest of an object ended. */
export type ObjectState = "counted" | "partial" | "failed" | "conflict" | "duplicate";

/** What became of one object of the logs bucket. */
export interface ObjectRow {
  host: string;
  key: string;
  etag: string;
  state: ObjectState;
  /** Undefined where the object has no complete line. */
  fingerprint: string | undefined;
  /** The object's bytes of the log. */
  range: Range | undefined;
  /** Bytes that were counted from this object, and no other. */
  counted: Range[];
  lines: number;
  events: number;
  /** Lines that look like a login of a known daemon but fit no shape. */
  unread: number;
  parser: string;
  /** Why the state is not `counted`. */
  reason: string | undefined;
  at: EpochSeconds;
  expires: EpochSeconds;
}

export async function getStream(table: Table, host: string, fingerprint: string): Promise<Stream> {
  const item = await getItem(table, { pk: `stream#${host}`, sk: fingerprint });
  return item === undefined ? emptyStream(host, fingerprint) : streamOf(item);
}

export async function* streamsOf(table: Table, host: string): AsyncGenerator<Stream> {
  for await (const item of queryItems(table, `stream#${host}`)) yield streamOf(item);
}

/** Stores the stream if it is still the one that was read. False: read it again. */
export async function putStream(table: Table, stream: Stream, before: Stream): Promise<boolean> {
  return await putVersion(
    table,
    { pk: `stream#${stream.host}`, sk: stream.fingerprint, ...stream },
    before.version,
  );
}

export async function putObjectRow(table: Table, row: ObjectRow): Promise<void> {
  await putItem(table, { ...objectKey(row), ...row });
}

export async function getObjectRow(table: Table, host: string, key: string, etag: string) {
  const item = await getItem(table, objectKey({ host, key, etag }));
  return item === undefined ? undefined : objectOf(item);
}

export async function* objectRowsOf(table: Table, host: string): AsyncGenerator<ObjectRow> {
  for await (const item of queryItems(table, `object#${host}`)) yield objectOf(item);
}

/** Days that have rows, oldest first. */
export async function daysOf(table: Table): Promise<string[]> {
  const found: string[] = [];
  for (let shard = 0; shard < REGISTRY_SHARDS; shard++) {
    for await (const { sk } of queryItems(table, `day#${shard}`)) found.push(sk);
  }
  return found.sort();
}

/** A host that has shipped: when it last did, and the time of the newest event from it. */
export interface HostRow {
  host: string;
  seen: EpochSeconds;
  newest: EpochSeconds | undefined;
}

/** Hosts that have shipped, by name; without those of which all has expired by `now`. */
export async function hostsOf(table: Table, now: EpochSeconds): Promise<HostRow[]> {
  const found: HostRow[] = [];
  for (let shard = 0; shard < REGISTRY_SHARDS; shard++) {
    for await (const { sk, seen, newest, expires } of queryItems(table, `host#${shard}`)) {
      if ((expires as EpochSeconds) <= now) continue;
      found.push({ host: sk, seen: seen as EpochSeconds, newest: newest as EpochSeconds | undefined });
    }
  }
  return found.sort((a, b) => (a.host < b.host ? -1 : 1));
}

/** Seconds in which a host that goes on shipping is noted once. */
const HOST_NOTED = 60;

/** Notes that a host has shipped; times only ever grow. */
export async function touchHost(
  table: Table,
  { host, seen, newest }: HostRow,
  expires: EpochSeconds,
): Promise<void> {
  const key = registryKey("host", host);
  const known = (await getItem(table, key)) as (Item & Partial<HostRow>) | undefined;
  if (known?.seen === undefined || seen - known.seen >= HOST_NOTED) {
    await raiseAttribute(table, key, "seen", seen);
    await raiseAttribute(table, key, "expires", expires);
  }
  const isNewer = newest !== undefined && (known?.newest ?? 0) < newest;
  if (isNewer) await raiseAttribute(table, key, "newest", newest);
}

/** Marks days as changed: each gets a new token. */
export async function touchDays(
  table: Table,
  days: Iterable<string>,
  token: string,
  retentionDays: number,
): Promise<void> {
  const items = Iterator.from(days).map((day) => {
    const expires = Date.parse(day) / 1000 + (retentionDays + 2) * SECONDS_PER_DAY;
    return { ...registryKey("day", day), token, expires };
  });
  await writeItems(table, items);
}

const SECONDS_PER_DAY = 86_400;

/** Spreads writes; few enough to read all at each publish. */
const REGISTRY_SHARDS = 4;

function registryKey(kind: "day" | "host", name: string) {
  return { pk: `${kind}#${shardOf(name, REGISTRY_SHARDS)}`, sk: name };
}

function objectKey({ host, key, etag }: Pick<ObjectRow, "host" | "key" | "etag">) {
  return { pk: `object#${host}`, sk: `${shortKey(key)}#${etag}` };
}

/** A sort key takes 1,024 bytes, which a key in S3 may have alone: the end of a long one is hashed. */
function shortKey(key: string): string {
  const bytes = Buffer.from(key);
  if (bytes.length <= LONGEST_KEY) return key;
  const hash = createHash("sha256").update(bytes).digest("hex");
  return `${bytes
    .subarray(0, LONGEST_KEY - 100)
    .toString("latin1")
    .replace(/[^ -~]/g, "?")}~${hash}`;
}

const LONGEST_KEY = 900;

function streamOf({ pk: _pk, sk: _sk, ...stream }: Item): Stream {
  return stream as unknown as Stream;
}

function objectOf({ pk: _pk, sk: _sk, ...row }: Item): ObjectRow {
  return { fingerprint: undefined, range: undefined, reason: undefined, ...row } as unknown as ObjectRow;
}
