import type { AddressHistory, HourCount } from "../count/counter.ts";
import type { EpochSeconds } from "../parse/event.ts";

/** The history as it stood: without hours after `now`. */
export function upTo(history: AddressHistory, now: EpochSeconds): AddressHistory {
  if (history.last <= now) return history;
  const { firstSuccess } = history;
  return {
    ...history,
    hours: history.hours.filter(({ hour }) => hour <= now),
    first: Math.min(history.first, now),
    last: now,
    firstSuccess: firstSuccess === undefined || firstSuccess > now ? undefined : firstSuccess,
  };
}

/** Histories of addresses that count as one. The lowest address in text order speaks for all, whatever came first. */
export function mergeHistories(a: AddressHistory | undefined, b: AddressHistory): AddressHistory {
  if (a === undefined) return b;
  return {
    ip: [a.ip, b.ip].sort()[0]!,
    hours: mergeHours([...a.hours, ...b.hours]),
    services: [...new Set([...a.services, ...b.services])].sort(),
    users: a.users + b.users,
    first: Math.min(a.first, b.first),
    last: Math.max(a.last, b.last),
    firstSuccess: earlier(a.firstSuccess, b.firstSuccess),
  };
}

function mergeHours(hours: HourCount[]): HourCount[] {
  const merged = new Map<string, HourCount>();
  for (const count of hours) {
    const key = `${count.hour} ${count.host}`;
    const before = merged.get(key);
    merged.set(key, before === undefined ? count : addHours(before, count));
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

function earlier(a: EpochSeconds | undefined, b: EpochSeconds | undefined): EpochSeconds | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return Math.min(a, b);
}
