import type { Address, EpochSeconds, Evidence, Service } from "../parse/event.ts";
import type { HourColumns } from "./hour-columns.ts";
import type { TriedUsers } from "./tried-users.ts";

/** Offset in bytes in the decompressed log. */
export type ByteOffset = number;

/** What one hour's lines of one daemon, service, evidence and log name say about one address. */
export interface Cell {
  /** Hour of the UTC day, 0 to 23. */
  hour: number;
  /** Whose lines: `dovecot`, `postfix`. */
  daemon: string;
  service: Service;
  evidence: Evidence;
  /** Base name of the log, rotation suffix stripped: `maillog`, `auth.log`. */
  logName: string;
  attempts: number;
  events: number;
  probes: number;
  successes: number;
}

/**
 * One row of table `counters`: what bytes `[start, end)` of one log say about one address on one day.
 * A pure function of those bytes and the parser's version: putting it again changes nothing.
 */
export interface CounterRow {
  /** UTC day, `2026-11-24`. */
  day: string;
  ip: Address;
  host: string;
  fingerprint: string;
  start: ByteOffset;
  end: ByteOffset;
  cells: Cell[];
  /** Attempts by user, the 16 most tried; keys are keyed hashes unless the deployment turns names on. */
  users: Record<string, number>;
  /** How many different users were tried, at most USERS_TRACKED. */
  userCount: number;
  /** Successful logins by user, bounded likewise. */
  successUsers: Record<string, number>;
  first: EpochSeconds;
  last: EpochSeconds;
  firstSuccess: EpochSeconds | undefined;
  parser: string;
  expires: EpochSeconds;
}

/** One hour of one address at one host: each attempt once, however many processes and files told of it. */
export interface HourCount {
  /** Start of the hour. */
  hour: EpochSeconds;
  host: string;
  attempts: number;
  events: number;
  probes: number;
  successes: number;
}

/** What the users of one address did on one UTC day, all hosts together. Users as rows name them: keyed hashes. */
export interface UserDay {
  /** Midnight. */
  day: EpochSeconds;
  /** Attempts by user; rows keep the most tried. */
  tried: ReadonlyMap<string, number>;
  /** The same by host, where several hosts tell of the day. */
  triedBy?: ReadonlyMap<string, ReadonlyMap<string, number>> | undefined;
  /** Different users tried, at least. */
  triedCount: number;
  /** Successful logins by user. */
  succeeded: ReadonlyMap<string, number>;
}

/** All that is stored of one address, on all hosts; `hours` ordered by hour, then host, `userDays` by day. */
export interface AddressHistory {
  ip: Address;
  hours: HourCount[];
  userDays: UserDay[];
  services: Service[];
  /** Distinct users tried (an upper bound where several rows saw different ones). */
  users: number;
  first: EpochSeconds;
  last: EpochSeconds;
  firstSuccess: EpochSeconds | undefined;
  /**
   * Sums over `hours`, where the history is a view: it is small, may be kept, and makes `hours` and `userDays` when
   * they are asked for, which for most addresses is never.
   */
  sums?: HistorySums | undefined;
  /** The same as `hours`, good until another history is asked for hers. Views may have it. */
  columns?(): HourColumns;
  /**
   * What `numberOf`, which gives a user the same number each time, gives the users of each day's `tried`, from a midnight on and
   * without making `userDays`; good until another history is asked. Views may have it.
   */
  triedSince?(midnight: EpochSeconds, numberOf: (user: string) => number): TriedUsers | undefined;
}

export interface HistorySums {
  attempts: number;
  events: number;
  probes: number;
  successes: number;
  /** How many items `hours` has, or more. */
  hours: number;
  /** Those who told of it. */
  hosts: readonly string[];
}
