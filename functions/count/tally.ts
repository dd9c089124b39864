import type { Address, EpochSeconds, Evidence, LoginEvent, Service } from "../parse/event.ts";
import type { ByteOffset, Cell, CounterRow } from "./counter.ts";
import { getOrMake } from "./get-or-make.ts";

/** Different users kept per address and day; further ones count as attempts only. */
export const USERS_TRACKED = 256;
/** Users written to a row: the most tried. */
const USERS_KEPT = 16;

export const SECONDS_PER_DAY = 86_400;

/** What the lines of one range say, per address and day, in memory. */
export interface Tally {
  logName: string;
  addresses: Map<Address, Map<number, AddressDay>>;
  events: number;
}

interface AddressDay {
  cells: Map<number, Cell>;
  /** Attempts by user as login processes and as auth processes wrote them: the same tries, so the larger counts. */
  users: Map<string, { login: number; auth: number }>;
  successUsers: Map<string, number>;
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
  const entry = addressDay(tally, event.ip, day, event.at);
  if (event.at < entry.first) entry.first = event.at;
  if (event.at > entry.last) entry.last = event.at;
  countCell(cellOf(entry, event, day, tally.logName), event);
  countUser(entry, event);
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

/** The counter rows of a tally, one per address and day. */
export function* rowsOf(tally: Tally, context: RowContext): Generator<CounterRow> {
  const { nameUser, retentionDays, ...common } = context;
  for (const [ip, days] of tally.addresses) {
    for (const [day, entry] of days) {
      yield {
        ...common,
        day: dayName(day),
        ip,
        cells: [...entry.cells.values()],
        users: mostTried(entry, nameUser),
        userCount: entry.users.size,
        successUsers: named(entry.successUsers, nameUser),
        first: entry.first,
        last: entry.last,
        firstSuccess: entry.firstSuccess,
        expires: (day + 1 + retentionDays) * SECONDS_PER_DAY,
      };
    }
  }
}

/** `2026-11-24` for the number of days since 1970-01-01. */
export function dayName(day: number): string {
  return new Date(day * SECONDS_PER_DAY * 1000).toISOString().slice(0, 10);
}

function addressDay(tally: Tally, ip: Address, day: number, at: EpochSeconds): AddressDay {
  const days = getOrMake(tally.addresses, ip, () => new Map<number, AddressDay>());
  return getOrMake(days, day, () => emptyDay(at));
}

function emptyDay(at: EpochSeconds): AddressDay {
  return {
    cells: new Map(),
    users: new Map(),
    successUsers: new Map(),
    first: at,
    last: at,
    firstSuccess: undefined,
  };
}

const EVIDENCE: Record<Evidence, number> = { login: 0, auth: 1, summary: 2 };
const SERVICE: Record<Service, number> = {
  pop3: 0,
  imap: 1,
  smtp: 2,
  submission: 3,
  sieve: 4,
  webmail: 5,
  auth: 6,
};

function cellOf(entry: AddressDay, event: LoginEvent, day: number, logName: string): Cell {
  const { service, evidence } = event;
  const hour = Math.floor(event.at / 3600) - day * 24;
  const key = (hour * 8 + SERVICE[service]) * 4 + EVIDENCE[evidence];
  return getOrMake(entry.cells, key, () => ({
    hour,
    service,
    evidence,
    logName,
    attempts: 0,
    events: 0,
    probes: 0,
    successes: 0,
  }));
}

function countCell(cell: Cell, event: LoginEvent): void {
  if (event.outcome === "success") cell.successes++;
  else if (event.kind === "probe") cell.probes++;
  else {
    cell.attempts += event.attempts;
    cell.events++;
  }
}

function countUser(entry: AddressDay, event: LoginEvent): void {
  if (event.outcome === "success") {
    if (entry.firstSuccess === undefined || event.at < entry.firstSuccess) entry.firstSuccess = event.at;
    if (event.user) addBounded(entry.successUsers, event.user);
  } else if (event.kind === "auth" && event.user) {
    if (!entry.users.has(event.user) && entry.users.size === USERS_TRACKED) return;
    const tries = getOrMake(entry.users, event.user, () => ({ login: 0, auth: 0 }));
    tries[event.evidence === "auth" ? "auth" : "login"] += event.attempts;
  }
}

function addBounded(counts: Map<string, number>, user: string): void {
  const before = counts.get(user);
  if (before !== undefined || counts.size < USERS_TRACKED) counts.set(user, (before ?? 0) + 1);
}

function mostTried(entry: AddressDay, nameUser: (user: string) => string): Record<string, number> {
  const tried = [...entry.users].map(([user, { login, auth }]) => [user, Math.max(login, auth)] as const);
  tried.sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return named(new Map(tried.slice(0, USERS_KEPT)), nameUser);
}

function named(counts: Map<string, number>, nameUser: (user: string) => string): Record<string, number> {
  return Object.fromEntries([...counts].map(([user, count]) => [nameUser(user), count]));
}
