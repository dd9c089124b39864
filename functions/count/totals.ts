import type { Address, EpochSeconds } from "../parse/event.ts";
import type { CounterRow } from "./counter.ts";
import { getOrMake } from "./get-or-make.ts";
import { addCounts, type Counts, cellsByHour, countsByService, NOTHING } from "./history.ts";

/** What totals can be grouped by. */
export const DIMENSIONS = ["ip", "network", "host", "day", "hour", "service", "country", "user"] as const;
export type Dimension = (typeof DIMENSIONS)[number];

/** Which counts are wanted; hours are half-open, `[since, until)`. */
export interface TotalsFilter {
  since?: EpochSeconds | undefined;
  until?: EpochSeconds | undefined;
  host?: string | undefined;
  ip?: Address | undefined;
}

/** One line of totals: the values of the dimensions asked for, in that order, and what they add up to. */
export interface Total extends Counts {
  by: string[];
}

/** What the totals need to know of an address beyond its rows. */
export interface Places {
  countryOf(ip: Address): string | undefined;
  networkOf(ip: Address): string;
}

export interface Totals {
  add(ip: Address, rows: readonly CounterRow[]): void;
  /** Most attempts first, then by the dimensions' values bytewise. */
  result(): Total[];
}

/** Totals by user and hour at once were asked for: users are kept by day. */
export class UserHoursError extends Error {
  override name = "UserHoursError";
  constructor() {
    super("attempts by user are kept by day: ask for user and day, or for hour without user");
  }
}

/** Adds up rows, address by address. @throws UserHoursError */
export function createTotals(by: readonly Dimension[], filter: TotalsFilter, places: Places): Totals {
  if (by.includes("user") && by.includes("hour")) throw new UserHoursError();
  const groups = new Map<string, Total>();
  const count = (values: string[], counts: Counts) => {
    const group = getOrMake(groups, values.join("\0"), () => ({ by: values, ...NOTHING }));
    Object.assign(group, addCounts(group, counts));
  };
  return {
    add(ip, rows) {
      if (filter.ip !== undefined && filter.ip !== ip) return;
      const wanted = rows.filter((row) => filter.host === undefined || row.host === filter.host);
      const parts = by.includes("user") ? userParts(wanted) : hourParts(wanted);
      for (const part of parts) {
        if (!within(part.hour, filter)) continue;
        count(
          by.map((dimension) => valueFor(dimension, ip, part, places)),
          part.counts,
        );
      }
    },
    result: () => [...groups.values()].sort(byAttempts),
  };
}

/** Order of all lists of counts: most attempts first, then bytewise by name. */
export function byAttempts(a: Total, b: Total): number {
  return (
    b.attempts - a.attempts || b.successes - a.successes || compareBytes(a.by.join("\0"), b.by.join("\0"))
  );
}

export function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

interface PartOfTotal {
  hour: EpochSeconds;
  host: string;
  service: string;
  user: string;
  counts: Counts;
}

function* hourParts(rows: readonly CounterRow[]): Generator<PartOfTotal> {
  for (const { hour, host, cells } of cellsByHour(rows)) {
    for (const [service, counts] of countsByService(cells)) yield { hour, host, service, user: "", counts };
  }
}

/** Users are kept by row: the most tried of a day. Several rows of one day add up, those of two logs do not. */
function* userParts(rows: readonly CounterRow[]): Generator<PartOfTotal> {
  for (const row of rows) {
    const hour = Date.parse(row.day) / 1000;
    for (const user of new Set([...Object.keys(row.users), ...Object.keys(row.successUsers)])) {
      const attempts = row.users[user] ?? 0;
      const counts = { attempts, events: attempts, probes: 0, successes: row.successUsers[user] ?? 0 };
      yield { hour, host: row.host, service: "", user, counts };
    }
  }
}

function within(hour: EpochSeconds, { since, until }: TotalsFilter): boolean {
  return (since === undefined || hour >= since) && (until === undefined || hour < until);
}

function valueFor(dimension: Dimension, ip: Address, part: PartOfTotal, places: Places): string {
  switch (dimension) {
    case "ip":
      return ip;
    case "network":
      return places.networkOf(ip);
    case "country":
      return places.countryOf(ip) ?? "";
    case "day":
      return new Date(part.hour * 1000).toISOString().slice(0, 10);
    case "hour":
      return `${new Date(part.hour * 1000).toISOString().slice(0, 13)}:00:00Z`;
    default:
      return part[dimension];
  }
}
