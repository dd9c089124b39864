import { createHash } from "node:crypto";
import type { Address, EpochSeconds } from "../parse/event.ts";
import { PARSER_VERSION } from "../parse/version.ts";
import { CELL_FIELDS, rowsByAddress } from "../store/counters.ts";
import { daysOf, hostsOf } from "../store/ledger.ts";
import { getObject } from "../store/objects.ts";
import type { PartRow } from "../store/parts.ts";
import type { Store } from "../store/store.ts";
import type { CounterRow } from "./counter.ts";
import { getOrMake } from "./get-or-make.ts";
import { parseLogKey } from "./keys.ts";
import { openLog, type ReadContext } from "./open-log.ts";
import { rowsOf } from "./tally-rows.ts";
import { createDifferences, type Difference, type Summed } from "./verify-differences.ts";
import { isStable, nameOf, partsNow } from "./verify-parts.ts";

export interface VerifyContext extends ReadContext {
  store: Store;
  retentionDays: number;
  nameUser: (user: string) => string;
  now: EpochSeconds;
  /** Told of each object that has been read again. */
  onObject: (key: string) => void;
}

export interface Verified {
  /** Objects read, rows compared. */
  objects: number;
  rows: number;
  differences: Difference[];
  /** Objects that cannot be read again: what was counted from them is taken as it is. */
  unreadable: { key: string; reason: string }[];
  /** Parts that are being counted now, or that a function has left behind. */
  skipped: number;
}

/**
 * Counts the stored objects again, of one host or of all, and compares the counters with that, row by row. Nothing is
 * written. Needs about 200 bytes of memory a row. May run beside ingest: what changes meanwhile is skipped.
 */
export async function verify(host: string | undefined, context: VerifyContext): Promise<Verified> {
  const { now } = context;
  const { table } = context.store;
  const hosts = host === undefined ? (await hostsOf(table, now)).map((row) => row.host) : [host];
  const before = await partsNow(table, hosts);
  const found = await foundRows(new Set(hosts), context);
  const after = await partsNow(table, hosts);
  const stable = [...before.values()].filter((known) => isStable(known, after));
  const result: Verified = { objects: 0, rows: 0, differences: [], unreadable: [], skipped: 0 };
  result.skipped = new Set([...before.keys(), ...after.keys()]).size - stable.length;
  const differences = createDifferences();
  const byObject = Map.groupBy(stable, ({ part }) => `${nameOf(part).stream} ${part.object}`);
  for (const known of byObject.values()) {
    await compareObject(
      known.map(({ part }) => part),
      found,
      differences.add,
      result,
      context,
    );
  }
  for (const [part, rows] of found) {
    // rows of parts that are being counted belong to nobody yet
    if (before.has(part) || after.has(part)) continue;
    for (const [id, row] of rows) differences.add(rowOf(id, part), undefined, row);
  }
  return { ...result, differences: differences.all() };
}

/** Rows by name of their part, then by day and address. */
type FoundRows = Map<string, Map<string, Summed>>;

async function foundRows(hosts: ReadonlySet<string>, { store, now }: VerifyContext): Promise<FoundRows> {
  const found: FoundRows = new Map();
  for await (const [, rows] of rowsByAddress(store.table, await daysOf(store.table), now)) {
    for (const row of rows) {
      if (!hosts.has(row.host)) continue;
      getOrMake(found, nameOf(row).part, () => new Map<string, Summed>()).set(idOf(row), summed(row));
    }
  }
  return found;
}

/** Compares the rows of parts that came from one object. */
async function compareObject(
  parts: PartRow[],
  found: FoundRows,
  add: ReturnType<typeof createDifferences>["add"],
  result: Verified,
  context: VerifyContext,
): Promise<void> {
  const key = parts[0]!.object;
  const unseen = new Map(parts.map((part) => [nameOf(part).part, found.get(nameOf(part).part) ?? new Map()]));
  try {
    for await (const row of recounted(parts, context)) {
      const rows = unseen.get(nameOf(row).part)!;
      const [expected, there] = [summed(row), rows.get(idOf(row))];
      if (there?.digest !== expected.digest) add(row, expected, there);
      rows.delete(idOf(row));
      result.rows++;
    }
    for (const [part, rows] of unseen) for (const [id, row] of rows) add(rowOf(id, part), undefined, row);
    result.objects++;
    context.onObject(key);
  } catch (error) {
    result.unreadable.push({ key, reason: (error as Error).message });
  }
}

/** What the parts of one object count, read again. */
async function* recounted(parts: PartRow[], context: VerifyContext): AsyncGenerator<CounterRow> {
  const { host, fingerprint, object: key } = parts[0]!;
  const { store, retentionDays, nameUser, now } = context;
  const object = await getObject(store.logs, key);
  if (object === undefined) throw new Error("the object is gone");
  try {
    const log = await openLog(key, parseLogKey(key)!, object, context);
    const wanted = parts.map(({ start, end, generation }) => ({ start, end, generation, replaces: [] }));
    const boundaries = parts.map(({ end, lastLine }) => ({ at: end, lastLine }));
    const reading = await log.read({ parts: wanted, boundaries }, parts[0]!.logName);
    if (reading.conflict !== undefined) throw new Error(reading.conflict);
    for (const { tally, start, end } of reading.parts) {
      const row = { host, fingerprint, start, end, parser: PARSER_VERSION, retentionDays, nameUser };
      for (const counted of rowsOf(tally, row)) if (counted.expires > now) yield counted;
    }
  } finally {
    object.body.destroy();
  }
}

/** Within a part. */
function idOf({ day, ip }: CounterRow): string {
  return `${day} ${ip}`;
}

function rowOf(id: string, part: string): { day: string; ip: Address; host: string } {
  const [day, ip] = id.split(" ") as [string, string];
  return { day, ip, host: part.slice(0, part.indexOf(" ")) };
}

/** The version of the parser and the end of the retention are no counts. */
function summed({ parser: _parser, expires: _expires, ...row }: CounterRow): Summed {
  const inOrder = (users: Record<string, number>) => Object.entries(users).sort();
  const cells = row.cells.map((cell) => JSON.stringify(CELL_FIELDS.map((name) => cell[name]))).sort();
  const { end, userCount, first, last, firstSuccess = 0 } = row;
  const all = [
    end,
    cells,
    inOrder(row.users),
    userCount,
    inOrder(row.successUsers),
    first,
    last,
    firstSuccess,
  ];
  const attempts = row.cells.reduce((sum, cell) => sum + cell.attempts, 0);
  return { attempts, digest: createHash("sha256").update(JSON.stringify(all)).digest("base64").slice(0, 16) };
}
