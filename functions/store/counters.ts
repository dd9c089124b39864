import type { Cell, CounterRow } from "../count/counter.ts";
import type { Address, EpochSeconds } from "../parse/event.ts";
import { type Many, writeItems } from "./batch.ts";
import { type Item, type Key, queryItems, shardOf, type Table } from "./table.ts";

/** Partitions a day's rows are spread over, by address. */
export const SHARDS = 16;

/** Puts rows. Repeating it changes nothing. */
export async function putRows(table: Table, rows: Many<CounterRow>): Promise<void> {
  await writeItems(table, itemsOf(rows));
}

/** What tells one row from all others. */
export type RowName = Pick<CounterRow, "day" | "ip" | "host" | "fingerprint" | "start">;

/** Deletes rows, those that are not there as well. */
export async function deleteRows(table: Table, names: Many<RowName>): Promise<void> {
  await writeItems(table, [], keysOf(names));
}

function keyOfRow(row: RowName): Key {
  return {
    pk: partition(row.day, shardOf(row.ip, SHARDS)),
    sk: `${row.ip}#${row.host}#${row.fingerprint}#${row.start}`,
  };
}

/** One address's rows of the given days that have not expired. */
export async function rowsOfAddress(table: Table, ip: Address, days: string[], now: EpochSeconds) {
  const rows: CounterRow[] = [];
  for (const day of days) await collect(table, partition(day, shardOf(ip, SHARDS)), `${ip}#`, now, rows);
  return rows;
}

/** The rows of the given days that have not expired, by address; one shard after the other, so memory is bounded. */
export async function* rowsByAddress(
  table: Table,
  days: string[],
  now: EpochSeconds,
): AsyncGenerator<[Address, CounterRow[]]> {
  for (let shard = 0; shard < SHARDS; shard++) {
    const rows: CounterRow[] = [];
    for (const day of days) await collect(table, partition(day, shard), "", now, rows);
    yield* Map.groupBy(rows, (row) => row.ip);
  }
}

async function collect(table: Table, pk: string, prefix: string, now: EpochSeconds, into: CounterRow[]) {
  for await (const item of queryItems(table, pk, prefix)) {
    const { pk: _pk, sk: _sk, ...row } = item;
    // DynamoDB deletes expired items within days, not at once: until then they are ignored here
    if ((row.expires as EpochSeconds) > now) into.push(rowOf(row));
  }
}

async function* keysOf(names: Many<RowName>): AsyncGenerator<Key> {
  for await (const name of names) yield keyOfRow(name);
}

async function* itemsOf(rows: Many<CounterRow>): AsyncGenerator<Item> {
  for await (const row of rows)
    yield { ...keyOfRow(row), ...row, cells: row.cells.map((cell) => CELL_FIELDS.map((name) => cell[name])) };
}

/** What a cell holds, in the order in which rows hold it. */
export const CELL_FIELDS = [
  "hour",
  "daemon",
  "service",
  "evidence",
  "logName",
  "attempts",
  "events",
  "probes",
  "successes",
] as const satisfies readonly (keyof Cell)[];

function rowOf(item: Record<string, unknown>): CounterRow {
  const cells = (item.cells as unknown[][]).map((values) =>
    Object.fromEntries(CELL_FIELDS.map((name, index) => [name, values[index]])),
  );
  return { firstSuccess: undefined, ...item, cells } as unknown as CounterRow;
}

function partition(day: string, shard: number): string {
  return `${day}#${shard.toString(16).padStart(2, "0")}`;
}
