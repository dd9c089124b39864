import type { AddressHistory } from "../count/counter.ts";
import type { EpochSeconds } from "../parse/event.ts";
import { offences, offencesOf } from "./bans.ts";
import { type Friend, withoutHost } from "./friend.ts";
import type { Policy } from "./policy.ts";

const DAY = 86_400;

/**
 * Whether the first success looks guessed: maxretry was reached by then, and at several users who never got in was
 * tried that often, and more often than anybody logged in. Who tried what is known by day only, so the first
 * success's own day counts as a whole; that is why logins are weighed against it. One user who fails often and then
 * gets in is never that; nor is an address that many users log in from (a carrier's has guessers behind it from its
 * first day on), unless so many more were tried that some of the passwords were bound to fit.
 */
export function looksGuessed(history: AddressHistory, friend: Friend, policy: Policy): boolean {
  const { firstSuccess, hours, userDays } = history;
  if (firstSuccess === undefined || offencesOf(hours, policy, firstSuccess).ban === undefined) return false;
  const today = Math.floor(firstSuccess / DAY) * DAY;
  const until = friend.days.filter(({ day }) => day <= today);
  const tried = userDays.filter(({ day }) => day <= today).flatMap((day) => [...day.tried.keys()]);
  const strangers = new Set(tried.filter((user) => !friend.users.has(user)));
  const attempts = attemptsUntil(today, friend, policy);
  const logins = hours
    .filter(({ hour }) => hour < today + DAY)
    .reduce((sum, { successes }) => sum + successes, 0);
  if (strangers.size < 2 || attempts < policy.maxretry || attempts <= logins) return false;
  const most = until.reduce((users, day) => Math.max(users, day.users), strangers.size);
  if (friend.users.size >= policy.shared.users && most < STUFFED * friend.users.size) return false;
  return !isOneHostsWord(history, firstSuccess, friend, policy);
}

/** What was tried at strangers in the findtime that ends with a day. */
function attemptsUntil(today: EpochSeconds, { days }: Friend, { findtime }: Policy): number {
  const within = days.filter(({ day }) => day <= today && day >= today - findtime);
  return within.reduce((sum, { attempts }) => sum + attempts, 0);
}

/**
 * Whether only one host tells of the guessing, while others saw logins on two days: its word does not outweigh that.
 * (Whoever has just guessed at one host and got in at another has logged in on one day only.)
 */
function isOneHostsWord(
  history: AddressHistory,
  firstSuccess: EpochSeconds,
  friend: Friend,
  policy: Policy,
): boolean {
  const { hours } = history;
  const today = Math.floor(firstSuccess / DAY) * DAY;
  const known = hours.filter(({ hour }) => hour <= firstSuccess);
  const accusers = new Set(
    known.filter((counted) => offences(counted, policy.countProbes) > 0).map(({ host }) => host),
  );
  return [...accusers].some((accuser) => {
    const logins = hours.filter(({ host, successes }) => host !== accuser && successes > 0);
    if (new Set(logins.map(({ hour }) => Math.floor(hour / DAY))).size < 2) return false;
    const others = known.filter(({ host }) => host !== accuser);
    if (offencesOf(others, policy, firstSuccess).ban === undefined) return true;
    // what the others tell may be no more than a user's own mistakes
    const rest = withoutHost(friend, accuser, history, policy);
    return rest !== undefined && attemptsUntil(today, rest, policy) < policy.maxretry;
  });
}

/** With stolen passwords at most one login in fifty fits; behind carriers most logins are proper. */
const STUFFED = 50;
