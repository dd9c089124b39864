/** One subject before the rules: what is known of it, and the decision that the first rule that speaks makes. */
import type { AddressHistory } from "../count/counter.ts";
import { getOrMake } from "../count/get-or-make.ts";
import { columnsOf, type HourColumns } from "../count/hour-columns.ts";
import type { Address, EpochSeconds } from "../parse/event.ts";
import { type Ban, type BanRule, type Offences, offencesOf, withHost } from "./bans.ts";
import type { DecideContext } from "./decide.ts";
import type { Decision, Network } from "./decision.ts";
import { isInForce, type Unban } from "./exceptions.ts";
import { flat } from "./flat.ts";
import { type Friend, friendBan, friendOf } from "./friend.ts";
import { looksGuessed } from "./guessed.ts";
import { networkText, parseNetwork } from "./network.ts";
import { type NetworkSet, networkSet } from "./network-set.ts";
import { type OutsideSet, outsideSet } from "./outside.ts";
import type { Policy } from "./policy.ts";
import { RULES } from "./rules.ts";
import type { Ruling } from "./ruling.ts";
import { starterNetworks } from "./shared-starter.ts";
import type { SprayBan } from "./spray.ts";
import type { Subject, SubjectContext } from "./subject.ts";

/** What all cases of one run share; the policy's networks are made searchable once. */
export interface CaseContext extends SubjectContext {
  policy: Policy;
  now: EpochSeconds;
  actionsOnly: boolean;
  countryOf: (ip: Address) => string | undefined;
  own: NetworkSet;
  trustedProxies: NetworkSet;
  ignoreip: NetworkSet;
  /** Taken off by hand, by network. */
  unbans: { set: NetworkSet; byNetwork: ReadonlyMap<Network, Unban> };
  /** Given networks that are shared by many. */
  shared: NetworkSet;
  /** Outside lists in force. */
  allow: OutsideSet;
  block: OutsideSet;
}

export interface Case {
  history: AddressHistory;
  subject: Subject;
  context: CaseContext;
  /** By findtime, maxretry and bantime, whoever it is. */
  offences: Offences;
  /** Users log in from there properly. Only looked for where there is an offence. */
  friend: Friend | undefined;
  /** Who logs in from there though the first success looks guessed: no friend, but an alert. */
  guesser: Friend | undefined;
  /** It guesses together with others, slower than maxretry. Known only when all addresses have been seen. */
  spray: SprayBan | undefined;
  /** The ban that a rule brings, which for friends counts only what is above their ceilings. */
  banBy(rule: BanRule): Ban | undefined;
  country: string | undefined;
}

export function caseContext(context: DecideContext): CaseContext {
  const { policy, now, actionsOnly = false, countryOf, own: learned = [] } = context;
  const unbans = (context.unbans ?? []).filter((unban) => isInForce(unban, now));
  const unbanned = unbans.map(({ network }) => network);
  const allow = outsideSet(context.lists ?? [], "allow", now);
  const parsed = (texts: readonly string[]) => texts.map(parseNetwork);
  const { trustedProxies, ignoreip, prefix, shared } = policy;
  const own = [...policy.own, ...learned];
  return {
    policy,
    now,
    actionsOnly,
    countryOf,
    prefix,
    own: networkSet(parsed(own)),
    trustedProxies: networkSet(parsed(trustedProxies)),
    ignoreip: networkSet(parsed(ignoreip)),
    unbans: {
      set: networkSet(parsed(unbanned)),
      byNetwork: new Map(unbans.map((unban) => [unban.network, unban])),
    },
    shared: networkSet(parsed([...shared.networks, ...starterNetworks(shared.starter)])),
    protectedSet: networkSet(
      parsed([...own, ...trustedProxies, ...ignoreip, ...unbanned, ...allow.networks]),
    ),
    allow,
    block: outsideSet(context.lists ?? [], "block", now),
  };
}

/** The decision of the first rule that speaks. */
export function decideCase(facts: Case): Decision {
  return decisionOf(facts, rulingOn(facts));
}

/** What the first rule that speaks says. */
export function rulingOn(facts: Case): Ruling {
  for (let at = 0; at < RULES.length; at++) {
    const ruling = RULES[at]!(facts);
    if (ruling !== undefined) return ruling;
  }
  throw new Error(`no rule speaks for ${facts.history.ip}: the last one must`);
}

export function caseOf(
  history: AddressHistory,
  subject: Subject,
  context: CaseContext,
  spray?: SprayBan,
): Case {
  const { policy, now, actionsOnly, countryOf } = context;
  const offences = offencesOf(columnsOf(history), policy, now);
  const success = offences.ban && friendOf(history, policy);
  const guesser = success && looksGuessed(history, success, policy) ? success : undefined;
  const friend = guesser === undefined ? success : undefined;
  const isLocated = policy.home.length > 0 || !actionsOnly;
  const isSuspect = (offences.ban ?? spray ?? context.block.touching(subject.range)) !== undefined;
  return {
    history,
    subject,
    context,
    offences,
    friend,
    guesser,
    spray,
    banBy: (rule) => {
      if (friend !== undefined) return friendBan(friend, rule, policy);
      return rule === policy ? offences.ban : offencesOf(columnsOf(history), rule, now).ban;
    },
    // only an offender's country matters, and a million look-ups would cost seconds
    country: isSuspect && isLocated ? countryOf(history.ip) : undefined,
  };
}

export function decisionOf(
  { history, subject, context, country }: Case,
  { action, rule, reason, until }: Ruling,
): Decision {
  const { ip, users, services, first, last } = history;
  const { attempts, events, successes, hosts } = told(history);
  return {
    ip,
    network: subject.single ? ip : networkText(subject.range),
    action,
    rule,
    reason: context.actionsOnly ? "" : flat(reason()),
    until,
    attempts,
    events,
    successes,
    users,
    hosts,
    services: sameWords(services),
    first,
    last,
    country,
  };
}

/** Sums, and the hosts that tell of anything hostile. A view of one host has them. */
function told(history: AddressHistory) {
  const { sums } = history;
  if (sums === undefined || sums.hosts.length !== 1 || sums.attempts + sums.probes === 0)
    return toldByHours(columnsOf(history));
  const { attempts, events, successes, hosts } = sums;
  return { attempts, events, successes, hosts };
}

function toldByHours({ size, host, attempts, events, probes, successes }: HourColumns) {
  const sums = { attempts: 0, events: 0, successes: 0, hosts: [] as string[] };
  for (let at = 0; at < size; at++) {
    sums.attempts += attempts[at]!;
    sums.events += events[at]!;
    sums.successes += successes[at]!;
    if (attempts[at]! + probes[at]! > 0) sums.hosts = withHost(sums.hosts, host[at]!);
  }
  sums.hosts = sameWords(sums.hosts.sort());
  return sums;
}

/** Hosts and services are few: decisions that name the same ones share the list. */
const lists = new Map<string, readonly string[]>();
const MOST_LISTS = 10_000;

function sameWords<Word extends string>(words: Word[]): Word[] {
  if (lists.size >= MOST_LISTS) lists.clear();
  return getOrMake(lists, words.join(" "), () => words) as Word[];
}
