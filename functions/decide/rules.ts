/** The rules over one subject, in the order in which they are asked. The first that speaks decides; the last always does. */
import { inForce } from "./bans.ts";
import type { Case } from "./case.ts";
import { durationPhrase } from "./duration.ts";
import { isoTime } from "./iso-time.ts";
import { allowAfterSuccess, hasLogins, otherHost, shared } from "./logged-in.ts";
import { attemptsPhrase, failedLogins, sprayPhrase } from "./phrases.ts";
import { allowlist, ignoreip, never, own, proxy, unban } from "./protected.ts";
import { allow, type Ruling } from "./ruling.ts";

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

function clean({ offences }: Case): Ruling | undefined {
  return offences.peak > 0 ? undefined : allow("clean", () => "no failed login in what is stored");
}

function home(facts: Case): Ruling | undefined {
  const { policy, now } = facts.context;
  if (!isHome(facts)) return undefined;
  const ban = inForce(facts.banBy(policy), now);
  if ((ban ?? facts.spray) === undefined) return undefined;
  const where =
    facts.country === undefined ? "from an unknown country" : `from ${facts.country}, a home country`;
  const harder = inForce(facts.banBy({ ...policy, maxretry: policy.homeMaxretry }), now);
  if (harder !== undefined) {
    const reason = () =>
      `${attemptsPhrase(harder, policy.homeMaxretry, facts)} ${where}; banned until ${isoTime(harder.until)}, and reported`;
    return { action: "ban", rule: "homeMaxretry", reason, until: harder.until };
  }
  const what = () =>
    ban === undefined ? sprayPhrase(facts.spray!, policy) : attemptsPhrase(ban, policy.maxretry, facts);
  const reason = () => `${what()} ${where}: reported, not banned below ${policy.homeMaxretry}`;
  return { action: "report", rule: "home", reason };
}

function blocklist(facts: Case): Ruling | undefined {
  const { history, subject, context, offences: plain, banBy } = facts;
  const found = context.block.touching(subject.range);
  if (found === undefined || hasLogins(history) || isHome(facts)) return undefined;
  const { name, expires } = found.list;
  const own = Math.max(banBy(context.policy)?.until ?? 0, facts.spray?.until ?? 0);
  if (context.shared.overlaps(subject.range) || own >= expires) return undefined;
  const reason = () =>
    `${failedLogins(plain.peak)}, and ${found.network} is on the list ${name}; banned until ${isoTime(expires)}`;
  return { action: "ban", rule: "blocklist", reason, until: expires };
}

function spray({ subject, spray: found, context: { shared: given, policy } }: Case): Ruling | undefined {
  if (found === undefined || given.overlaps(subject.range)) return undefined;
  const reason = () => `${sprayPhrase(found, policy)}; banned until ${isoTime(found.until)}`;
  return { action: "ban", rule: "spray", reason, until: found.until };
}

function maxretry(facts: Case): Ruling | undefined {
  const { policy, now } = facts.context;
  const ban = inForce(facts.banBy(policy), now);
  if (ban === undefined) return undefined;
  const guessed = facts.guesser ? "; a password was guessed" : "";
  const reason = () =>
    `${attemptsPhrase(ban, policy.maxretry, facts)}${guessed}; banned until ${isoTime(ban.until)}`;
  return { action: "ban", rule: "maxretry", reason, until: ban.until };
}

function expired(facts: Case): Ruling | undefined {
  const { policy } = facts.context;
  const ban = facts.banBy(policy);
  if (ban === undefined) return undefined;
  const reason = () => `${attemptsPhrase(ban, policy.maxretry, facts)}; that ban ended ${isoTime(ban.until)}`;
  return { action: "watch", rule: "expired", reason };
}

function below({ offences: { peak }, context: { policy } }: Case): Ruling {
  const reason = () =>
    `${failedLogins(peak)} within ${durationPhrase(policy.findtime)} at most, limit ${policy.maxretry}`;
  return { action: "watch", rule: "below", reason };
}

function isHome({ country, context: { policy } }: Case): boolean {
  if (policy.home.length === 0) return false;
  return country === undefined ? policy.unknownCountry === "report" : policy.home.includes(country);
}
