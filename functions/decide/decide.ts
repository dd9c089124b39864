/**
 * Decides who is banned: a pure function of (counters, policy, now).
 *
 *     const deciding = startDeciding({ policy, now, countryOf });
 *     for await (const history of histories) deciding.add(history);
 *     const verdicts = deciding.finish();
 *
 * Addresses come one by one, in any order, each once; only offenders are kept. What is counted as one (IPv6 /64)
 * is decided as one.
 */
import type { AddressHistory } from "../count/counter.ts";
import type { Address, EpochSeconds } from "../parse/event.ts";
import { type Alert, alertOf } from "./alert.ts";
import { type CaseContext, caseContext, caseOf, decideCase, decisionOf, rulingOn } from "./case.ts";
import type { Decision, Network } from "./decision.ts";
import { escalations, loginNetworks } from "./escalate.ts";
import type { Unban } from "./exceptions.ts";
import { addSums, isBelow, isHarmless, isUneventful, sumsOf } from "./harmless.ts";
import { mergeHistories, remembered, upTo } from "./histories.ts";
import { createHistoryStore, type HistoryRef, type HistoryStore } from "./history-store.ts";
import { boundHostShares, enoughHosts } from "./host-share.ts";
import { networkText, prefixBits } from "./network.ts";
import { listedBans } from "./outside.ts";
import type { OutsideList } from "./outside-list.ts";
import type { Policy } from "./policy.ts";
import { type Spray, startSpray } from "./spray.ts";
import { groupSubject, type Subject, subjectOf } from "./subject.ts";
import { type Verdicts, verdicts } from "./verdicts.ts";

export interface DecideContext {
  policy: Policy;
  /** The moment to decide for; what happened in later hours is left out. */
  now: EpochSeconds;
  /**
   * Actions and alerts are all that is asked for: decisions on addresses come without `reason`, and without `country` where no rule
   * asks for it. Both take time and memory.
   */
  actionsOnly?: boolean;
  /** ISO 3166-1 alpha-2 code of an address, where known. */
  countryOf: (ip: Address) => string | undefined;
  /** The fleet's own addresses, as far as they were learned from the logs; beside those of the policy. */
  own?: readonly Address[];
  /** Addresses that somebody took off by hand. */
  unbans?: readonly Unban[];
  /** Allow and block lists of others. */
  lists?: readonly OutsideList[];
}

export interface Deciding {
  add(history: AddressHistory): void;
  /** Ends the adding: rules over several addresses apply now. */
  finish(): Verdicts;
}

export function startDeciding(context: DecideContext): Deciding {
  const cases = caseContext(context);
  let found = nothingYet(cases);
  return {
    add: (history) => {
      const known = upTo(history, context.now);
      if (found.hosts.size < enoughHosts(context.policy)) noteHosts(known, found.hosts);
      if (isUneventful(known.ip, sumsOf(known), cases)) return;
      const subject = subjectOf(history.ip, cases);
      if (subject.single) decideOne(known, subject, cases, found);
      else addTo(found.groups[subject.range.family], prefixBits(subject.range), found.waiting.put(known));
    },
    finish: () => {
      const all = found;
      // what was kept is not needed any more, though somebody may keep `add`
      found = nothingYet(cases);
      for (const family of [4, 6] as const) {
        for (const [bits, refs] of all.groups[family])
          decideGroup([refs].flat(), groupSubject(family, bits, cases), cases, all);
      }
      return finished(all, cases);
    },
  };
}

/** Most have no neighbour: a list each would take memory. */
function addTo(groups: Map<bigint, HistoryRef | HistoryRef[]>, key: bigint, ref: HistoryRef): void {
  const known = groups.get(key);
  if (known === undefined) groups.set(key, ref);
  else if (Array.isArray(known)) known.push(ref);
  else groups.set(key, [known, ref]);
}

/** Addresses that count as one. Together most of them come near no rule, too. */
function decideGroup(refs: HistoryRef[], subject: Subject, cases: CaseContext, found: Found): void {
  const { waiting } = found;
  const sums = refs.map(waiting.sums).reduce(addSums);
  if (!isHarmless(subject.range, sums, cases)) {
    const known = refs.length === 1 ? refs[0] : undefined;
    decideOne(mergeHistories(refs.map(waiting.get)), subject, cases, found, known);
  } else if (sums.successes > 0) found.logins.add(subject.range);
}

/** The decisions over all of some histories that are in memory. */
export function decideAll(histories: Iterable<AddressHistory>, context: DecideContext): Verdicts {
  const deciding = startDeciding(context);
  for (const history of histories) deciding.add(history);
  return deciding.finish();
}

/** What an address is counted and banned as: itself, or for IPv6 by default its /64. */
export function subjectFor(context: DecideContext): (ip: Address) => Network {
  const cases = caseContext(context);
  return (ip) => networkText(subjectOf(ip, cases).range);
}

/** Whether an address is counted and banned as one with the given one. */
export function togetherWith(ip: Address, context: DecideContext): (other: Address) => boolean {
  const networkOf = subjectFor(context);
  const own = networkOf(ip);
  return (other) => other === ip || networkOf(other) === own;
}

/** One address alone, without what rules over several addresses would add. */
export function decideAddress(history: AddressHistory, context: DecideContext): Decision {
  const cases = caseContext(context);
  return decideCase(caseOf(upTo(history, context.now), subjectOf(history.ip, cases), cases));
}

/** What is kept while addresses go by. */
interface Found {
  offenders: Decision[];
  alerts: Alert[];
  logins: ReturnType<typeof loginNetworks>;
  /** Of those that tell of anything, as many as can matter. */
  hosts: Set<string>;
  /** Addresses that count as one with others, by what they have in common. */
  groups: Record<4 | 6, Map<bigint, HistoryRef | HistoryRef[]>>;
  waiting: HistoryStore;
  spray: Spray;
}

function nothingYet(cases: CaseContext): Found {
  const waiting = createHistoryStore();
  const logins = loginNetworks(cases);
  return {
    offenders: [],
    alerts: [],
    logins,
    hosts: new Set(),
    groups: { 4: new Map(), 6: new Map() },
    waiting,
    spray: startSpray(cases, logins, waiting),
  };
}

function noteHosts(history: AddressHistory, hosts: Set<string>): void {
  const told = history.sums?.hosts ?? history.hours.map(({ host }) => host);
  for (let at = 0; at < told.length; at++) hosts.add(told[at]!);
}

/** @param known the history where it was put away already */
function decideOne(
  history: AddressHistory,
  subject: Subject,
  cases: CaseContext,
  found: Found,
  known?: HistoryRef,
): void {
  const sums = sumsOf(history);
  if (isHarmless(subject.range, sums, cases)) {
    if (sums.successes > 0) found.logins.add(subject.range);
    return;
  }
  const whole = remembered(history);
  const isListed = cases.block.touching(subject.range) !== undefined;
  // with too few attempts for maxretry it can only spray
  const facts = isListed || !isBelow(sums, cases.policy) ? caseOf(whole, subject, cases) : undefined;
  if (sums.successes > 0 && facts?.guesser === undefined) found.logins.add(subject.range);
  const ban = facts?.offences.ban;
  found.spray.add(whole, sums, subject, ban?.until ?? 0, () => known ?? found.waiting.put(history));
  // the harmless are decided again when somebody asks: a million of them need no memory
  if (facts === undefined || (ban === undefined && !isListed)) return;
  const ruling = rulingOn(facts);
  const decision = decisionOf(facts, ruling);
  if (!IDLE.includes(decision.rule)) found.offenders.push(decision);
  const alert = alertOf(facts, decision, ruling);
  if (alert !== undefined) found.alerts.push(alert);
}

/** Rules that leave an address to itself. */
const IDLE = ["expired", "below", "clean"];

/** Rules over several addresses, in this order: a host's share is bounded before networks are made of it. */
function finished({ offenders, alerts, logins, hosts, spray }: Found, cases: CaseContext): Verdicts {
  const sprayed = new Map<Network, Decision>();
  const ownEnds = new Map<Network, EpochSeconds>();
  for (const sprayer of spray.sprayers()) {
    const decision = decideCase(caseOf(sprayer.history, sprayer.subject, cases, sprayer.spray));
    if (!IDLE.includes(decision.rule)) sprayed.set(decision.network, decision);
    if (sprayer.ownEnd > cases.now) ownEnds.set(decision.network, sprayer.ownEnd);
  }
  const alone = sprayed.size === 0 ? offenders : offenders.filter(({ network }) => !sprayed.has(network));
  const all = [...alone, ...sprayed.values()];
  const { kept, withheld } = boundHostShares(all, cases.policy, hosts.size);
  const networks = [...listedBans(logins, cases), ...escalations(kept, ownEnds, logins, cases)];
  return verdicts({ offenders: kept, withheld, networks, alerts, logins }, cases);
}
