import type { Address } from "../parse/event.ts";
import type { ByteOffset, Cell, CounterRow } from "./counter.ts";
import { getOrMake } from "./get-or-make.ts";
import { findRow, type NumberTable, secondKey, value } from "./number-table.ts";
import { CELL, DAEMONS, DAY, EVIDENCES, KINDS, SECONDS_PER_DAY, SERVICES, type Tally, TRY } from "./tally.ts";

/** Users written to a row: the most tried. */
const USERS_KEPT = 16;

/** What every row of a range has in common. */
export interface RowContext {
  host: string;
  fingerprint: string;
  start: ByteOffset;
  end: ByteOffset;
  parser: string;
  retentionDays: number;
  /** A user's name as the rows may hold it: a keyed hash, or the name itself. */
  nameUser: (user: string) => string;
}

/** The counter rows of a tally, one per day and address; each is made when it is asked for. */
export function* rowsOf(tally: Tally, context: RowContext): Generator<CounterRow> {
  for (const ip of tally.addresses.keys()) yield* rowsOfAddress(tally, ip, context);
}

/** One address's rows, one per day. */
export function* rowsOfAddress(tally: Tally, ip: Address, context: RowContext): Generator<CounterRow> {
  const { nameUser, retentionDays, ...common } = context;
  const { days } = tally;
  for (const row of daysOf(tally, ip)) {
    const day = secondKey(days, row);
    yield {
      ...common,
      day: dayName(day),
      ip,
      cells: cellsOf(tally, row),
      ...usersOf(tally, row, nameUser),
      first: value(days, row, DAY.FIRST),
      last: value(days, row, DAY.LAST),
      firstSuccess: value(days, row, DAY.FIRST_SUCCESS) || undefined,
      expires: (day + 1 + retentionDays) * SECONDS_PER_DAY,
    };
  }
}

/** Which addresses and days the tally has rows of. */
export function* rowNames(tally: Tally): Generator<{ day: string; ip: Address }> {
  for (const ip of tally.addresses.keys()) {
    for (const row of daysOf(tally, ip)) yield { day: dayName(secondKey(tally.days, row)), ip };
  }
}

export function hasRow({ addresses, days }: Tally, { day, ip }: { day: string; ip: Address }): boolean {
  const id = addresses.get(ip)?.id;
  return id !== undefined && findRow(days, id, Date.parse(day) / 1000 / SECONDS_PER_DAY) >= 0;
}

/** Days repeat, and making their names is slow. */
const dayNames = new Map<number, string>();
const MOST_DAY_NAMES = 1024;

/** `2026-11-24` for the number of days since 1970-01-01. */
export function dayName(day: number): string {
  if (dayNames.size > MOST_DAY_NAMES) dayNames.clear();
  return getOrMake(dayNames, day, () => new Date(day * SECONDS_PER_DAY * 1000).toISOString().slice(0, 10));
}

/** Rows of an address in `days`, in the order in which they were made. */
export function daysOf({ addresses, days }: Tally, ip: Address): number[] {
  return chain(days, (addresses.get(ip)?.newest ?? -1) + 1, DAY.NEXT);
}

/** The rows of a chain, in the order in which they were made. */
export function chain(table: NumberTable, head: number, next: number): number[] {
  const rows: number[] = [];
  for (let link = head; link > 0; link = value(table, link - 1, next)) rows.push(link - 1);
  return rows.reverse();
}

/** The cells of a row of `days`. */
export function cellsOf({ cells, days, daemons, logName }: Tally, day: number): Cell[] {
  return chain(cells, value(days, day, DAY.CELLS), CELL.NEXT).map((row) => {
    const code = secondKey(cells, row);
    const kind = code % KINDS;
    const owner = Math.floor(code / KINDS);
    return {
      hour: Math.floor(owner / DAEMONS),
      daemon: daemons[owner % DAEMONS]!,
      service: SERVICES[Math.floor(kind / EVIDENCES.length)]!,
      evidence: EVIDENCES[kind % EVIDENCES.length]!,
      logName,
      attempts: value(cells, row, CELL.ATTEMPTS),
      events: value(cells, row, CELL.EVENTS),
      probes: value(cells, row, CELL.PROBES),
      successes: value(cells, row, CELL.SUCCESSES),
    };
  });
}

export type UserCounts = [name: string, count: number][];

/** Users of a row of `days`: those tried, of whom rows keep the most tried, and those who got in. */
export function userCountsOf(
  tally: Tally,
  day: number,
): { tried: UserCounts; triedCount: number; succeeded: UserCounts } {
  const { tries, users } = tally;
  const tried: UserCounts = [];
  const succeeded: UserCounts = [];
  for (const row of chain(tries, value(tally.days, day, DAY.TRIES), TRY.NEXT)) {
    const name = users.names[secondKey(tries, row)]!;
    const attempts = Math.max(value(tries, row, TRY.LOGIN), value(tries, row, TRY.AUTH));
    const successes = value(tries, row, TRY.SUCCESSES);
    if (attempts > 0) tried.push([name, attempts]);
    if (successes > 0) succeeded.push([name, successes]);
  }
  return { tried: mostTried(tried), triedCount: tried.length, succeeded };
}

function mostTried(tried: UserCounts): UserCounts {
  if (tried.length <= 1) return tried;
  return [...tried].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, USERS_KEPT);
}

function usersOf(
  tally: Tally,
  day: number,
  nameUser: (user: string) => string,
): Pick<CounterRow, "users" | "userCount" | "successUsers"> {
  const { tried, triedCount, succeeded } = userCountsOf(tally, day);
  const named = (counts: UserCounts) =>
    Object.fromEntries(counts.map(([name, count]) => [nameUser(name), count]));
  return { users: named(tried), userCount: triedCount, successUsers: named(succeeded) };
}
