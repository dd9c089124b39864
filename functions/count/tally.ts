import type { Address, EpochSeconds, LoginEvent } from "../parse/event.ts";
import type { ByteOffset, CounterRow } from "./counter.ts";
import { getOrMake } from "./get-or-make.ts";
import { countCell, type PackedCells, unpackCells } from "./packed-cells.ts";
import { boundedName, countTries, mostTried, type TriedUsers, USERS_TRACKED } from "./user-tries.ts";

/** Users written to a row: the most tried. */
const USERS_KEPT = 16;

export const SECONDS_PER_DAY = 86_400;

/**
 * What the lines of one range say, per address and day, in memory: about 400 bytes for each, so that an attack from
 * hundreds of thousands of addresses fits into a small function.
 */
export interface Tally {
  logName: string;
  /** Most addresses have one day; those with several have a map of them. */
  addresses: Map<Address, AddressDay | Map<number, AddressDay>>;
  events: number;
}

interface AddressDay extends TriedUsers {
  /** Days since 1970-01-01. */
  day: number;
  cells: PackedCells;
  successUsers: Map<string, number> | undefined;
  first: EpochSeconds;
  last: EpochSeconds;
  firstSuccess: EpochSeconds | undefined;
}

export function createTally(logName: string): Tally {
  return { logName, addresses: new Map(), events: 0 };
}

/** Adds one login event. Order does not matter, but for which users are kept beyond USERS_TRACKED. */
export function addEvent(tally: Tally, event: LoginEvent): void {
  tally.events++;
  const day = Math.floor(event.at / SECONDS_PER_DAY);
  const entry = dayOf(tally, event.ip, day, event.at);
  if (event.at < entry.first) entry.first = event.at;
  if (event.at > entry.last) entry.last = event.at;
  entry.cells = countCell(entry.cells, event, Math.floor(event.at / 3600) - day * 24);
  countUser(entry, event);
}

/** Which addresses and days the tally has rows of. */
export function* rowNames({ addresses }: Tally): Generator<{ day: string; ip: Address }> {
  for (const [ip, days] of addresses) {
    for (const { day } of entriesOf(days)) yield { day: dayName(day), ip };
  }
}

export function hasRow({ addresses }: Tally, { day, ip }: { day: string; ip: Address }): boolean {
  const days = addresses.get(ip);
  const number = Date.parse(day) / 1000 / SECONDS_PER_DAY;
  return days instanceof Map ? days.has(number) : days?.day === number;
}

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

/** The counter rows of a tally, one per address and day; each is made when it is asked for. */
export function* rowsOf(tally: Tally, context: RowContext): Generator<CounterRow> {
  for (const ip of tally.addresses.keys()) yield* rowsOfAddress(tally, ip, context);
}

/** One address's rows, one per day. */
export function* rowsOfAddress(tally: Tally, ip: Address, context: RowContext): Generator<CounterRow> {
  const { nameUser, retentionDays, ...common } = context;
  for (const entry of entriesOf(tally.addresses.get(ip))) {
    const { first, last, firstSuccess } = entry;
    yield {
      ...common,
      day: dayName(entry.day),
      ip,
      cells: unpackCells(entry.cells, tally.logName),
      users: named(mostTried(entry).slice(0, USERS_KEPT), nameUser),
      userCount: entry.tries.length,
      successUsers: named(entry.successUsers ?? [], nameUser),
      first,
      last,
      firstSuccess,
      expires: (entry.day + 1 + retentionDays) * SECONDS_PER_DAY,
    };
  }
}

/** `2026-11-24` for the number of days since 1970-01-01. */
export function dayName(day: number): string {
  return new Date(day * SECONDS_PER_DAY * 1000).toISOString().slice(0, 10);
}

function dayOf({ addresses }: Tally, ip: Address, day: number, at: EpochSeconds): AddressDay {
  const days = getOrMake(addresses, ip, () => emptyDay(day, at));
  if (days instanceof Map) return getOrMake(days, day, () => emptyDay(day, at));
  if (days.day === day) return days;
  const entry = emptyDay(day, at);
  addresses.set(
    ip,
    new Map([
      [days.day, days],
      [day, entry],
    ]),
  );
  return entry;
}

function entriesOf(days: AddressDay | Map<number, AddressDay> | undefined): Iterable<AddressDay> {
  if (days === undefined) return [];
  return days instanceof Map ? days.values() : [days];
}

function emptyDay(day: number, at: EpochSeconds): AddressDay {
  const users = { tries: [], index: undefined, successUsers: undefined };
  return { day, cells: [], ...users, first: at, last: at, firstSuccess: undefined };
}

function countUser(entry: AddressDay, event: LoginEvent): void {
  if (event.outcome === "success") {
    if (entry.firstSuccess === undefined || event.at < entry.firstSuccess) entry.firstSuccess = event.at;
    if (event.user) countSuccess(entry, boundedName(event.user));
  } else if (event.kind === "auth" && event.user) {
    countTries(entry, event.user, event.evidence, event.attempts);
  }
}

function countSuccess(entry: AddressDay, user: string): void {
  entry.successUsers ??= new Map();
  const before = entry.successUsers.get(user);
  if (before === undefined && entry.successUsers.size === USERS_TRACKED) return;
  entry.successUsers.set(user, (before ?? 0) + 1);
}

function named(
  counts: Iterable<readonly [string, number]>,
  nameUser: (user: string) => string,
): Record<string, number> {
  return Object.fromEntries([...counts].map(([user, count]) => [nameUser(user), count]));
}
