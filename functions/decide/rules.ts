/** The rules over one subject, in the order in which they are asked. The first that speaks decides; the last always does. */
import type { HourCount } from "../count/counter.ts";
import type { EpochSeconds } from "../parse/event.ts";
import { type Ban, banOf, inForce, offences } from "./bans.ts";
import type { Case, Ruling } from "./case.ts";
import { durationPhrase } from "./duration.ts";
import { banOfDays, friendBan, strangerDays, withoutHost } from "./friend.ts";
import { restsOn } from "./guessed.ts";
import { isoTime } from "./iso-time.ts";
import { networkText } from "./network.ts";
import type { NetworkSet } from "./network-set.ts";
import { neverBanned } from "./never.ts";
import type { Policy } from "./policy.ts";
import type { SprayBan } from "./spray.ts";

type Rule = (facts: Case) => Ruling | undefined;

export const RULES: readonly Rule[] = [
  never,
  own,
  proxy,
  ignoreip,
  unban,
  allowlist,
  clean,
  otherHost,
  shared,
  allowAfterSuccess,
  home,
  blocklist,
  spray,
  maxretry,
  expired,
  below,
];

function never({ history: { ip } }: Case): Ruling | undefined {
  const what = neverBanned(ip);
  return what === undefined ? undefined : allow("never", `${ip} is ${what}: never banned`);
}

function own(facts: Case): Ruling | undefined {
  return listedIn(facts, "own", facts.context.own, "the fleet's own addresses");
}

function proxy(facts: Case): Ruling | undefined {
  return listedIn(facts, "proxy", facts.context.trustedProxies, "the trusted proxies");
}

function ignoreip(facts: Case): Ruling | undefined {
  return listedIn(facts, "ignoreip", facts.context.ignoreip, "ignoreip");
}

/** By hand, until somebody's word ends. */
function unban({ history: { ip }, context: { unbans } }: Case): Ruling | undefined {
  const found = unbans.set.find(ip);
  const given = found && unbans.byNetwork.get(networkText(found));
  if (given === undefined) return undefined;
  const { network, by, until, reason } = given;
  const whose = network === ip ? ip : `${network}, where ${ip} lies,`;
  return allow("unban", `${whose} was unbanned by ${by} until ${isoTime(until)}: ${reason}`);
}

function allowlist({ history: { ip }, context: { allow: lists } }: Case): Ruling | undefined {
  const found = lists.find(ip);
  return (
    found &&
    allow("allowlist", `${ip} is on the list ${found.list.name} until ${isoTime(found.list.expires)}`)
  );
}

function clean({ offences }: Case): Ruling | undefined {
  return offences.peak > 0 ? undefined : allow("clean", "no failed login in what is stored");
}

/** What one host tells never outweighs proper logins that another saw: without any one host the ban must stand. */
function otherHost(facts: Case): Ruling | undefined {
  const { history, offences: plain, context } = facts;
  const { policy, now } = context;
  if (inForce(plain.ban, now) === undefined || !hasLogins(history.hours)) return undefined;
  for (const accuser of hostsWith(history.hours, (counted) => offences(counted, policy.countProbes))) {
    const others = history.hours.filter(({ host }) => host !== accuser);
    const [witness] = hostsWith(others, ({ successes }) => successes);
    if (witness === undefined || inForce(banWithout(accuser, others, facts), now) !== undefined) continue;
    if (inForce(facts.banBy(policy), now) === undefined) return undefined;
    const reason = `only ${accuser} tells of that many failed logins, and users log in properly at ${witness}`;
    return allow("otherHost", reason);
  }
  return undefined;
}

/**
 * The ban that would stand without one host's word; of a friend, and of who would be one then, only what counts of a
 * friend, where that is known.
 */
function banWithout(
  accuser: string,
  others: readonly HourCount[],
  { history, friend, guesser, context: { policy, now } }: Case,
): Ban | undefined {
  const known = friend ?? (guesser && restsOn(accuser, history, guesser, policy) ? guesser : undefined);
  const rest = known && withoutHost(known, accuser, history, policy);
  return rest === undefined ? banOf(others, policy, now) : friendBan(rest, policy, policy);
}

/** Offices and carriers: where many users log in, what others try there has a limit of its own and a short ban. */
function shared(facts: Case): Ruling | undefined {
  const { history, friend, offences: plain, context } = facts;
  const { policy, now } = context;
  if (plain.ban === undefined || !isShared(facts)) return undefined;
  const { maxretry, bantime } = policy.shared;
  const days = friend?.days ?? strangerDays(history, new Set(), policy);
  const rule = { ...policy, maxretry, bantime, bantimeIncrement: { factor: 1, max: bantime } };
  const ban = inForce(banOfDays(days, rule), now);
  const who =
    context.shared.find(history.ip) === undefined ? `${friend?.users.size} users log in from` : "many share";
  if (ban === undefined) {
    return allow(
      "shared",
      `${failedLogins(plain.peak)} within ${durationPhrase(policy.findtime)}, but ${who} ${history.ip}: limit ${maxretry} at users who never logged in from there`,
    );
  }
  const reason = `${attemptsPhrase(ban, maxretry, facts)}, and ${who} ${history.ip}; banned for ${durationPhrase(bantime)} only, until ${isoTime(ban.until)}`;
  return { action: "ban", rule: "shared", reason, until: ban.until };
}

function isShared({ history: { ip }, friend, context }: Case): boolean {
  return context.shared.find(ip) !== undefined || (friend?.users.size ?? 0) >= context.policy.shared.users;
}

function hasLogins(hours: readonly HourCount[]): boolean {
  return hours.some(({ successes }) => successes > 0);
}

function hostsWith(hours: readonly HourCount[], count: (counted: HourCount) => number): string[] {
  return [...new Set(hours.filter((counted) => count(counted) > 0).map(({ host }) => host))].sort();
}

function allowAfterSuccess({
  history,
  friend,
  offences,
  banBy,
  context: { policy },
}: Case): Ruling | undefined {
  if (friend === undefined || offences.ban === undefined || banBy(policy) !== undefined) return undefined;
  const { maxPerDay, maxUsersPerDay } = policy.allowAfterSuccess;
  const who = friend.users.size <= 1 ? "a user logs" : `${friend.users.size} users log`;
  const reason = `${failedLogins(offences.peak)} within ${durationPhrase(policy.findtime)}, but ${who} in from ${history.ip} properly, last on ${date(friend.lastSuccess)}, and on no day were more than ${maxPerDay} attempts or ${maxUsersPerDay} users others'`;
  return allow("allowAfterSuccess", reason);
}

/** Offenders from home are reported to their provider; they are banned too once they reach homeMaxretry. */
function home(facts: Case): Ruling | undefined {
  const { policy, now } = facts.context;
  if (!isHome(facts)) return undefined;
  const ban = inForce(facts.banBy(policy), now);
  if ((ban ?? facts.spray) === undefined) return undefined;
  const where =
    facts.country === undefined ? "from an unknown country" : `from ${facts.country}, a home country`;
  const harder = inForce(facts.banBy({ ...policy, maxretry: policy.homeMaxretry }), now);
  if (harder !== undefined) {
    const reason = `${attemptsPhrase(harder, policy.homeMaxretry, facts)} ${where}; banned until ${isoTime(harder.until)}, and reported`;
    return { action: "ban", rule: "homeMaxretry", reason, until: harder.until };
  }
  const what =
    ban === undefined ? sprayPhrase(facts.spray!, policy) : attemptsPhrase(ban, policy.maxretry, facts);
  const reason = `${what} ${where}: reported, not banned below ${policy.homeMaxretry}`;
  return { action: "report", rule: "home", reason };
}

/** On somebody's list, and has tried: at once, unless anybody ever logged in from there, or what it earns itself is longer. */
function blocklist(facts: Case): Ruling | undefined {
  const { history, context, offences: plain, banBy } = facts;
  const found = context.block.find(history.ip);
  if (found === undefined || hasLogins(history.hours) || isHome(facts)) return undefined;
  const { name, expires } = found.list;
  const own = Math.max(banBy(context.policy)?.until ?? 0, facts.spray?.until ?? 0);
  if (context.shared.find(history.ip) !== undefined || own >= expires) return undefined;
  const reason = `${failedLogins(plain.peak)}, and ${found.network} is on the list ${name}; banned until ${isoTime(expires)}`;
  return { action: "ban", rule: "blocklist", reason, until: expires };
}

/** Guesses together with others, each below maxretry: for as long as that ban lasts longer than its own. */
function spray({
  history: { ip },
  spray: found,
  context: { shared: given, policy },
}: Case): Ruling | undefined {
  if (found === undefined || given.find(ip) !== undefined) return undefined;
  const reason = `${sprayPhrase(found, policy)}; banned until ${isoTime(found.until)}`;
  return { action: "ban", rule: "spray", reason, until: found.until };
}

function sprayPhrase({ attempts, addresses, what }: SprayBan, { spray: { findtime } }: Policy): string {
  return `${failedLogins(attempts)} within ${durationPhrase(findtime)}, and ${addresses} addresses that nobody logs in from ${what}`;
}

function maxretry(facts: Case): Ruling | undefined {
  const { policy, now } = facts.context;
  const ban = inForce(facts.banBy(policy), now);
  if (ban === undefined) return undefined;
  const guessed = facts.guesser ? "; a password was guessed" : "";
  const reason = `${attemptsPhrase(ban, policy.maxretry, facts)}${guessed}; banned until ${isoTime(ban.until)}`;
  return { action: "ban", rule: "maxretry", reason, until: ban.until };
}

function expired(facts: Case): Ruling | undefined {
  const { policy } = facts.context;
  const ban = facts.banBy(policy);
  if (ban === undefined) return undefined;
  const reason = `${attemptsPhrase(ban, policy.maxretry, facts)}; that ban ended ${isoTime(ban.until)}`;
  return { action: "watch", rule: "expired", reason };
}

function below({ offences: { peak }, context: { policy } }: Case): Ruling {
  const reason = `${failedLogins(peak)} within ${durationPhrase(policy.findtime)} at most, limit ${policy.maxretry}`;
  return { action: "watch", rule: "below", reason };
}

function listedIn(
  { history: { ip } }: Case,
  rule: string,
  set: NetworkSet,
  name: string,
): Ruling | undefined {
  const found = set.find(ip);
  if (found === undefined) return undefined;
  const network = networkText(found);
  return allow(rule, network === ip ? `${ip} is among ${name}` : `${ip} lies in ${network}, among ${name}`);
}

function allow(rule: string, reason: string): Ruling {
  return { action: "allow", rule, reason };
}

function isHome({ country, context: { policy } }: Case): boolean {
  if (policy.home.length === 0) return false;
  return country === undefined ? policy.unknownCountry === "report" : policy.home.includes(country);
}

/** `10 failed logins at 1 host within 24 h (limit 5), on 2 days`; of a friend only those at other users. */
function attemptsPhrase(ban: Ban, limit: number, { friend, context: { policy } }: Case): string {
  const hosts = ban.hosts.length === 1 ? "1 host" : `${ban.hosts.length} hosts`;
  const days = ban.days === 1 ? "" : `, on ${ban.days} days`;
  const whose = friend === undefined ? "" : " at users who never logged in from there";
  return `${failedLogins(ban.attempts)}${whose} at ${hosts} within ${durationPhrase(policy.findtime)} (limit ${limit})${days}`;
}

function failedLogins(count: number): string {
  return count === 1 ? "1 failed login" : `${count} failed logins`;
}

function date(at: EpochSeconds): string {
  return isoTime(at).slice(0, 10);
}
