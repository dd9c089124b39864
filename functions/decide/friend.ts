/**
 * Addresses that users log in from properly. Their users' own attempts never count (a phone with yesterday's
 * password fails all day), and those at others only on days that pass the policy's ceilings (a neighbour mistypes
 * a name; but the owner of a mailbox may not guess others for ever).
 */
import type { AddressHistory, HourCount } from "../count/counter.ts";
import type { EpochSeconds } from "../parse/event.ts";
import { type Ban, type BanRule, banLength, offences } from "./bans.ts";
import type { Policy } from "./policy.ts";

const HOUR = 3600;
const DAY = 86_400;

export interface Friend {
  /** Users who logged in properly from there. */
  users: ReadonlySet<string>;
  /** Start of the latest hour with a proper login. */
  lastSuccess: EpochSeconds;
  days: StrangerDay[];
}

/** What was tried on one day at users who never logged in from there. */
export interface StrangerDay {
  /** Midnight. */
  day: EpochSeconds;
  attempts: number;
  users: number;
  /** Start of the last hour with attempts of any kind. */
  lastHour: EpochSeconds;
  hosts: string[];
}

/** The address as a friend; undefined where nobody ever logged in from there. */
export function friendOf(history: AddressHistory, policy: Policy): Friend | undefined {
  if (history.sums?.successes === 0) return undefined;
  const successes = history.hours.filter((counted) => counted.successes > 0);
  if (successes.length === 0) return undefined;
  const users = new Set(history.userDays.flatMap(({ succeeded }) => [...succeeded.keys()]));
  return {
    users,
    lastSuccess: successes.reduce((latest, { hour }) => Math.max(latest, hour), 0),
    days: strangerDays(history, users, policy),
  };
}

/** The days with attempts, in order, and what of them was not at these users. */
export function strangerDays(
  history: AddressHistory,
  users: ReadonlySet<string>,
  policy: Policy,
): StrangerDay[] {
  const days = Map.groupBy(history.hours, ({ hour }) => Math.floor(hour / DAY) * DAY);
  const strangers = [...days].flatMap(([day, hours]) => strangerDay(day, hours, users, history, policy));
  return strangers.sort((a, b) => a.day - b.day);
}

/**
 * The ban that a friend earns: what was tried at strangers on days above the ceilings, or longer after the last
 * proper login than the policy allows.
 */
export function friendBan({ days, lastSuccess }: Friend, rule: BanRule, policy: Policy): Ban | undefined {
  const { maxPerDay, maxUsersPerDay, for: trusted } = policy.allowAfterSuccess;
  const above = days.filter(
    ({ day, attempts, users }) =>
      attempts > maxPerDay || users > maxUsersPerDay || day >= lastSuccess + trusted,
  );
  return banOfDays(above, rule);
}

/**
 * The design's formula by days, since what users tried is known by day: a day is hot when the attempts of the
 * findtime, in whole days, that ends with it reach maxretry; the ban runs from the end of its last hour with
 * attempts. So more attempts, at whomever, never shorten a ban.
 */
export function banOfDays(days: readonly StrangerDay[], rule: BanRule): Ban | undefined {
  const findtime = Math.ceil(rule.findtime / DAY) * DAY;
  let longest: Ban | undefined;
  let hotDays = 0;
  for (const { day, lastHour } of days) {
    const window = days.filter((other) => other.day <= day && other.day > day - findtime);
    const attempts = window.reduce((sum, other) => sum + other.attempts, 0);
    if (attempts < rule.maxretry) continue;
    hotDays++;
    const until = lastHour + HOUR + banLength(rule, hotDays);
    if (longest !== undefined && until < longest.until) continue;
    const hosts = [...new Set(window.flatMap((other) => other.hosts))].sort();
    longest = { until, hour: lastHour, attempts, hosts, days: hotDays };
  }
  return longest;
}

/** The same friend as if one host had told nothing; undefined where it is not known by host whom the address tried. */
export function withoutHost(
  friend: Friend,
  host: string,
  { hours, userDays }: AddressHistory,
  { countProbes }: Policy,
): Friend | undefined {
  const days: StrangerDay[] = [];
  for (const one of friend.days) {
    const told = hours.filter((counted) => isWithin(counted, one.day) && offences(counted, countProbes) > 0);
    if (!told.some((counted) => counted.host === host)) {
      days.push(one);
      continue;
    }
    if (told.every((counted) => counted.host === host)) continue;
    const triedBy = userDays.find(({ day }) => day === one.day)?.triedBy;
    if (triedBy === undefined) return undefined;
    const others = told.filter((counted) => counted.host !== host);
    days.push({ ...one, ...strangersAt(others, triedBy, host, friend.users, countProbes) });
  }
  return { ...friend, days };
}

/** What all hosts but one told of tries at strangers on a day. */
function strangersAt(
  hours: readonly HourCount[],
  triedBy: ReadonlyMap<string, ReadonlyMap<string, number>>,
  but: string,
  users: ReadonlySet<string>,
  countProbes: boolean,
): { attempts: number; users: number } {
  const tried = [...triedBy].filter(([host]) => host !== but).flatMap(([, own]) => [...own]);
  const all = hours.reduce((sum, counted) => sum + offences(counted, countProbes), 0);
  const own = tried.filter(([user]) => users.has(user)).reduce((sum, [, count]) => sum + count, 0);
  const strangers = new Set(tried.map(([user]) => user).filter((user) => !users.has(user)));
  return { attempts: Math.max(all - own, 0), users: strangers.size };
}

function isWithin({ hour }: HourCount, day: EpochSeconds): boolean {
  return hour >= day && hour < day + DAY;
}

function strangerDay(
  day: EpochSeconds,
  hours: readonly HourCount[],
  users: ReadonlySet<string>,
  { userDays }: AddressHistory,
  { countProbes }: Policy,
): StrangerDay[] {
  const offending = hours.filter((counted) => offences(counted, countProbes) > 0);
  if (offending.length === 0) return [];
  const all = offending.reduce((sum, counted) => sum + offences(counted, countProbes), 0);
  const known = userDays.find((one) => one.day === day);
  const own = [...(known?.tried ?? [])].filter(([user]) => users.has(user));
  const ownAttempts = own.reduce((sum, [, count]) => sum + count, 0);
  return [
    {
      day,
      // attempts without a name, and those of names that were not kept, are strangers'
      attempts: Math.max(all - ownAttempts, 0),
      users: (known?.triedCount ?? 0) - own.length,
      lastHour: offending.reduce((latest, { hour }) => Math.max(latest, hour), 0),
      hosts: [...new Set(offending.map(({ host }) => host))].sort(),
    },
  ];
}
