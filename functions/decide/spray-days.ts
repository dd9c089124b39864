/** One address's days, as spraying is looked for: what it tried in the findtime that ends with each. */
import type { AddressHistory } from "../count/counter.ts";
import { columnsOf } from "../count/hour-columns.ts";
import { TriedUsers } from "../count/tried-users.ts";
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

/**
 * One address's days such that the findtime that ends with each has attempts in at least `spray.hours` different hours, as
 * columns of numbers, in order. Used again and again, so that nothing of it is kept.
 */
export class SprayDays {
  size = 0;
  /** Days since the horizon's first. */
  readonly day: number[] = [];
  /** In the findtime that ends with the day. */
  readonly attempts: number[] = [];
  /** End of the day's last hour with attempts; 0 where it had none itself. */
  readonly end: EpochSeconds[] = [];
  /** Of the days with attempts, those of the findtime are the ones from `from` to below `to`. */
  readonly from: number[] = [];
  readonly to: number[] = [];
  readonly tries = new TriedDays();

  /** Looks at another address. @param numberOf a user's number */
  read(history: AddressHistory, policy: Policy, horizon: Horizon, numberOf: (user: string) => number): void {
    const { tries } = this;
    const findtime = policy.spray.findtime / DAY;
    tries.read(history, policy.countProbes, horizon, findtime, numberOf);
    this.size = 0;
    if (tries.size === 0) return;
    const last = Math.min(tries.day[tries.size - 1]! + findtime, horizon.days);
    let attempts = 0;
    let hours = 0;
    let from = 0;
    let to = 0;
    for (let day = Math.max(tries.day[0]!, 0); day < last; day++) {
      for (; to < tries.size && tries.day[to]! <= day; to++) {
        attempts += tries.attempts[to]!;
        hours += tries.hours[to]!;
      }
      for (; from < to && tries.day[from]! <= day - findtime; from++) {
        attempts -= tries.attempts[from]!;
        hours -= tries.hours[from]!;
      }
      if (hours >= policy.spray.hours) this.add(day, attempts, from, to);
    }
  }

  private add(day: number, attempts: number, from: number, to: number): void {
    const at = this.size++;
    const { tries } = this;
    this.day[at] = day;
    this.attempts[at] = attempts;
    this.from[at] = from;
    this.to[at] = to;
    this.end[at] = tries.day[to - 1] === day ? tries.end[to - 1]! : 0;
  }
}

/** One address's days with attempts, in order; those too long before the horizon are left out. */
class TriedDays {
  size = 0;
  /** Days since the horizon's first, negative before it. */
  readonly day: number[] = [];
  readonly attempts: number[] = [];
  /** How many different hours had attempts. */
  readonly hours: number[] = [];
  readonly end: EpochSeconds[] = [];
  /** Of the users that were tried, the day's are the ones from `from` to below `to`. */
  readonly from: number[] = [];
  readonly to: number[] = [];
  users: readonly number[] = [];

  read(
    history: AddressHistory,
    countProbes: boolean,
    { first }: Horizon,
    findtime: number,
    numberOf: (user: string) => number,
  ): void {
    this.size = 0;
    const columns = columnsOf(history);
    let lastHour = -1;
    for (let index = 0; index < columns.size; index++) {
      const hour = columns.hour[index]!;
      const attempts = offencesAt(columns, index, countProbes);
      const day = Math.floor((hour - first) / DAY);
      if (attempts === 0 || day <= -findtime) continue;
      if (this.size === 0 || this.day[this.size - 1] !== day) this.begin(day);
      const at = this.size - 1;
      this.attempts[at]! += attempts;
      this.end[at] = hour + HOUR;
      if (hour !== lastHour) this.hours[at]!++;
      lastHour = hour;
    }
    if (this.size > 0) this.takeUsers(triedSince(history, first + this.day[0]! * DAY, numberOf), first);
  }

  private takeUsers({ size, day, user }: TriedUsers, first: EpochSeconds): void {
    this.users = user;
    let next = 0;
    for (let at = 0; at < this.size; at++) {
      const midnight = first + this.day[at]! * DAY;
      while (next < size && day[next]! < midnight) next++;
      this.from[at] = next;
      while (next < size && day[next] === midnight) next++;
      this.to[at] = next;
    }
  }

  private begin(day: number): void {
    const at = this.size++;
    this.day[at] = day;
    this.attempts[at] = 0;
    this.hours[at] = 0;
  }
}

/** Good until another history is asked. */
function triedSince(
  history: AddressHistory,
  midnight: EpochSeconds,
  numberOf: (user: string) => number,
): TriedUsers {
  const known = history.triedSince?.(midnight, numberOf);
  if (known !== undefined) return known;
  scratch.size = 0;
  for (const { day, tried } of history.userDays)
    if (day >= midnight) for (const user of tried.keys()) scratch.add(day, numberOf(user));
  return scratch;
}

const scratch = new TriedUsers();
