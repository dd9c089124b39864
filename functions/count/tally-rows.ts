import type { Address } from "../parse/event.ts";
import { daemonIn, evidenceIn, serviceIn, WHAT, whatIn } from "../parse/login.ts";
import { ENTRY, WIDTH } from "../parse/login-entry.ts";
import { AUTH, EVIDENCE_NUMBERS, WHATS } from "./code-tables.ts";
import type { ByteOffset, Cell, CounterRow } from "./counter.ts";
import { codeAt, eventsAt, HOURS_PER_DAY, hourAt, lastAt, userAt } from "./entries.ts";
import { firstFew } from "./first-few.ts";
import { getOrMake } from "./get-or-make.ts";
import type { NameBook } from "./name-book.ts";
import { SECONDS_PER_DAY, type Tally } from "./tally.ts";
import { type AddressEntries, addressesOf, entriesOf } from "./tally-order.ts";
import { UserCounts as CountsByUser } from "./user-counts.ts";

/** Users written to a row: the most tried. */
export const USERS_KEPT = 16;

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

/** One address's entries of one day: `[from, to)` of those that the tally has of it. */
export interface DayEntries {
  /** Its number. */
  address: number;
  /** Days since 1970-01-01. */
  day: number;
  from: number;
  to: number;
}

/** Where a day's entries are, until those of another address are asked for. */
function valuesOf(tally: Tally, { address }: DayEntries): Uint32Array {
  return entriesOf(tally, address).values;
}

/** The counter rows of a tally, one per address and day; each is made when it is asked for. */
export function* rowsOf(tally: Tally, context: RowContext): Generator<CounterRow> {
  for (const number of addressesOf(tally)) yield* rowsOfNumber(tally, number, context);
}

/** One address's rows, one per day. */
export function rowsOfAddress(tally: Tally, ip: Address, context: RowContext): CounterRow[] {
  return [...rowsOfNumber(tally, tally.addresses.find(ip), context)];
}

function* rowsOfNumber(tally: Tally, number: number, context: RowContext): Generator<CounterRow> {
  const { nameUser, retentionDays, ...common } = context;
  const ip = tally.addresses.addressOf(number);
  for (const entries of daysOf(tally, number)) {
    yield {
      ...common,
      day: dayName(entries.day),
      ip,
      cells: cellsOf(tally, entries),
      ...usersOf(tally, entries, nameUser),
      ...spanOf({ ...entries, values: valuesOf(tally, entries) }),
      expires: (entries.day + 1 + retentionDays) * SECONDS_PER_DAY,
    };
  }
}

/** How many rows `rowsOf` gives. */
export function rowCount(tally: Tally): number {
  let count = 0;
  for (const number of addressesOf(tally)) count += daysOf(tally, number).length;
  return count;
}

/** Which addresses and days the tally has rows of. */
export function* rowNames(tally: Tally): Generator<{ day: string; ip: Address }> {
  for (const number of addressesOf(tally)) {
    const ip = tally.addresses.addressOf(number);
    for (const { day } of daysOf(tally, number)) yield { day: dayName(day), ip };
  }
}

export function hasRow(tally: Tally, row: { day: string; ip: Address }): boolean {
  const day = Date.parse(row.day) / 1000 / SECONDS_PER_DAY;
  return daysOf(tally, tally.addresses.find(row.ip)).some((entries) => entries.day === day);
}

/** Days repeat, and making their names is slow. */
const dayNames = new Map<number, string>();
const MOST_DAY_NAMES = 1024;

/** `2026-11-24` for the number of days since 1970-01-01. */
function dayName(day: number): string {
  if (dayNames.size > MOST_DAY_NAMES) dayNames.clear();
  return getOrMake(dayNames, day, () => new Date(day * SECONDS_PER_DAY * 1000).toISOString().slice(0, 10));
}

/** An address's entries day by day; none for a number that the tally does not know. */
export function daysOf(tally: Tally, number: number): DayEntries[] {
  const { values, from: begin, to: end } = entriesOf(tally, number);
  const days: DayEntries[] = [];
  for (let from = begin; from < end; ) {
    const day = dayAt(values, from);
    let to = from + 1;
    while (to < end && dayAt(values, to) === day) to++;
    days.push({ address: number, day, from, to });
    from = to;
  }
  return days;
}

function dayAt(values: Uint32Array, entry: number): number {
  return Math.floor(hourAt(values, entry * WIDTH) / HOURS_PER_DAY);
}

/** The cells of a day: entries of one hour and speaker stand next to each other, whatever they tell of. */
export function cellsOf(tally: Tally, entries: DayEntries): Cell[] {
  const values = valuesOf(tally, entries);
  const { from, to } = entries;
  const cells: Cell[] = [];
  let [hour, speaker] = [-1, -1];
  for (let at = from * WIDTH; at < to * WIDTH; at += WIDTH) {
    const code = codeAt(values, at);
    if (hourAt(values, at) !== hour || code - whatIn(code) !== speaker) {
      hour = hourAt(values, at);
      speaker = code - whatIn(code);
      cells.push(emptyCell(hour % HOURS_PER_DAY, code, tally.logName));
    }
    addEntry(cells.at(-1)!, values, at);
  }
  return cells;
}

function emptyCell(hour: number, code: number, logName: string): Cell {
  const speaker = { daemon: daemonIn(code), service: serviceIn(code), evidence: evidenceIn(code) };
  return { hour, ...speaker, logName, attempts: 0, events: 0, probes: 0, successes: 0 };
}

function addEntry(cell: Cell, values: Uint32Array, at: number): void {
  const what = whatIn(codeAt(values, at));
  const events = eventsAt(values, at);
  if (what === WHAT.SUCCESS) cell.successes += events;
  else if (what === WHAT.PROBE) cell.probes += events;
  else {
    cell.attempts += values[at + ENTRY.ATTEMPTS]!;
    cell.events += events;
  }
}

/** When the first and last lines were written, and the first login. */
export function spanOf({
  values,
  from,
  to,
}: AddressEntries): Pick<CounterRow, "first" | "last" | "firstSuccess"> {
  let first = Infinity;
  let last = 0;
  let firstSuccess = Infinity;
  for (let at = from * WIDTH; at < to * WIDTH; at += WIDTH) {
    first = Math.min(first, values[at + ENTRY.FIRST]!);
    last = Math.max(last, lastAt(values, at));
    if (whatIn(codeAt(values, at)) === WHAT.SUCCESS)
      firstSuccess = Math.min(firstSuccess, values[at + ENTRY.FIRST]!);
  }
  return { first, last, firstSuccess: Number.isFinite(firstSuccess) ? firstSuccess : undefined };
}

export type UserCounts = [name: string, count: number][];

/** Users of a day: those tried, of whom rows keep the most tried, and those who got in. */
export function userCountsOf(
  tally: Tally,
  entries: DayEntries,
): { tried: UserCounts; triedCount: number; succeeded: UserCounts } {
  countUsers(tally, entries);
  const named = (users: readonly number[], counts: CountsByUser) =>
    users.map((user): UserCounts[number] => [tally.users.nameOf(user), counts.of(user)]);
  return {
    tried: named(mostTried(tally.users), tried),
    triedCount: tried.users.length,
    succeeded: named(succeeded.users, succeeded),
  };
}

/** Numbers of the users of a day whom rows keep: the most tried. */
export function usersKept(tally: Tally, entries: DayEntries): number[] {
  countUsers(tally, entries);
  return mostTried(tally.users);
}

/** Scratch: how often a day's users were tried, as others than auth processes and as these tell, and how often they got in. */
const tried = new CountsByUser();
const auth = new CountsByUser();
const succeeded = new CountsByUser();

function countUsers(tally: Tally, entries: DayEntries): void {
  const values = valuesOf(tally, entries);
  const { from, to } = entries;
  tried.begin();
  auth.begin();
  succeeded.begin();
  for (let at = from * WIDTH; at < to * WIDTH; at += WIDTH) {
    const user = userAt(values, at);
    const code = codeAt(values, at);
    if (user === 0) continue;
    if (WHATS[code] === WHAT.SUCCESS) succeeded.add(user, eventsAt(values, at));
    else (EVIDENCE_NUMBERS[code] === AUTH ? auth : tried).add(user, values[at + ENTRY.ATTEMPTS]!);
  }
  // login and auth processes tell of the same attempts
  for (const user of auth.users) tried.set(user, Math.max(auth.of(user), tried.of(user)));
}

/** Most first; of as many by name. */
function mostTried(names: NameBook): number[] {
  const byCount = (a: number, b: number) => tried.of(b) - tried.of(a) || names.compare(a, b);
  return firstFew(tried.users, USERS_KEPT, byCount);
}

function usersOf(
  tally: Tally,
  entries: DayEntries,
  nameUser: (user: string) => string,
): Pick<CounterRow, "users" | "userCount" | "successUsers"> {
  const { tried, triedCount, succeeded } = userCountsOf(tally, entries);
  const named = (counts: UserCounts) =>
    Object.fromEntries(counts.map(([name, count]) => [nameUser(name), count]));
  return { users: named(tried), userCount: triedCount, successUsers: named(succeeded) };
}
