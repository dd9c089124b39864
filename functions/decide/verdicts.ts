import type { AddressHistory } from "../count/counter.ts";
import type { Address } from "../parse/event.ts";
import type { Alert } from "./alert.ts";
import { type CaseContext, caseOf, decideCase } from "./case.ts";
import type { Action, Decision, Network } from "./decision.ts";
import type { LoginNetworks } from "./escalate.ts";
import { isBelow, offencesIn, type Sums, sumsOf } from "./harmless.ts";
import { remembered, upTo } from "./histories.ts";
import { type Withheld, withheldDecision } from "./host-share.ts";
import { networkText, parseNetwork } from "./network.ts";
import { networkSet } from "./network-set.ts";
import { neverBanned } from "./never.ts";
import { isOwnSubject, subjectOf } from "./subject.ts";

export interface Verdicts {
  /** Every ban and report in force, in no particular order; networks that were escalated to among them. */
  decisions: Decision[];
  alerts: Alert[];
  /** The decision on one address, banned or not; agrees with `decisions`. */
  of(history: AddressHistory): Decision;
  /** What `of` decides, without the reasons: quick for the many that come near no rule. */
  actionOf(history: AddressHistory): Action;
  /** Whether the rules say that a network is not to be banned: protected, unbanned, allowed, or somebody logs in there. */
  isCleared(network: Network): boolean;
}

export interface Decided {
  offenders: readonly Decision[];
  withheld: readonly Withheld[];
  /** Bans of whole networks that hold many of them, or that are listed elsewhere. */
  networks: readonly Decision[];
  alerts: Alert[];
  logins: LoginNetworks;
}

export function verdicts(
  { offenders, withheld, networks, alerts, logins }: Decided,
  cases: CaseContext,
): Verdicts {
  const all = [...offenders, ...networks];
  const escalated = networkSet(networks.map(({ network }) => parseNetwork(network)));
  const byNetwork = decisionsBy(networks);
  const offenderBy = once(() => decisionsBy(offenders));
  const withheldBy = once(() => new Map(withheld.flatMap(byEachNetwork)));
  const known = (network: Network) => {
    const bounded = withheldBy().get(network);
    if (bounded === undefined) return offenderBy().get(network);
    return withheldDecision(bounded.decision, bounded.most);
  };
  const of = (history: AddressHistory): Decision => {
    const own = known(nameOf(history.ip, cases)) ?? decideAlone(history, cases);
    const wider = escalated.find(history.ip);
    const ban = wider && byNetwork.get(networkText(wider));
    const lasts = own.action === "ban" ? (own.until ?? 0) : 0;
    return ban === undefined || lasts >= (ban.until ?? 0) ? own : byNetworkBan(own, ban);
  };
  return {
    decisions: all.filter(({ action }) => action === "ban" || action === "report"),
    alerts,
    of,
    actionOf: (history) => {
      const { ip, last } = history;
      if (escalated.find(ip) !== undefined) return of(history).action;
      const own = known(nameOf(ip, cases));
      if (own !== undefined) return own.action;
      const sums = sumsOf(history);
      // whoever offends together with others is known
      const isNear = last > cases.now || !isBelow(sums, cases.policy) || isListed(ip, cases);
      return isNear ? of(history).action : harmlessAction(history, sums, cases);
    },
    isCleared: (network) => {
      const range = parseNetwork(network);
      const action = offenderBy().get(network)?.action;
      if (action === "allow" || action === "report" || cases.protectedSet.overlaps(range)) return true;
      return range.family === 4 && range.prefix < 32 && logins.has(range);
    },
  };
}

/** For what not everybody asks for: a list needs nothing by network, and a million entries take time and memory. */
function once<Made>(make: () => Made): () => Made {
  let made: Made | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

function decisionsBy(decisions: readonly Decision[]): Map<Network, Decision> {
  const byNetwork = new Map<Network, Decision>();
  for (let at = 0; at < decisions.length; at++) byNetwork.set(decisions[at]!.network, decisions[at]!);
  return byNetwork;
}

function byEachNetwork({ decisions, most }: Withheld): [Network, { decision: Decision; most: number }][] {
  return decisions.map((decision) => [decision.network, { decision, most }]);
}

/** What an address's decision stands under. */
function nameOf(ip: Address, cases: CaseContext): Network {
  if (isOwnSubject(ip, cases)) return ip;
  const { single, range } = subjectOf(ip, cases);
  return single ? ip : networkText(range);
}

function decideAlone(history: AddressHistory, cases: CaseContext): Decision {
  return decideCase(caseOf(remembered(upTo(history, cases.now)), subjectOf(history.ip, cases), cases));
}

function isListed(ip: Address, cases: CaseContext): boolean {
  const { block } = cases;
  return block.networks.length > 0 && block.touching(subjectOf(ip, cases).range) !== undefined;
}

/** By the rules `clean`, `below` and those that always allow. */
function harmlessAction({ ip }: AddressHistory, sums: Sums, { policy, protectedSet }: CaseContext): Action {
  const isAllowed =
    offencesIn(sums, policy) === 0 || protectedSet.find(ip) !== undefined || neverBanned(ip) !== undefined;
  return isAllowed ? "allow" : "watch";
}

/** The address's own facts under the network's ban. */
function byNetworkBan(own: Decision, { network, action, rule, reason, until }: Decision): Decision {
  return { ...own, network, action, rule, reason, until };
}
