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
import { eachUser, horizonOf, type SprayDay, sprayBantime, sprayDays } from "./spray-days.ts";
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
    pace: dayCounters(horizon.days),
    distinct: new Distinct(),
    logins,
  };
  const { rowOf } = counters.users;
  const candidates: { ref: HistoryRef; subject: Subject; ownEnd: EpochSeconds }[] = [];
  return {
    add: (history, sums, subject, ownEnd, keep) => {
      if (!canSpray(sums, policy)) return;
      const days = sprayDays(history, policy, horizon, rowOf);
      count(days, subject, counters, policy);
      if (latestEnd(days) + sprayBantime(policy) > Math.max(ownEnd, now))
        candidates.push({ ref: keep(), subject, ownEnd });
    },
    *sprayers() {
      for (const { ref, subject, ownEnd } of candidates) {
        const history = remembered(histories.get(ref));
        const spray = sprayBan(sprayDays(history, policy, horizon, rowOf), subject, counters, policy);
        if (spray !== undefined && spray.until > Math.max(ownEnd, now))
          yield { history, subject, spray, ownEnd };
      }
    },
  };
}

interface Counters {
  users: DayCounters<string>;
  networks: DayCounters<number | bigint>;
  pace: DayCounters<"all">;
  /** Tells users apart, by the numbers of their rows in `users`. */
  distinct: Distinct;
  /** Neighbourhoods that somebody logs in from: a customer's mistyped names are none of its neighbours' business. */
  logins: LoginNetworks;
}

/** Undefined for addresses whose neighbours are strangers (NAT64, Teredo). */
function neighbourhood({ range, single }: Subject, policy: Policy): number | bigint | undefined {
  if (range.family === 6 && single) return undefined;
  return neighbourhoodKey(neighbourhoodOf(range, policy));
}

function count(days: readonly SprayDay[], subject: Subject, counters: Counters, policy: Policy): void {
  if (days.length === 0) return;
  const { users, networks, pace, distinct } = counters;
  const network = neighbourhood(subject, policy);
  const networkRow = network === undefined ? undefined : networks.rowOf(network);
  const paceRow = pace.rowOf("all");
  for (const one of days) {
    if (networkRow !== undefined) networks.add(networkRow, one.day);
    if (one.attempts >= policy.spray.maxretry) pace.add(paceRow, one.day);
    eachUser(one, distinct, (user) => users.add(user, one.day));
  }
}

function latestEnd(days: readonly SprayDay[]): EpochSeconds {
  return days.reduce((latest, { end = 0 }) => Math.max(latest, end), 0);
}

/** The ban of the latest day on which enough others did the same. */
function sprayBan(
  days: readonly SprayDay[],
  subject: Subject,
  counters: Counters,
  policy: Policy,
): SprayBan | undefined {
  for (const day of days.toReversed()) {
    if (day.end === undefined) continue;
    const group = groupOf(day, subject, counters, policy);
    if (group !== undefined)
      return { until: day.end + sprayBantime(policy), attempts: day.attempts, ...group };
  }
  return undefined;
}

/** The first group that is large enough, the largest for users. */
function groupOf(
  one: SprayDay,
  subject: Subject,
  { users: byUser, networks, pace, distinct, logins }: Counters,
  { spray, ...policy }: Policy,
): { addresses: number; what: string } | undefined {
  const { day, attempts } = one;
  let most = 0;
  eachUser(one, distinct, (user) => {
    most = Math.max(most, byUser.at(user, day));
  });
  if (most >= spray.addresses)
    return { addresses: most, what: `tried the same user (limit ${spray.addresses})` };
  const network = neighbourhood(subject, { ...policy, spray });
  const near =
    network === undefined || logins.has(subject.range) ? 0 : networks.at(networks.rowOf(network), day);
  if (near >= spray.neighbours) {
    const text = networkText(neighbourhoodOf(subject.range, { ...policy, spray }));
    return { addresses: near, what: `of ${text} did so (limit ${spray.neighbours})` };
  }
  const steady = attempts >= spray.maxretry ? pace.at(pace.rowOf("all"), day) : 0;
  if (steady < spray.addresses) return undefined;
  return { addresses: steady, what: `made ${spray.maxretry} or more each (limit ${spray.addresses})` };
}
