import { getOrMake } from "../count/get-or-make.ts";
import type { Decision } from "./decision.ts";
import type { Policy } from "./policy.ts";

/** A ban that is not, since one host alone tells of too many. */
export interface Withheld {
  decision: Decision;
  /** So many of that host's alone may be. */
  most: number;
}

/**
 * Bounds what one lying host can do: of the bans that one host alone tells of, the worst stay, up to maxHostShare of
 * the list; the others become `watch`. Where few hosts tell, an equal share is more than that, so twice an equal
 * share is always allowed (a single host makes its whole list), and so are `guard.from` entries, since a list that
 * small can be looked through.
 *
 * @param hosts how many hosts there are evidence from
 * @returns the bans that may not be
 */
export function boundHostShares(decisions: Iterable<Decision>, policy: Policy, hosts: number): Withheld[] {
  const share = Math.max(policy.maxHostShare, 2 / hosts);
  if (share >= 1) return [];
  let bans = 0;
  const alone = new Map<string, Decision[]>();
  for (const decision of decisions) {
    if (decision.action !== "ban") continue;
    bans++;
    if (decision.hosts.length === 1) getOrMake(alone, decision.hosts[0]!, () => []).push(decision);
  }
  return [...alone.values()].flatMap((own) => {
    // own ≤ share · (own + others)
    const most = Math.max(Math.floor((share / (1 - share)) * (bans - own.length)), policy.guard.from);
    return withoutWorst(own, most).map((decision) => ({ decision, most }));
  });
}

/** All but the `most` worst. Only those with as many attempts as the last of these need their addresses compared. */
function withoutWorst(decisions: readonly Decision[], most: number): Decision[] {
  if (decisions.length <= most) return [];
  const attempts = Float64Array.from(decisions, (decision) => -decision.attempts).sort();
  const least = -attempts[most]!;
  const below = decisions.filter((decision) => decision.attempts < least);
  const beside = decisions.filter((decision) => decision.attempts === least).sort(worstFirst);
  const withheld = decisions.length - most - below.length;
  return [...beside.slice(-withheld), ...below];
}

/** Most attempts first; then by address, so that the order does not depend on where they come from. */
export function worstFirst(a: Decision, b: Decision): number {
  return b.attempts - a.attempts || (a.network < b.network ? -1 : 1);
}

export function withheldDecision({ decision, most }: Withheld): Decision {
  const told = `only ${decision.hosts[0]} tells of its ${decision.attempts} failed logins`;
  const reason = `not banned: ${told}, and what one host alone tells makes at most ${most} entries, the worst`;
  return { ...decision, action: "watch", rule: "maxHostShare", reason, until: undefined };
}
