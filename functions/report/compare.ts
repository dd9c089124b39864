/**
 * Another policy against the one in force, over the history: both decide at the end of each step, as they would have
 * then, and what they banned is laid side by side.
 */
import type { AddressHistory } from "../count/counter.ts";
import { type DecideContext, decideAll } from "../decide/decide.ts";
import type { Network } from "../decide/decision.ts";
import { policyVersion } from "../decide/policy-version.ts";
import type { Verdicts } from "../decide/verdicts.ts";
import type { Address, EpochSeconds } from "../parse/event.ts";

/** What one policy would have done with a network. */
export interface Banned {
  network: Network;
  /** The first step's end at which it was banned. */
  first: EpochSeconds;
  reason: string;
}

export interface Hit {
  ip: Address;
  /** Proper logins while the address was banned. */
  current: number;
  other: number;
}

export interface Comparison {
  from: EpochSeconds;
  until: EpochSeconds;
  /** How many moments were decided for. */
  steps: number;
  current: { version: string; banned: number };
  other: { version: string; banned: number };
  /** Banned by the other policy only. */
  added: Banned[];
  /** Banned by the one in force only. */
  dropped: Banned[];
  sooner: (Banned & { current: EpochSeconds })[];
  later: (Banned & { current: EpochSeconds })[];
  /** Proper logins that either would have hit. */
  logins: Hit[];
}

/**
 * @param current how it is decided now; its `now` is the end of the history
 * @param step seconds between two decisions; a ban that comes and goes between two is not seen
 */
export function compare(
  histories: readonly AddressHistory[],
  current: DecideContext,
  other: DecideContext,
  step: number,
): Comparison {
  const times = timesOf(histories, current.now, step);
  const [a, b] = [banned(histories, current, times), banned(histories, other, times)];
  const both = [...b.networks.values()].filter(({ network }) => a.networks.has(network));
  const timed = both.map((ban) => ({ ...ban, current: a.networks.get(ban.network)!.first }));
  return {
    from: times[0] ?? current.now,
    until: current.now,
    steps: times.length,
    current: { version: policyVersion(current.policy), banned: a.networks.size },
    other: { version: policyVersion(other.policy), banned: b.networks.size },
    added: [...b.networks.values()].filter(({ network }) => !a.networks.has(network)).sort(byTime),
    dropped: [...a.networks.values()].filter(({ network }) => !b.networks.has(network)).sort(byTime),
    sooner: timed.filter((ban) => ban.first < ban.current).sort(byTime),
    later: timed.filter((ban) => ban.first > ban.current).sort(byTime),
    logins: hits(a.logins, b.logins),
  };
}

/** When each address would first have been banned, by one policy. */
export function bannedOver(
  histories: readonly AddressHistory[],
  context: DecideContext,
  step: number,
): Map<Address, EpochSeconds> {
  const first = new Map<Address, EpochSeconds>();
  for (const now of timesOf(histories, context.now, step)) {
    const { actionOf } = decideAll(histories, { ...context, now, actionsOnly: true });
    for (const history of histories) {
      if (history.first <= now && !first.has(history.ip) && actionOf(history) === "ban")
        first.set(history.ip, now);
    }
  }
  return first;
}

/** The last second of each step, since an hour counts from its beginning on. */
function timesOf(histories: readonly AddressHistory[], now: EpochSeconds, step: number): EpochSeconds[] {
  const first = histories.reduce((least, history) => Math.min(least, history.first), now);
  const times: EpochSeconds[] = [];
  for (let end = (Math.floor(first / step) + 1) * step; end <= now; end += step) times.push(end - 1);
  return times.at(-1) === now ? times : [...times, now];
}

interface AllBanned {
  networks: Map<Network, Banned>;
  logins: Map<Address, number>;
}

function banned(
  histories: readonly AddressHistory[],
  context: DecideContext,
  times: readonly EpochSeconds[],
): AllBanned {
  const found: AllBanned = { networks: new Map(), logins: new Map() };
  for (const [index, now] of times.entries()) {
    const verdicts = decideAll(histories, { ...context, now });
    for (const { action, network, reason } of verdicts.decisions) {
      if (action === "ban" && !found.networks.has(network))
        found.networks.set(network, { network, first: now, reason });
    }
    const next = times[index + 1];
    if (next !== undefined) countHits(histories, verdicts, now, next, found.logins);
  }
  return found;
}

/** Logins in hours that begin after `now` and not after `next`, from addresses that were banned at `now`. */
function countHits(
  histories: readonly AddressHistory[],
  verdicts: Verdicts,
  now: EpochSeconds,
  next: EpochSeconds,
  into: Map<Address, number>,
): void {
  for (const history of histories) {
    const ahead = history.hours.filter(({ hour, successes }) => successes > 0 && hour > now && hour <= next);
    if (ahead.length === 0) continue;
    const { action, until = 0 } = verdicts.of(history);
    if (action !== "ban") continue;
    const hit = ahead.filter(({ hour }) => hour < until).reduce((sum, { successes }) => sum + successes, 0);
    if (hit > 0) into.set(history.ip, (into.get(history.ip) ?? 0) + hit);
  }
}

function hits(current: ReadonlyMap<Address, number>, other: ReadonlyMap<Address, number>): Hit[] {
  const all = [...new Set([...current.keys(), ...other.keys()])].sort();
  return all.map((ip) => ({ ip, current: current.get(ip) ?? 0, other: other.get(ip) ?? 0 }));
}

function byTime(a: Banned, b: Banned): number {
  return a.first - b.first || (a.network < b.network ? -1 : 1);
}
