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
import { getOrMake } from "../count/get-or-make.ts";
import type { Address, EpochSeconds } from "../parse/event.ts";
import { type Alert, alertOf } from "./alert.ts";
import { type CaseContext, caseContext, caseOf, decideCase } from "./case.ts";
import type { Decision, Network } from "./decision.ts";
import { escalations, loginNetworks } from "./escalate.ts";
import { mergeHistories, upTo } from "./histories.ts";
import { boundHostShares } from "./host-share.ts";
import type { Policy } from "./policy.ts";
import { type Subject, subjectOf } from "./subject.ts";
import { type Verdicts, verdicts } from "./verdicts.ts";

export interface DecideContext {
  policy: Policy;
  /** The moment to decide for; what happened in later hours is left out. */
  now: EpochSeconds;
  /** ISO 3166-1 alpha-2 code of an address, where known. */
  countryOf: (ip: Address) => string | undefined;
  /** The fleet's own addresses, as far as they were learned from the logs; beside those of the policy. */
  own?: readonly Address[];
}

export interface Deciding {
  add(history: AddressHistory): void;
  /** Ends the adding: rules over several addresses apply now. */
  finish(): Verdicts;
}

export function startDeciding(context: DecideContext): Deciding {
  const cases = caseContext(context);
  const groups = new Map<Network, AddressHistory[]>();
  const found: Found = { offenders: new Map(), alerts: [], logins: loginNetworks(cases), hosts: new Set() };
  return {
    add: (history) => {
      const subject = subjectOf(history.ip, cases);
      const known = upTo(history, context.now);
      if (subject.single) decideOne(known, subject, cases, found);
      else getOrMake(groups, subject.network, () => []).push(known);
    },
    finish: () => {
      for (const group of groups.values()) {
        const history = mergeHistories(group);
        decideOne(history, subjectOf(history.ip, cases), cases, found);
      }
      groups.clear();
      return finished(found, cases);
    },
  };
}

/** The decisions over all of some histories that are in memory. */
export function decideAll(histories: Iterable<AddressHistory>, context: DecideContext): Verdicts {
  const deciding = startDeciding(context);
  for (const history of histories) deciding.add(history);
  return deciding.finish();
}

/** One address alone, without what rules over several addresses would add. */
export function decideAddress(history: AddressHistory, context: DecideContext): Decision {
  const cases = caseContext(context);
  return decideCase(caseOf(upTo(history, context.now), subjectOf(history.ip, cases), cases));
}

/** What is kept while addresses go by. */
interface Found {
  offenders: Map<Network, Decision>;
  alerts: Alert[];
  logins: ReturnType<typeof loginNetworks>;
  hosts: Set<string>;
}

function decideOne(history: AddressHistory, subject: Subject, cases: CaseContext, found: Found): void {
  const facts = caseOf(history, subject, cases);
  const decision = decideCase(facts);
  for (const { host } of history.hours) found.hosts.add(host);
  if (!facts.guessed && decision.successes > 0) found.logins.add(history.ip);
  // others are decided again when somebody asks: a million harmless addresses need no memory
  if (!HARMLESS.includes(decision.rule)) found.offenders.set(decision.network, decision);
  const alert = alertOf(facts, decision);
  if (alert !== undefined) found.alerts.push(alert);
}

const HARMLESS = ["clean", "below", "expired"];

/** Rules over several addresses, in this order: a host's share is bounded before networks are made of it. */
function finished({ offenders, alerts, logins, hosts }: Found, cases: CaseContext): Verdicts {
  for (const bounded of boundHostShares(offenders.values(), cases.policy, hosts.size)) {
    offenders.set(bounded.network, bounded);
  }
  const networks = escalations(offenders.values(), logins, cases);
  return verdicts(offenders, networks, alerts, cases);
}
