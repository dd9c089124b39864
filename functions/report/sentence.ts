import type { Decision } from "../decide/decision.ts";
import type { Address, EpochSeconds } from "../parse/event.ts";

/** What the sentence has to say beside the decision. */
export interface Standing {
  /** Its entry on the published list. */
  listed: { until: EpochSeconds } | undefined;
  isPaused: boolean;
}

/** One or two sentences that a help desk can read to a customer: no word of ours that has to be explained. */
export function sentenceOf(ip: Address, decision: Decision, standing: Standing): string {
  const main = decision.action === "ban" ? banned(ip, decision, standing) : notBanned(ip, decision);
  if (decision.action === "ban" || standing.listed === undefined) return main;
  const why = standing.isPaused
    ? "publishing is paused"
    : "the list is renewed within minutes, unless the guard holds it";
  return `${main} It is still on the list that is out, until ${day(standing.listed.until)}: ${why}.`;
}

function banned(ip: Address, decision: Decision, { listed, isPaused }: Standing): string {
  const until = day(decision.until ?? 0);
  const out =
    listed !== undefined
      ? ""
      : ` It is not on the list that is out${isPaused ? ": publishing is paused" : " yet"}.`;
  return `${ip} is banned until ${until} because of ${because(decision)}.${out}`;
}

function because({ rule, attempts, network, hosts }: Decision): string {
  const servers = hosts.length === 1 ? "one server" : `${hosts.length} servers`;
  switch (rule) {
    case "escalate":
      return `attacks from many addresses of its network ${network}`;
    case "spray":
      return `${tries(attempts)}, made slowly and together with many other addresses`;
    case "blocklist":
      return "a list of known attackers that we use";
    default:
      return `${tries(attempts)} at ${servers}`;
  }
}

function notBanned(ip: Address, { action, rule, attempts }: Decision): string {
  if (rule === "unban") return `${ip} is not banned: we have taken it off by hand.`;
  const why = REASONS[rule];
  if (why !== undefined) return `${ip} is not banned: ${why}.`;
  if (action === "report") return `${ip} is not banned; its ${tries(attempts)} are reported to its provider.`;
  return `${ip} is not banned: ${tries(attempts)} ${attempts === 1 ? "is" : "are"} fewer than the rule needs.`;
}

/** By rule; the rules with numbers are above. */
const REASONS: Readonly<Record<string, string>> = {
  never: "addresses of its kind never are",
  own: "it is an address of our own servers",
  proxy: "it is one of our proxies",
  ignoreip: "it is on our list of addresses that are never banned",
  clean: "no failed login from it is known",
  otherHost: "only one server tells of failed logins, and at others users log in from it properly",
  shared: "many users log in from it properly",
  allowAfterSuccess: "users log in from it properly",
  allowlist: "it is on a list of friends that we use",
  expired: "its ban has ended",
  maxHostShare: "only one server tells of it, which is not enough while so many are told of",
};

function tries(attempts: number): string {
  return attempts === 1 ? "1 failed login" : `${attempts} failed logins`;
}

function day(at: EpochSeconds): string {
  return new Date(at * 1000).toISOString().replace(".000Z", "Z");
}
