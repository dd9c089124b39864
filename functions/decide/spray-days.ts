/** One address's days, as spraying is looked for: what it tried in the findtime that ends with each. */
import type { AddressHistory } from "../count/counter.ts";
import type { Distinct } from "../count/distinct.ts";
import { columnsOf } from "../count/hour-columns.ts";
import type { EpochSeconds } from "../parse/event.ts";
import { offencesAt } from "./bans.ts";
import type { Seconds } from "./duration.ts";
import type { Policy } from "./policy.ts";

const HOUR = 3600;
const DAY = 86_400;

/** The days whose offences can bring a ban that is in force now: midnight of the first, and how many. */
export interface Horizon {
  first: EpochSeconds;
  days: number;
}

/** Bans of spraying are looked for over so many days at most, whatever bantime is: there is a counter for each day. */
const MOST_DAYS = 100;

/** How long a spray's ban lasts: longer than the horizon it could not be known of. */
export function sprayBantime({ bantime }: Policy): Seconds {
  return Math.min(bantime, (MOST_DAYS - 2) * DAY);
}

export function horizonOf(policy: Policy, now: EpochSeconds): Horizon {
  const days = Math.ceil(sprayBantime(policy) / DAY) + 2;
  return { first: (Math.floor(now / DAY) - days + 1) * DAY, days };
}

/** A day such that the findtime that ends with it has attempts in at least `spray.hours` different hours. */
export interface SprayDay {
  /** Days since the horizon's first. */
  day: number;
  /** In the findtime that ends with the day. */
  attempts: number;
  /** The days with attempts; those of that findtime are the ones from `from` to below `to`. */
  tries: readonly TriedDay[];
  from: number;
  to: number;
  /** End of the day's last hour with attempts; undefined where it had none itself. */
  end: EpochSeconds | undefined;
}

/** One day's attempts. */
export interface TriedDay {
  /** Days since the horizon's first, negative before it. */
  day: number;
  attempts: number;
  /** How many different hours had attempts. */
  hours: number;
  /** Numbers of the users that were tried, each once. */
  users: readonly number[];
  end: EpochSeconds;
}

/**
 * In order, within the horizon.
 * @param numberOf a user's number
 */
export function sprayDays(
  history: AddressHistory,
  policy: Policy,
  horizon: Horizon,
  numberOf: (user: string) => number,
): SprayDay[] {
  const findtime = policy.spray.findtime / DAY;
  const tries = triedDays(history, policy.countProbes, horizon, findtime, numberOf);
  const days: SprayDay[] = [];
  const end = Math.min((tries.at(-1)?.day ?? 0) + findtime, horizon.days);
  const sums = { attempts: 0, hours: 0 };
  let from = 0;
  let to = 0;
  for (let day = Math.max(tries[0]?.day ?? 0, 0); day < end; day++) {
    while (to < tries.length && tries[to]!.day <= day) addDay(sums, tries[to++]!, 1);
    while (from < to && tries[from]!.day <= day - findtime) addDay(sums, tries[from++]!, -1);
    if (sums.hours < policy.spray.hours) continue;
    const last = tries[to - 1]!;
    days.push({
      day,
      attempts: sums.attempts,
      tries,
      from,
      to,
      end: last.day === day ? last.end : undefined,
    });
  }
  return days;
}

function addDay(
  sums: { attempts: number; hours: number },
  { attempts, hours }: TriedDay,
  sign: 1 | -1,
): void {
  sums.attempts += sign * attempts;
  sums.hours += sign * hours;
}

/** Visits each user that was tried in the findtime that ends with a day, once. */
export function eachUser(
  { tries, from, to }: SprayDay,
  distinct: Distinct,
  visit: (user: number) => void,
): void {
  distinct.begin();
  for (let index = from; index < to; index++) {
    const { users } = tries[index]!;
    for (let at = 0; at < users.length; at++) if (distinct.isNew(users[at]!)) visit(users[at]!);
  }
}

/** In order; those too long before the horizon are left out. */
function triedDays(
  history: AddressHistory,
  countProbes: boolean,
  { first }: Horizon,
  findtime: number,
  numberOf: (user: string) => number,
): TriedDay[] {
  const days: TriedDay[] = [];
  const columns = columnsOf(history);
  let known: TriedDay | undefined;
  let lastHour = 0;
  for (let at = 0; at < columns.size; at++) {
    const hour = columns.hour[at]!;
    const attempts = offencesAt(columns, at, countProbes);
    const day = Math.floor((hour - first) / DAY);
    if (attempts === 0 || day <= -findtime) continue;
    const end = hour + HOUR;
    if (known?.day !== day) {
      known = { day, attempts, hours: 1, users: [], end };
      days.push(known);
    } else {
      known.attempts += attempts;
      known.end = end;
      if (hour !== lastHour) known.hours++;
    }
    lastHour = hour;
  }
  for (const one of days) one.users = triedOn(history, first + one.day * DAY, numberOf);
  return days;
}

function triedOn(
  history: AddressHistory,
  midnight: EpochSeconds,
  numberOf: (user: string) => number,
): readonly number[] {
  const known = history.triedOn?.(midnight, numberOf);
  if (known !== undefined) return known;
  return [...(history.userDays.find(({ day }) => day === midnight)?.tried.keys() ?? [])].map(numberOf);
}
