import type { AddressHistory, HourCount, UserDay } from "../../functions/count/counter.ts";
import { defaultPolicy, type Policy } from "../../functions/decide/policy.ts";
import type { EpochSeconds } from "../../functions/parse/event.ts";

/** Epoch seconds of `2026-11-24T03`, `2026-11-24` or a whole ISO time, UTC. */
export function at(time: string): EpochSeconds {
  const seconds = Date.parse(/T\d\d$/.test(time) ? `${time}:00Z` : time) / 1000;
  if (Number.isNaN(seconds)) throw new Error(`${time} is no time`);
  return seconds;
}

export function hour(
  time: string | EpochSeconds,
  attempts: number,
  more: Partial<HourCount> = {},
): HourCount {
  const start = typeof time === "number" ? time : at(time);
  return { hour: start, host: "mx1", attempts, events: attempts, probes: 0, successes: 0, ...more };
}

export function history(ip: string, hours: HourCount[], more: Partial<AddressHistory> = {}): AddressHistory {
  const starts = hours.map((counted) => counted.hour);
  return {
    ip,
    hours,
    userDays: [],
    services: ["imap"],
    users: 1,
    first: Math.min(...starts),
    last: Math.max(...starts) + 1800,
    firstSuccess: hours.find(({ successes }) => successes > 0)?.hour,
    ...more,
  };
}

export function policy(changes: Partial<Policy> = {}): Policy {
  return { ...defaultPolicy, ...changes };
}

export function context(now: string, changes: Partial<Policy> = {}, countries: Record<string, string> = {}) {
  return { policy: policy(changes), now: at(now), countryOf: (ip: string) => countries[ip] };
}

/** A day's users: attempts by user, successful logins by user. */
export function users(
  day: string,
  tried: Record<string, number>,
  succeeded: Record<string, number> = {},
  triedCount = Object.keys(tried).length,
): UserDay {
  const map = (counts: Record<string, number>) => new Map(Object.entries(counts));
  return { day: at(day), tried: map(tried), triedCount, succeeded: map(succeeded) };
}
