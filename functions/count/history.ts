import type { Address, EpochSeconds, Service } from "../parse/event.ts";
import type { AddressHistory, Cell, CounterRow, HourCount } from "./counter.ts";
import { getOrMake } from "./get-or-make.ts";
import { userDaysOf } from "./user-days.ts";

/** The four things that are counted. */
export interface Counts {
  attempts: number;
  events: number;
  probes: number;
  successes: number;
}

/**
 * All rows of one address as one history: each attempt once.
 *
 * One attempt can stand in several lines (a login process and the auth worker behind it), several files (mail.log
 * and syslog, main and reject log) and a summary. So, per host and hour, the larger of two counts: what login
 * processes wrote (per service and daemon the largest over log names, `login` and `summary`, all added), and what auth
 * processes wrote (per service the largest over daemons and log names: PAM tells of what Dovecot's worker tells too).
 * Rows of one log name are parts of that log and add up.
 */
export function historyOf(ip: Address, rows: readonly CounterRow[]): AddressHistory {
  const hours = hourCounts(cellsByHour(rows));
  return {
    ip,
    hours,
    userDays: userDaysOf(rows),
    services: servicesOf(rows),
    users: usersOf(rows),
    first: least(rows.map((row) => row.first)) ?? 0,
    last: -(least(rows.map((row) => -row.last)) ?? 0),
    firstSuccess: least(rows.flatMap((row) => row.firstSuccess ?? [])),
  };
}

/** What was counted in each hour at each host, in order. */
export function hourCounts(groups: readonly HourCells[]): HourCount[] {
  return groups.map(hourCount).sort((a, b) => a.hour - b.hour || (a.host < b.host ? -1 : 1));
}

/** Most hours of most addresses have one cell: it is what it is. */
function hourCount({ hour, host, cells }: HourCells): HourCount {
  const { attempts, events, probes, successes } =
    cells.length === 1 ? cells[0]! : total(countsByService(cells));
  return { hour, host, attempts, events, probes, successes };
}

/** One host's cells of one hour. */
export interface HourCells {
  hour: EpochSeconds;
  host: string;
  cells: Cell[];
}

/** The rows' cells, those of one host and hour together. */
export function cellsByHour(rows: readonly CounterRow[]): HourCells[] {
  const groups = hourGroups();
  for (const { day, host, cells } of rows) {
    const midnight = midnightOf(day);
    for (const cell of cells) groups.add(midnight + cell.hour * 3600, host, cell);
  }
  return groups.all;
}

/** Puts cells of one host and hour together. */
export function hourGroups(): { all: HourCells[]; add(hour: EpochSeconds, host: string, cell: Cell): void } {
  const all: HourCells[] = [];
  const byHour = new Map<EpochSeconds, HourCells[]>();
  return {
    all,
    add(hour, host, cell) {
      const hosts = getOrMake(byHour, hour, () => []);
      const known = hosts.find((group) => group.host === host);
      if (known !== undefined) known.cells.push(cell);
      else {
        const made = { hour, host, cells: [cell] };
        hosts.push(made);
        all.push(made);
      }
    },
  };
}

/** Days repeat, and parsing dates is slow. */
const midnights = new Map<string, EpochSeconds>();
const MIDNIGHTS = 1024;

function midnightOf(day: string): EpochSeconds {
  if (midnights.size > MIDNIGHTS) midnights.clear();
  return getOrMake(midnights, day, () => Date.parse(day) / 1000);
}

/**
 * What one host's cells of one hour amount to, by service. Attempts that only auth processes wrote, which do not
 * always know the service, stand under `auth`.
 */
export function countsByService(cells: readonly Cell[]): Map<Service, Counts> {
  const login = new Map<Service, Counts>();
  const auth = new Map<Service, Counts>();
  for (const [service, speakers] of sumsBySpeaker(cells)) {
    for (const logs of speakers.values()) {
      const told = [...logs.values()].map((sum) => larger(sum.login, sum.summary)).reduce(larger, NOTHING);
      login.set(service, combine(login.get(service) ?? NOTHING, told, add));
      const beside = [...logs.values()].map((sum) => sum.auth).reduce(larger, auth.get(service) ?? NOTHING);
      auth.set(service, beside);
    }
  }
  const unseen = combine(total(auth), total(login), (a, b) => Math.max(a - b, 0));
  if (Object.values(unseen).some((count) => count > 0)) {
    login.set("auth", combine(login.get("auth") ?? NOTHING, unseen, add));
  }
  return login;
}

export function total(counts: ReadonlyMap<unknown, Counts>): Counts {
  return [...counts.values()].reduce((sum, next) => combine(sum, next, add), NOTHING);
}

export const NOTHING: Counts = { attempts: 0, events: 0, probes: 0, successes: 0 };

export function addCounts(a: Counts, b: Counts): Counts {
  return combine(a, b, add);
}

type EvidenceSums = Record<Cell["evidence"], Counts>;

/** By service, daemon and log name. */
function sumsBySpeaker(cells: readonly Cell[]): Map<Service, Map<string, Map<string, EvidenceSums>>> {
  const services = new Map<Service, Map<string, Map<string, EvidenceSums>>>();
  for (const cell of cells) {
    const speakers = getOrMake(services, cell.service, () => new Map<string, Map<string, EvidenceSums>>());
    const logs = getOrMake(speakers, cell.daemon, () => new Map<string, EvidenceSums>());
    const sums = getOrMake(logs, cell.logName, () => ({ login: NOTHING, auth: NOTHING, summary: NOTHING }));
    sums[cell.evidence] = combine(sums[cell.evidence], cell, add);
  }
  return services;
}

function combine(a: Counts, b: Counts, how: (a: number, b: number) => number): Counts {
  return {
    attempts: how(a.attempts, b.attempts),
    events: how(a.events, b.events),
    probes: how(a.probes, b.probes),
    successes: how(a.successes, b.successes),
  };
}

function add(a: number, b: number): number {
  return a + b;
}

function larger(a: Counts, b: Counts): Counts {
  return combine(a, b, Math.max);
}

function servicesOf(rows: readonly CounterRow[]): Service[] {
  const services = new Set<Service>();
  for (const { cells } of rows) for (const { service } of cells) services.add(service);
  return [...services].sort();
}

/** Rows keep the most tried users only: at least those, at least as many as one row counted. */
function usersOf(rows: readonly CounterRow[]): number {
  const kept = new Set(rows.flatMap((row) => Object.keys(row.users)));
  return rows.reduce((most, row) => Math.max(most, row.userCount), kept.size);
}

function least(numbers: readonly number[]): number | undefined {
  return numbers.reduce<number | undefined>((a, b) => (a === undefined || b < a ? b : a), undefined);
}
