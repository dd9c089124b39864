import type { AddressHistory, HourCount, UserDay } from "../count/counter.ts";
import { columnsOf, type HourColumns } from "../count/hour-columns.ts";
import type { TriedUsers } from "../count/tried-users.ts";
import type { EpochSeconds } from "../parse/event.ts";

/** The history as it stood: without hours after `now`. A day's users are known as a whole only. */
export function upTo(history: AddressHistory, now: EpochSeconds): AddressHistory {
  if (history.last <= now) return history;
  const { ip, hours, userDays, services, users, first, firstSuccess } = history;
  return {
    ...{ ip, services, users },
    hours: hours.filter(({ hour }) => hour <= now),
    userDays: userDays.filter(({ day }) => day <= now),
    first: Math.min(first, now),
    last: now,
    firstSuccess: firstSuccess === undefined || firstSuccess > now ? undefined : firstSuccess,
  };
}

/** The same history, which makes what a view makes once, however often it is asked. */
export function remembered(history: AddressHistory): AddressHistory {
  return history.sums === undefined ? history : new RememberedView(history);
}

class RememberedView implements AddressHistory {
  readonly ip: AddressHistory["ip"];
  readonly first: EpochSeconds;
  readonly last: EpochSeconds;
  readonly firstSuccess: EpochSeconds | undefined;
  readonly sums: AddressHistory["sums"];
  private readonly view: AddressHistory;
  private madeHours: HourCount[] | undefined;
  private madeUserDays: UserDay[] | undefined;

  constructor(view: AddressHistory) {
    this.ip = view.ip;
    this.first = view.first;
    this.last = view.last;
    this.firstSuccess = view.firstSuccess;
    this.sums = view.sums;
    this.view = view;
  }

  get hours(): HourCount[] {
    this.madeHours ??= this.view.hours;
    return this.madeHours;
  }

  get userDays(): UserDay[] {
    this.madeUserDays ??= this.view.userDays;
    return this.madeUserDays;
  }

  get services(): AddressHistory["services"] {
    return this.view.services;
  }

  get users(): number {
    return this.view.users;
  }

  columns(): HourColumns {
    return columnsOf(this.view);
  }

  triedSince(midnight: EpochSeconds, numberOf: (user: string) => number): TriedUsers | undefined {
    return this.view.triedSince?.(midnight, numberOf);
  }
}

/** Addresses that count as one, as one: the first in text order speaks for all. At least one history. */
export function mergeHistories(histories: readonly AddressHistory[]): AddressHistory {
  if (histories.length === 1) return histories[0]!;
  const successes = histories.flatMap(({ firstSuccess }) => firstSuccess ?? []);
  return {
    ip: histories.map(({ ip }) => ip).sort()[0]!,
    hours: mergeHours(histories),
    userDays: mergeUserDays(histories),
    services: [...new Set(histories.flatMap(({ services }) => services))].sort(),
    users: histories.reduce((sum, { users }) => sum + users, 0),
    first: histories.reduce((least, { first }) => Math.min(least, first), Number.POSITIVE_INFINITY),
    last: histories.reduce((most, { last }) => Math.max(most, last), 0),
    firstSuccess: successes.length === 0 ? undefined : successes.reduce((a, b) => Math.min(a, b)),
  };
}

function mergeHours(histories: readonly AddressHistory[]): HourCount[] {
  const merged = new Map<string, HourCount>();
  for (const { hours } of histories) {
    for (const count of hours) {
      const key = `${count.hour} ${count.host}`;
      const before = merged.get(key);
      merged.set(key, before === undefined ? count : addHours(before, count));
    }
  }
  return [...merged.values()].sort((a, b) => a.hour - b.hour || (a.host < b.host ? -1 : 1));
}

function addHours(a: HourCount, b: HourCount): HourCount {
  return {
    hour: a.hour,
    host: a.host,
    attempts: a.attempts + b.attempts,
    events: a.events + b.events,
    probes: a.probes + b.probes,
    successes: a.successes + b.successes,
  };
}

function mergeUserDays(histories: readonly AddressHistory[]): UserDay[] {
  const days = Map.groupBy(histories.flatMap(userDaysByHost), ({ day }) => day);
  const merged = [...days].map(([day, own]) => {
    const tried = sumMaps(own.map((one) => one.tried));
    const triedCount = own.reduce((most, one) => Math.max(most, one.triedCount), tried.size);
    const succeeded = sumMaps(own.map((one) => one.succeeded));
    return { day, tried, triedBy: triedByHost(own), triedCount, succeeded };
  });
  return merged.sort((a, b) => a.day - b.day);
}

const DAY = 86_400;

/** A day that one host alone tells of does not name it: together with other addresses' days it must. */
function userDaysByHost({ hours, userDays }: AddressHistory): UserDay[] {
  return userDays.map((one) => {
    if (one.triedBy !== undefined) return one;
    const told = hours.filter(
      ({ hour, attempts, probes }) => hour >= one.day && hour < one.day + DAY && attempts + probes > 0,
    );
    const [host, ...others] = new Set(told.map((counted) => counted.host));
    if (others.length > 0) return one;
    return { ...one, triedBy: host === undefined ? new Map() : new Map([[host, one.tried]]) };
  });
}

/** Where one of several does not say which host told of it, nobody knows. */
function triedByHost(days: readonly UserDay[]): UserDay["triedBy"] {
  if (days.length === 1) return days[0]!.triedBy;
  if (days.some(({ triedBy }) => triedBy === undefined)) return undefined;
  const byHost = Map.groupBy(
    days.flatMap(({ triedBy }) => [...triedBy!]),
    ([host]) => host,
  );
  return new Map([...byHost].map(([host, own]) => [host, sumMaps(own.map(([, tried]) => tried))]));
}

function sumMaps(maps: readonly ReadonlyMap<string, number>[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const map of maps) {
    for (const [key, count] of map) sums.set(key, (sums.get(key) ?? 0) + count);
  }
  return sums;
}

/** The history of an address that nothing is known of. */
export function nothingKnown(ip: AddressHistory["ip"]): AddressHistory {
  const nothing = { hours: [], userDays: [], services: [], users: 0, first: 0, last: 0 };
  return { ip, ...nothing, firstSuccess: undefined };
}
