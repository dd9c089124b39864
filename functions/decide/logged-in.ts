/** Rules for addresses that users log in from. */
import type { AddressHistory, HourCount } from "../count/counter.ts";
import { type Ban, banOf, inForce, offences } from "./bans.ts";
import type { Case } from "./case.ts";
import { durationPhrase } from "./duration.ts";
import { banOfDays, friendBan, strangerDays, withoutHost } from "./friend.ts";
import { restsOn } from "./guessed.ts";
import { isoTime } from "./iso-time.ts";
import { attemptsPhrase, date, failedLogins } from "./phrases.ts";
import { allow, type Ruling } from "./ruling.ts";

export function otherHost(facts: Case): Ruling | undefined {
  const { history, offences: plain, context } = facts;
  const { policy, now } = context;
  if (inForce(plain.ban, now) === undefined || !hasLogins(history)) return undefined;
  for (const accuser of hostsWith(history.hours, (counted) => offences(counted, policy.countProbes))) {
    const others = history.hours.filter(({ host }) => host !== accuser);
    const [witness] = hostsWith(others, ({ successes }) => successes);
    if (witness === undefined || inForce(banWithout(accuser, others, facts), now) !== undefined) continue;
    if (inForce(facts.banBy(policy), now) === undefined) return undefined;
    const reason = () =>
      `only ${accuser} tells of that many failed logins, and users log in properly at ${witness}`;
    return allow("otherHost", reason);
  }
  return undefined;
}

export function shared(facts: Case): Ruling | undefined {
  const { history, friend, offences: plain, context } = facts;
  const { policy, now } = context;
  if (plain.ban === undefined || !isShared(facts)) return undefined;
  const { maxretry, bantime } = policy.shared;
  const days = friend?.days ?? strangerDays(history, new Set(), policy);
  const rule = { ...policy, maxretry, bantime, bantimeIncrement: { factor: 1, max: bantime } };
  const ban = inForce(banOfDays(days, rule), now);
  const who = context.shared.overlaps(facts.subject.range)
    ? "many share"
    : `${friend?.users.size} users log in from`;
  if (ban === undefined) {
    return allow(
      "shared",
      () =>
        `${failedLogins(plain.peak)} within ${durationPhrase(policy.findtime)}, but ${who} ${history.ip}: limit ${maxretry} at users who never logged in from there`,
    );
  }
  const reason = () =>
    `${attemptsPhrase(ban, maxretry, facts)}, and ${who} ${history.ip}; banned for ${durationPhrase(bantime)} only, until ${isoTime(ban.until)}`;
  return { action: "ban", rule: "shared", reason, until: ban.until };
}

export function allowAfterSuccess({
  history,
  friend,
  offences,
  banBy,
  context: { policy },
}: Case): Ruling | undefined {
  if (friend === undefined || offences.ban === undefined || banBy(policy) !== undefined) return undefined;
  const { maxPerDay, maxUsersPerDay } = policy.allowAfterSuccess;
  const who = friend.users.size <= 1 ? "a user logs" : `${friend.users.size} users log`;
  const reason = () =>
    `${failedLogins(offences.peak)} within ${durationPhrase(policy.findtime)}, but ${who} in from ${history.ip} properly, last on ${date(friend.lastSuccess)}, and on no day were more than ${maxPerDay} attempts or ${maxUsersPerDay} users others'`;
  return allow("allowAfterSuccess", reason);
}

function banWithout(
  accuser: string,
  others: readonly HourCount[],
  { history, friend, guesser, context: { policy, now } }: Case,
): Ban | undefined {
  const known = friend ?? (guesser && restsOn(accuser, history, guesser, policy) ? guesser : undefined);
  const rest = known && withoutHost(known, accuser, history, policy);
  return rest === undefined ? banOf(others, policy, now) : friendBan(rest, policy, policy);
}

function isShared({ subject, friend, context }: Case): boolean {
  return context.shared.overlaps(subject.range) || (friend?.users.size ?? 0) >= context.policy.shared.users;
}

/** Hosts that tell of some of what is counted, by name. */
export function hostsWith(hours: readonly HourCount[], count: (counted: HourCount) => number): string[] {
  return [...new Set(hours.filter((counted) => count(counted) > 0).map(({ host }) => host))].sort();
}

export function hasLogins(history: AddressHistory): boolean {
  const { sums } = history;
  return sums === undefined ? history.hours.some(({ successes }) => successes > 0) : sums.successes > 0;
}
