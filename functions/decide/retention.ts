import type { Policy } from "./policy.ts";

const DAY = 86_400;

/**
 * Days that rows must be kept for a policy: decisions are made from rows alone, so that a row has to outlive the longest
 * ban that it can bring, and a proper login what it allows.
 */
export function daysNeeded(policy: Policy): number {
  return Math.ceil(Math.max(daysOfBans(policy), policy.allowAfterSuccess.for / DAY));
}

function daysOfBans({ findtime, spray, bantime, bantimeIncrement: { factor, max }, shared }: Policy): number {
  const longestBan = Math.max(factor === 1 ? bantime : max, shared.bantime);
  return (Math.max(findtime, spray.findtime) + longestBan) / DAY;
}

/** Why the rows of a deployment are not kept long enough for a policy, and what to do; undefined: they are. */
export function retentionProblem(policy: Policy, retentionDays: number): string | undefined {
  const needed = daysNeeded(policy);
  if (needed <= retentionDays) return undefined;
  const [what, key] =
    daysOfBans(policy) > retentionDays
      ? ["findtime and the longest ban of the policy need", "bantimeIncrement.max"]
      : ["the policy's trust in users needs", "allowAfterSuccess.for"];
  return `counters are kept for ${retentionDays} days, but ${what} ${needed}: deploy with -c retentionDays=${needed}, or lower ${key}`;
}
