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
import { type CaseContext, caseContext, decideCase } from "./case.ts";
import type { Decision, Network } from "./decision.ts";
import { mergeHistories, upTo } from "./histories.ts";
import type { Policy } from "./policy.ts";
import { subjectOf } from "./subject.ts";

export interface DecideContext {
  policy: Policy;
  /** The moment to decide for; what happened in later hours is left out. */
  now: EpochSeconds;
  /** ISO 3166-1 alpha-2 code of an address, where known. */
  countryOf: (ip: Address) => string | undefined;
}

export interface Deciding {
  add(history: AddressHistory): void;
  /** Ends the adding: rules over several addresses apply now. */
  finish(): Verdicts;
}

export interface Verdicts {
  /** Every ban and report in force, in no particular order. */
  decisions: Decision[];
  /** The decision on one address, banned or not; agrees with `decisions`. */
  of(history: AddressHistory): Decision;
}

export function startDeciding(context: DecideContext): Deciding {
  const cases = caseContext(context);
  const offenders = new Map<Network, Decision>();
  const groups = new Map<Network, AddressHistory[]>();
  return {
    add: (history) => {
      const subject = subjectOf(history.ip, cases);
      const known = upTo(history, context.now);
      if (subject.single) keepOffender(offenders, decideCase(known, subject, cases));
      else getOrMake(groups, subject.network, () => []).push(known);
    },
    finish: () => {
      for (const group of groups.values()) {
        const history = mergeHistories(group);
        keepOffender(offenders, decideCase(history, subjectOf(history.ip, cases), cases));
      }
      groups.clear();
      return verdicts(offenders, cases);
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
  return decideCase(upTo(history, context.now), subjectOf(history.ip, cases), cases);
}

/** Others are decided again when somebody asks: a million harmless addresses need no memory. */
function keepOffender(offenders: Map<Network, Decision>, decision: Decision): void {
  if (decision.rule === "clean" || decision.rule === "below" || decision.rule === "expired") return;
  offenders.set(decision.network, decision);
}

function verdicts(offenders: ReadonlyMap<Network, Decision>, cases: CaseContext): Verdicts {
  return {
    decisions: [...offenders.values()].filter(({ action }) => action === "ban" || action === "report"),
    of: (history) => {
      const subject = subjectOf(history.ip, cases);
      return offenders.get(subject.network) ?? decideCase(upTo(history, cases.now), subject, cases);
    },
  };
}
