/** Whom fail2ban would have banned, beside whom we would: the same logs, each by its own rule. */
import type { AddressHistory } from "../count/counter.ts";
import type { DecideContext } from "../decide/decide.ts";
import type { Seconds } from "../decide/duration.ts";
import type { Address, EpochSeconds } from "../parse/event.ts";
import { bannedOver } from "./compare.ts";

/** One match of a jail's filter. */
export interface Match {
  /** Each jail counts for itself. */
  jail: string;
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

/** When each address would first have been banned, by any jail. */
export function fail2banBans(matches: readonly Match[], rule: Fail2banRule): Map<Address, EpochSeconds> {
  const bans = new Map<Address, EpochSeconds>();
  for (const own of Map.groupBy(matches, ({ jail, ip }) => `${jail} ${ip}`).values()) {
    const { ip } = own[0]!;
    const at = firstBan(
      own.map((match) => match.at).sort((a, b) => a - b),
      rule,
    );
    if (at !== undefined) bans.set(ip, Math.min(at, bans.get(ip) ?? at));
  }
  return bans;
}

/**
 * As fail2ban 1.0 counts (FailManager.addFailure, FailTicket.adjustTime): beyond findtime the count is not what lies
 * within it, but what the pace until then would have made in one findtime; and an address that was silent for a findtime
 * is forgotten (FailManager.cleanup).
 *
 * @param times in order
 */
function firstBan(times: readonly EpochSeconds[], { findtime, maxretry }: Fail2banRule) {
  let first = times[0]!;
  let last = first;
  let count = 0;
  for (const at of times) {
    if (at - last >= findtime) {
      count = 0;
      first = at;
    } else if (at > last && first < at - findtime) {
      count = roundEven((count / (at - first)) * findtime);
      first = at - findtime;
    }
    last = at;
    count++;
    if (count >= maxretry) return at;
  }
  return undefined;
}

/** As Python's `round`: halves go to the even neighbour. */
function roundEven(number: number): number {
  const whole = Math.floor(number);
  return number - whole === 0.5 ? whole + (whole % 2) : Math.round(number);
}
