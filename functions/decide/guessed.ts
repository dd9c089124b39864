import type { AddressHistory } from "../count/counter.ts";
import { columnsOf } from "../count/hour-columns.ts";
import type { EpochSeconds } from "../parse/event.ts";
import { banOf, offences, offencesOf } from "./bans.ts";
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
  if (firstSuccess === undefined || offencesOf(columnsOf(history), policy, firstSuccess).ban === undefined)
    return false;
  const today = Math.floor(firstSuccess / DAY) * DAY;
  const until = friend.days.filter(({ day }) => day <= today);
  const tried = userDays.filter(({ day }) => day <= today).flatMap((day) => [...day.tried.keys()]);
  const strangers = new Set(tried.filter((user) => !friend.users.has(user)));
  const attempts = attemptsUntil(today, friend, policy);
  const logins = hours
    .filter(({ hour }) => hour < today + DAY)
    .reduce((sum, { successes }) => sum + successes, 0);
  if (strangers.size < 2 || attempts < policy.maxretry) return false;
  const most = until.reduce((users, day) => Math.max(users, day.users), strangers.size);
  if (attempts <= logins && most < MISTYPED * friend.users.size) return false;
  if (friend.users.size >= policy.shared.users && most < STUFFED * friend.users.size) return false;
  return !isOneHostsWord(history, friend, policy);
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
function isOneHostsWord(history: AddressHistory, friend: Friend, policy: Policy): boolean {
  const accusers = history.hours.filter((counted) => offences(counted, policy.countProbes) > 0);
  return [...new Set(accusers.map(({ host }) => host))].some((accuser) => {
    const logins = history.hours.filter(({ host, successes }) => host !== accuser && successes > 0);
    const days = new Set(logins.map(({ hour }) => Math.floor(hour / DAY)));
    return days.size >= 2 && restsOn(accuser, history, friend, policy);
  });
}

/** Whether what looks guessed looks so by that host's word only. What others tell may be a user's own mistakes. */
export function restsOn(accuser: string, history: AddressHistory, friend: Friend, policy: Policy): boolean {
  const { firstSuccess = 0 } = history;
  const others = history.hours.filter(({ host, hour }) => host !== accuser && hour <= firstSuccess);
  if (banOf(others, policy, firstSuccess) === undefined) return true;
  const rest = withoutHost(friend, accuser, history, policy);
  const today = Math.floor(firstSuccess / DAY) * DAY;
  return rest !== undefined && attemptsUntil(today, rest, policy) < policy.maxretry;
}

/** Nobody mistypes in so many ways, however busy the one account then is. */
const MISTYPED = 10;

/** With stolen passwords at most one login in fifty fits; behind carriers most logins are proper. */
const STUFFED = 50;
