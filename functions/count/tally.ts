import type { Address, EpochSeconds, Evidence, LoginEvent, Service } from "../parse/event.ts";
import { addTo, createTable, findRow, type NumberTable, rowAt, setValue, value } from "./number-table.ts";
import { createUserNames, USERS_TRACKED, type UserNames, userId } from "./user-names.ts";

export const SECONDS_PER_DAY = 86_400;

/**
 * What the lines of one range say, per day and address, in memory: about 250 bytes for each, so that an attack from
 * hundreds of thousands of addresses fits into a small function.
 */
export interface Tally {
  logName: string;
  events: number;
  addresses: Map<Address, AddressDays>;
  /** Names of daemons, numbered. */
  daemons: string[];
  users: UserNames;
  /** By number of the address and day since 1970-01-01. */
  days: NumberTable;
  /** By row of `days` and code of hour, daemon, service and evidence. */
  cells: NumberTable;
  /** By row of `days` and user. */
  tries: NumberTable;
}

export interface AddressDays {
  id: number;
  /** Row of the day that was made last, -1 before the first. */
  newest: number;
}

/** Columns of `days`. CELLS, TRIES and NEXT lead to rows: the index and one, 0 for none. */
export const DAY = {
  FIRST: 0,
  LAST: 1,
  FIRST_SUCCESS: 2,
  CELLS: 3,
  TRIES: 4,
  TRIED: 5,
  SUCCEEDED: 6,
  NEXT: 7,
};
export const CELL = { ATTEMPTS: 0, EVENTS: 1, PROBES: 2, SUCCESSES: 3, NEXT: 4 };
/** Attempts at a user as login and as auth processes wrote them: the same tries, so the larger counts. */
export const TRY = { LOGIN: 0, AUTH: 1, SUCCESSES: 2, NEXT: 3 };

export const EVIDENCES: readonly Evidence[] = ["login", "auth", "summary"];
export const SERVICES: readonly Service[] = [
  "pop3",
  "imap",
  "smtp",
  "submission",
  "sieve",
  "webmail",
  "auth",
];

/** Services and evidence together. */
export const KINDS = SERVICES.length * EVIDENCES.length;
/** More than there are daemon files in parse/. */
export const DAEMONS = 1024;

export function createTally(logName: string): Tally {
  return {
    logName,
    events: 0,
    addresses: new Map(),
    daemons: [],
    users: createUserNames(),
    days: createTable(8),
    cells: createTable(5),
    tries: createTable(4),
  };
}

/** Adds one login event. Order does not matter, but for which users are kept of too many. */
export function addEvent(tally: Tally, event: LoginEvent): void {
  tally.events++;
  const { days } = tally;
  const day = dayOf(tally, event);
  if (event.at < value(days, day, DAY.FIRST)) setValue(days, day, DAY.FIRST, event.at);
  if (event.at > value(days, day, DAY.LAST)) setValue(days, day, DAY.LAST, event.at);
  countCell(tally, day, event);
  if (event.outcome === "success") noteSuccess(days, day, event.at);
  if (event.user && (event.outcome === "success" || event.kind === "auth"))
    countUser(tally, day, event.user, event);
}

function dayOf(tally: Tally, { ip, at }: LoginEvent): number {
  let address = tally.addresses.get(ip);
  if (address === undefined) {
    address = { id: tally.addresses.size, newest: -1 };
    tally.addresses.set(ip, address);
  }
  const before = tally.days.size;
  const row = rowAt(tally.days, address.id, Math.floor(at / SECONDS_PER_DAY));
  if (row === before) {
    setValue(tally.days, row, DAY.FIRST, at);
    setValue(tally.days, row, DAY.LAST, at);
    setValue(tally.days, row, DAY.NEXT, address.newest + 1);
    address.newest = row;
  }
  return row;
}

function countCell(tally: Tally, day: number, event: LoginEvent): void {
  const { cells, days } = tally;
  const cell = linkedRow(cells, CELL.NEXT, days, day, DAY.CELLS, codeOf(tally.daemons, event));
  if (event.outcome === "success") addTo(cells, cell, CELL.SUCCESSES, 1);
  else if (event.kind === "probe") addTo(cells, cell, CELL.PROBES, 1);
  else {
    addTo(cells, cell, CELL.ATTEMPTS, event.attempts);
    addTo(cells, cell, CELL.EVENTS, 1);
  }
}

function codeOf(daemons: string[], { at, daemon, service, evidence }: LoginEvent): number {
  const hour = Math.floor(at / 3600) % 24;
  const kind = SERVICES.indexOf(service) * EVIDENCES.length + EVIDENCES.indexOf(evidence);
  return (hour * DAEMONS + numberOf(daemons, daemon)) * KINDS + kind;
}

function numberOf(daemons: string[], daemon: string): number {
  const known = daemons.indexOf(daemon);
  return known >= 0 ? known : daemons.push(daemon) - 1;
}

function noteSuccess(days: NumberTable, day: number, at: EpochSeconds): void {
  const before = value(days, day, DAY.FIRST_SUCCESS);
  if (before === 0 || at < before) setValue(days, day, DAY.FIRST_SUCCESS, at);
}

/** Users who failed and users who got in are bounded each for itself: neither kind can crowd out the other. */
function countUser(
  tally: Tally,
  day: number,
  name: string,
  { outcome, evidence, attempts }: LoginEvent,
): void {
  const { tries, days } = tally;
  const succeeded = outcome === "success";
  const bound = succeeded ? DAY.SUCCEEDED : DAY.TRIED;
  const full = value(days, day, bound) >= USERS_TRACKED;
  const user = userId(tally.users, name);
  if (user === undefined || (full && findRow(tries, day, user) < 0)) return;
  const row = linkedRow(tries, TRY.NEXT, days, day, DAY.TRIES, user);
  if (!isKnown(tries, row, succeeded)) {
    if (full) return;
    addTo(days, day, bound, 1);
  }
  if (succeeded) addTo(tries, row, TRY.SUCCESSES, 1);
  else addTo(tries, row, evidence === "auth" ? TRY.AUTH : TRY.LOGIN, attempts);
}

function isKnown(tries: NumberTable, row: number, succeeded: boolean): boolean {
  return succeeded
    ? value(tries, row, TRY.SUCCESSES) > 0
    : value(tries, row, TRY.LOGIN) + value(tries, row, TRY.AUTH) > 0;
}

/** The row of `(owner, key)`; a new one is put at the head of its owner's chain. */
function linkedRow(
  table: NumberTable,
  next: number,
  owners: NumberTable,
  owner: number,
  head: number,
  key: number,
): number {
  const before = table.size;
  const row = rowAt(table, owner, key);
  if (row === before) {
    setValue(table, row, next, value(owners, owner, head));
    setValue(owners, owner, head, row + 1);
  }
  return row;
}
