import type { HourCount } from "../count/counter.ts";
import { columnsOfHours, type HourColumns } from "../count/hour-columns.ts";
import type { EpochSeconds } from "../parse/event.ts";
import type { Seconds } from "./duration.ts";

const HOUR = 3600;
const DAY = 86_400;

export interface BanRule {
  findtime: Seconds;
  maxretry: number;
  bantime: Seconds;
  bantimeIncrement: { factor: number; max: Seconds };
  countProbes: boolean;
}

/** The ban that lasts longest of those that an address's hours bring. */
export interface Ban {
  /** In force while `until > now`. */
  until: EpochSeconds;
  /** Start of the hot hour that the ban runs from. */
  hour: EpochSeconds;
  /** Attempts in the findtime that ends with that hour, and the hosts that saw them. */
  attempts: number;
  hosts: string[];
  /** Days with a hot hour, up to and with that one. */
  days: number;
}

/**
 * An hour with attempts is hot when those of the findtime that ends with it reach maxretry, all hosts together.
 * With n the days that held a hot hour up to h, the ban lasts until the latest, over hot hours h, of
 * end(h) + bantime · factor^(n−1), the product capped. Hours after `now` are left out. Undefined without hot hour.
 */
export function banOf(hours: readonly HourCount[], rule: BanRule, now: EpochSeconds): Ban | undefined {
  return offencesOf(columnsOfHours(hours), rule, now).ban;
}

export function inForce(ban: Ban | undefined, now: EpochSeconds): Ban | undefined {
  return ban !== undefined && ban.until > now ? ban : undefined;
}

export interface Offences {
  ban: Ban | undefined;
  /** Most attempts within any findtime. */
  peak: number;
}

/** The same, and how near the address came to maxretry. */
export function offencesOf(columns: HourColumns, rule: BanRule, now: EpochSeconds): Offences {
  const { hour: hours, size } = columns;
  const longest = { until: 0, hour: 0, attempts: 0, days: 0 };
  let attempts = 0;
  let peak = 0;
  let oldest = 0;
  let days = 0;
  let day = -1;
  let length = 0;
  for (let at = 0; at < size; at++) {
    const hour = hours[at]!;
    const count = offencesAt(columns, at, rule.countProbes);
    if (count === 0 || hour > now) continue;
    attempts += count;
    while (hours[oldest]! <= hour - rule.findtime)
      attempts -= offencesAt(columns, oldest++, rule.countProbes);
    peak = Math.max(peak, attempts);
    if (attempts < rule.maxretry) continue;
    const today = Math.floor(hour / DAY);
    if (today !== day) length = banLength(rule, ++days);
    day = today;
    const until = hour + HOUR + length;
    // of several hosts in one hour the last has all of the hour's attempts
    if (until < longest.until) continue;
    longest.until = until;
    longest.hour = hour;
    longest.attempts = attempts;
    longest.days = days;
  }
  if (days === 0) return { ban: undefined, peak };
  return { ban: { ...longest, hosts: hostsIn(columns, longest.hour, rule) }, peak };
}

/** bantime · factor^(n−1), at most the maximum, which also stands where bantime itself is longer. */
export function banLength({ bantime, bantimeIncrement: { factor, max } }: BanRule, days: number): Seconds {
  return Math.round(Math.min(bantime * factor ** (days - 1), Math.max(max, bantime)));
}

export function offences({ attempts, probes }: HourCount, countProbes: boolean): number {
  return countProbes ? attempts + probes : attempts;
}

export function offencesAt({ attempts, probes }: HourColumns, at: number, countProbes: boolean): number {
  return countProbes ? attempts[at]! + probes[at]! : attempts[at]!;
}

function hostsIn(columns: HourColumns, last: EpochSeconds, { findtime, countProbes }: BanRule): string[] {
  const { hour, host, size } = columns;
  let hosts: string[] = [];
  for (let at = 0; at < size; at++) {
    const isWithin = hour[at]! <= last && hour[at]! > last - findtime;
    if (isWithin && offencesAt(columns, at, countProbes) > 0) hosts = withHost(hosts, host[at]!);
  }
  return hosts.sort();
}

/** The hosts and one that may be among them. Most addresses have one: a list that grows has room for seventeen. */
export function withHost(hosts: string[], host: string): string[] {
  return hosts.includes(host) ? hosts : hosts.concat(host);
}
