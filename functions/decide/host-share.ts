import type { Decision } from "./decision.ts";
import { flat } from "./flat.ts";
import type { Policy } from "./policy.ts";

/**
 * Bounds what one lying host can do: of the bans that one host alone tells of, the worst stay, up to maxHostShare of
 * the list; the others become `watch`. Where few hosts tell, an equal share is more than that, so twice an equal
 * share is always allowed (a single host makes its whole list), and so are `guard.from` entries, since a list that
 * small can be looked through.
 *
 * @param hosts how many hosts there are evidence from
 * @returns the decisions that changed
 */
export function boundHostShares(decisions: Iterable<Decision>, policy: Policy, hosts: number): Decision[] {
  const bans = [...decisions].filter(({ action }) => action === "ban");
  const share = Math.max(policy.maxHostShare, 2 / hosts);
  if (share >= 1) return [];
  const alone = Map.groupBy(
    bans.filter((decision) => decision.hosts.length === 1),
    (decision) => decision.hosts[0]!,
  );
  return [...alone].flatMap(([host, own]) => {
    // own ≤ share · (own + others)
    const most = Math.max(Math.floor((share / (1 - share)) * (bans.length - own.length)), policy.guard.from);
    return own
      .sort(worstFirst)
      .slice(most)
      .map((decision) => withheld(decision, host, most));
  });
}

/** Most attempts first; then by address, so that the order does not depend on where they come from. */
export function worstFirst(a: Decision, b: Decision): number {
  return b.attempts - a.attempts || (a.network < b.network ? -1 : 1);
}

function withheld(decision: Decision, host: string, most: number): Decision {
  const told = `only ${host} tells of its ${decision.attempts} failed logins`;
  const reason = `not banned: ${told}, and what one host alone tells makes at most ${most} entries, the worst`;
  return { ...decision, action: "watch", rule: "maxHostShare", reason: flat(reason), until: undefined };
}
