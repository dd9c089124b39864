/** One address's days, as spraying is looked for: what it tried in the findtime that ends with each. */
import type { AddressHistory } from "../count/counter.ts";
import type { EpochSeconds } from "../parse/event.ts";
import { offences } from "./bans.ts";
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

export function horizonOf({ bantime }: Policy, now: EpochSeconds): Horizon {
  const days = Math.min(Math.ceil(bantime / DAY) + 2, MOST_DAYS);
  return { first: (Math.floor(now / DAY) - days + 1) * DAY, days };
}

/** A day such that the findtime that ends with it has attempts in at least `spray.hours` different hours. */
export interface SprayDay {
  /** Days since the horizon's first. */
  day: number;
  /** In the findtime that ends with the day. */
  attempts: number;
  /** Users tried in that findtime. */
  users: ReadonlySet<string>;
  /** End of the day's last hour with attempts; undefined where it had none itself. */
  end: EpochSeconds | undefined;
}

/** In order, within the horizon. */
export function sprayDays(history: AddressHistory, policy: Policy, horizon: Horizon): SprayDay[] {
  const tries = triesByDay(history, policy.countProbes, horizon);
  const findtime = policy.spray.findtime / DAY;
  const days: SprayDay[] = [];
  const end = Math.min((tries.at(-1)?.day ?? 0) + findtime, horizon.days);
  for (let day = Math.max(tries[0]?.day ?? 0, 0); day < end; day++) {
    const window = tries.filter((one) => one.day <= day && one.day > day - findtime);
    if (window.reduce((sum, one) => sum + one.hours.size, 0) < policy.spray.hours) continue;
    const attempts = window.reduce((sum, one) => sum + one.attempts, 0);
    const users = window.length === 1 ? window[0]!.users : unionOf(window.map((one) => one.users));
    days.push({ day, attempts, users, end: window.find((one) => one.day === day)?.end });
  }
  return days;
}

interface TriedDay {
  day: number;
  attempts: number;
  hours: Set<EpochSeconds>;
  users: ReadonlySet<string>;
  end: EpochSeconds;
}

function triesByDay(history: AddressHistory, countProbes: boolean, { first }: Horizon): TriedDay[] {
  const days: TriedDay[] = [];
  for (const counted of history.hours) {
    const attempts = offences(counted, countProbes);
    if (attempts === 0) continue;
    const day = Math.floor((counted.hour - first) / DAY);
    const known = days.find((one) => one.day === day);
    const end = counted.hour + HOUR;
    if (known === undefined) {
      const users = usersTried(history, first + day * DAY);
      days.push({ day, attempts, hours: new Set([counted.hour]), users, end });
    } else {
      known.attempts += attempts;
      known.hours.add(counted.hour);
      known.end = Math.max(known.end, end);
    }
  }
  return days.sort((a, b) => a.day - b.day);
}

function usersTried({ userDays }: AddressHistory, midnight: EpochSeconds): ReadonlySet<string> {
  const tried = userDays.find(({ day }) => day === midnight)?.tried;
  return tried === undefined ? NOBODY : new Set(tried.keys());
}

const NOBODY: ReadonlySet<string> = new Set();

function unionOf(sets: readonly ReadonlySet<string>[]): ReadonlySet<string> {
  return new Set(sets.flatMap((set) => [...set]));
}
