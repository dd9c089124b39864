/**
 * Spraying: many addresses, each below maxretry, that guess together. Only addresses that nobody ever logged in from
 * take part, and only those that try in at least `hours` different hours: a customer who mistypes is done within one. For
 * each UTC day, over the findtime in whole days that ends with it, these are counted:
 *
 *     by user      addresses that tried the user                              reaches `addresses`
 *     by network   addresses in one neighbourhood                             reaches `neighbours`
 *     by pace      addresses with `maxretry` attempts, whomever they tried    reaches `addresses`
 *
 * Whoever has attempts on such a day and is one of those counted is banned for bantime, 98 days at most, from the end of its last hour
 * with attempts. More attempts only ever add to the counts, so they never shorten a ban.
 */
import type { AddressHistory } from "../count/counter.ts";
import { Distinct } from "../count/distinct.ts";
import type { EpochSeconds } from "../parse/event.ts";
import type { CaseContext } from "./case.ts";
import { type DayCounters, dayCounters } from "./day-counters.ts";
import type { LoginNetworks } from "./escalate.ts";
import { canSpray, type Sums } from "./harmless.ts";
import { remembered } from "./histories.ts";
import type { HistoryRef, HistoryStore } from "./history-store.ts";
import { neighbourhoodKey, neighbourhoodOf } from "./neighbourhood.ts";
import { networkText } from "./network.ts";
import type { Policy } from "./policy.ts";
import { horizonOf, SprayDays, sprayBantime } from "./spray-days.ts";
import type { Subject } from "./subject.ts";

/** What an address is banned for that guesses together with others. */
export interface SprayBan {
  until: EpochSeconds;
  /** Its own attempts in the findtime that ends with that day. */
  attempts: number;
  /** How many addresses do what it does, and what that is. */
  addresses: number;
  what: string;
}

export interface Sprayer {
  history: AddressHistory;
  subject: Subject;
  spray: SprayBan;
  /** End of the ban that it has earned alone. */
  ownEnd: EpochSeconds;
}

export interface Spray {
  /** Each subject once, in any order. `ownEnd`: end of the ban that it earns alone; `keep` puts its history away. */
  add(
    history: AddressHistory,
    sums: Sums,
    subject: Subject,
    ownEnd: EpochSeconds,
    keep: () => HistoryRef,
  ): void;
  /** Those whose ban is in force and lasts longer than what they earn alone. */
  sprayers(): Generator<Sprayer>;
}

export function startSpray(
  { policy, now }: CaseContext,
  logins: LoginNetworks,
  histories: HistoryStore,
): Spray {
  const horizon = horizonOf(policy, now);
  const counters: Counters = {
    users: dayCounters(horizon.days),
    networks: dayCounters(horizon.days),
    pace: new Uint32Array(horizon.days),
    distinct: new Distinct(),
    logins,
  };
  const { rowOf } = counters.users;
  const days = new SprayDays();
  const candidates: { ref: HistoryRef; subject: Subject; ownEnd: EpochSeconds }[] = [];
  return {
    add: (history, sums, subject, ownEnd, keep) => {
      if (!canSpray(sums, policy)) return;
      days.read(history, policy, horizon, rowOf);
      count(days, subject, counters, policy);
      if (latestEnd(days) + sprayBantime(policy) > Math.max(ownEnd, now))
        candidates.push({ ref: keep(), subject, ownEnd });
    },
    *sprayers() {
      for (const { ref, subject, ownEnd } of candidates) {
        const history = remembered(histories.get(ref));
        days.read(history, policy, horizon, rowOf);
        const spray = sprayBan(days, subject, counters, policy);
        if (spray !== undefined && spray.until > Math.max(ownEnd, now))
          yield { history, subject, spray, ownEnd };
      }
    },
  };
}

interface Counters {
  users: DayCounters<string>;
  networks: DayCounters<number | bigint>;
  /** By day. */
  pace: Uint32Array;
  /** Tells users apart, by the numbers of their rows in `users`. */
  distinct: Distinct;
  /** Neighbourhoods that somebody logs in from: a customer's mistyped names are none of its neighbours' business. */
  logins: LoginNetworks;
}

/** Undefined for addresses whose neighbours are strangers (NAT64, Teredo). */
function neighbourhood({ range, single }: Subject, policy: Policy): number | bigint | undefined {
  if (range.family === 6 && single) return undefined;
  return neighbourhoodKey(range, policy);
}

function count(days: SprayDays, subject: Subject, counters: Counters, policy: Policy): void {
  if (days.size === 0) return;
  const { networks, pace } = counters;
  const network = neighbourhood(subject, policy);
  const networkRow = network === undefined ? undefined : networks.rowOf(network);
  for (let at = 0; at < days.size; at++) {
    const day = days.day[at]!;
    if (networkRow !== undefined) networks.add(networkRow, day);
    if (days.attempts[at]! >= policy.spray.maxretry) pace[day]!++;
    countUsers(days, at, counters);
  }
}

/** Each user that was tried in the findtime that ends with the day at that place, once. */
function countUsers(days: SprayDays, at: number, { users, distinct }: Counters): void {
  const { tries, from, to } = days;
  const day = days.day[at]!;
  distinct.begin();
  for (let index = from[at]!; index < to[at]!; index++) {
    for (let n = tries.from[index]!; n < tries.to[index]!; n++) {
      const user = tries.users[n]!;
      if (distinct.isNew(user)) users.add(user, day);
    }
  }
}

function latestEnd({ size, end }: SprayDays): EpochSeconds {
  let latest = 0;
  for (let at = 0; at < size; at++) latest = Math.max(latest, end[at]!);
  return latest;
}

/** The ban of the latest day on which enough others did the same. */
function sprayBan(
  days: SprayDays,
  subject: Subject,
  counters: Counters,
  policy: Policy,
): SprayBan | undefined {
  for (let at = days.size - 1; at >= 0; at--) {
    const end = days.end[at]!;
    if (end === 0) continue;
    const group = groupOf(days, at, subject, counters, policy);
    if (group !== undefined)
      return { until: end + sprayBantime(policy), attempts: days.attempts[at]!, ...group };
  }
  return undefined;
}

/** The first group that is large enough, the largest for users. */
function groupOf(
  days: SprayDays,
  at: number,
  subject: Subject,
  { users, networks, pace, logins }: Counters,
  policy: Policy,
): { addresses: number; what: string } | undefined {
  const { spray } = policy;
  const day = days.day[at]!;
  const most = mostTogether(days, at, users);
  if (most >= spray.addresses)
    return { addresses: most, what: `tried the same user (limit ${spray.addresses})` };
  const network = neighbourhood(subject, policy);
  const near =
    network === undefined || logins.has(subject.range) ? 0 : networks.at(networks.rowOf(network), day);
  if (near >= spray.neighbours) {
    const text = networkText(neighbourhoodOf(subject.range, policy));
    return { addresses: near, what: `of ${text} did so (limit ${spray.neighbours})` };
  }
  const steady = days.attempts[at]! >= spray.maxretry ? pace[day]! : 0;
  if (steady < spray.addresses) return undefined;
  return { addresses: steady, what: `made ${spray.maxretry} or more each (limit ${spray.addresses})` };
}

/** How many addresses tried the one of its users that most of them tried. */
function mostTogether({ day, tries, from, to }: SprayDays, at: number, users: Counters["users"]): number {
  let most = 0;
  for (let index = from[at]!; index < to[at]!; index++) {
    for (let n = tries.from[index]!; n < tries.to[index]!; n++)
      most = Math.max(most, users.at(tries.users[n]!, day[at]!));
  }
  return most;
}
