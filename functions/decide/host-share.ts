import { getOrMake } from "../count/get-or-make.ts";
import type { Decision } from "./decision.ts";
import type { Policy } from "./policy.ts";

/** Bans that are none, since one host alone tells of too many. */
export interface Withheld {
  decisions: Decision[];
  /** So many of that host's alone may be. */
  most: number;
}

export interface Bounded {
  /** All but the withheld bans. */
  kept: readonly Decision[];
  /** By the one host that tells of them. */
  withheld: Withheld[];
}

/** What no host's share is below. Beyond that share's number of hosts, more of them change nothing. */
export function enoughHosts({ maxHostShare }: Policy): number {
  return 2 / maxHostShare;
}

/**
 * Bounds what one lying host can do: of the bans that one host alone tells of, the worst stay, up to maxHostShare of
 * the list; the others become `watch`. Where few hosts tell, an equal share is more than that, so twice an equal
 * share is always allowed (a single host makes its whole list), and so are `guard.from` entries, since a list that
 * small can be looked through.
 *
 * @param hosts how many hosts there are evidence from, or `enoughHosts`
 */
export function boundHostShares(decisions: readonly Decision[], policy: Policy, hosts: number): Bounded {
  const share = Math.max(policy.maxHostShare, 2 / hosts);
  if (share >= 1) return { kept: decisions, withheld: [] };
  let bans = 0;
  const kept: Decision[] = [];
  const alone = new Map<string, Decision[]>();
  for (const decision of decisions) {
    const isBan = decision.action === "ban";
    if (isBan) bans++;
    (isBan && decision.hosts.length === 1 ? getOrMake(alone, decision.hosts[0]!, () => []) : kept).push(
      decision,
    );
  }
  const withheld: Withheld[] = [];
  for (const own of alone.values()) {
    // own ≤ share · (own + others)
    const most = Math.max(Math.floor((share / (1 - share)) * (bans - own.length)), policy.guard.from);
    const isWorst = worstOf(own, most);
    const others: Decision[] = [];
    for (const decision of own) (isWorst(decision) ? kept : others).push(decision);
    withheld.push({ decisions: others, most });
  }
  return { kept, withheld };
}

/**
 * Tells the `most` worst: those with most attempts, and of as many the first by address, so that the order does not
 * depend on where they come from. Only those with as many attempts as the next one need their addresses compared.
 */
function worstOf(decisions: readonly Decision[], most: number): (decision: Decision) => boolean {
  if (decisions.length <= most) return () => true;
  const counts = Float64Array.from(decisions, ({ attempts }) => -attempts).sort();
  const next = -counts[most]!;
  const beside = decisions.filter(({ attempts }) => attempts === next).map(({ network }) => network);
  const end = beside.sort()[most - counts.indexOf(-next)]!;
  return ({ attempts, network }) => attempts > next || (attempts === next && network < end);
}

export function withheldDecision(decision: Decision, most: number): Decision {
  const told = `only ${decision.hosts[0]} tells of its ${decision.attempts} failed logins`;
  const reason = `not banned: ${told}, and what one host alone tells makes at most ${most} entries, the worst`;
  return { ...decision, action: "watch", rule: "maxHostShare", reason, until: undefined };
}
