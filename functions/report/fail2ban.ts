/** Whom fail2ban would have banned, beside whom we would: the same logs, each by its own rule. */
import type { AddressHistory } from "../count/counter.ts";
import type { DecideContext } from "../decide/decide.ts";
import type { Seconds } from "../decide/duration.ts";
import type { Address, EpochSeconds } from "../parse/event.ts";
import { bannedOver } from "./compare.ts";

/** One match of a filter. */
export interface Match {
  at: EpochSeconds;
  ip: Address;
}

export interface Fail2banRule {
  findtime: Seconds;
  maxretry: number;
}

/** An address that either would have banned, and when first. */
export interface Beside {
  ip: Address;
  fleetban: EpochSeconds | undefined;
  fail2ban: EpochSeconds | undefined;
  attempts: number;
  /** Proper logins from there: a banned address with some is likely a customer's. */
  logins: number;
}

/** By address. @param step seconds between two of our decisions */
export function besideFail2ban(
  histories: readonly AddressHistory[],
  context: DecideContext,
  step: Seconds,
  matches: readonly Match[],
  rule: Fail2banRule,
): Beside[] {
  const ours = bannedOver(histories, context, step);
  const theirs = fail2banBans(matches, rule);
  const known = new Map(histories.map((history) => [history.ip, history]));
  const all = new Set([...ours.keys(), ...theirs.keys()]);
  return [...all].sort().map((ip) => {
    const hours = known.get(ip)?.hours ?? [];
    return {
      ip,
      fleetban: ours.get(ip),
      fail2ban: theirs.get(ip),
      attempts: hours.reduce((sum, { attempts }) => sum + attempts, 0),
      logins: hours.reduce((sum, { successes }) => sum + successes, 0),
    };
  });
}

/** When each address first had maxretry matches within findtime (fail2ban's server/failmanager). */
export function fail2banBans(
  matches: readonly Match[],
  { findtime, maxretry }: Fail2banRule,
): Map<Address, EpochSeconds> {
  const bans = new Map<Address, EpochSeconds>();
  for (const [ip, own] of Map.groupBy(matches, (match) => match.ip)) {
    const times = own.map(({ at }) => at).sort((a, b) => a - b);
    const last = times.find((at, n) => n >= maxretry - 1 && at - times[n - maxretry + 1]! <= findtime);
    if (last !== undefined) bans.set(ip, last);
  }
  return bans;
}
