/** Most addresses come near no rule: their sums tell, and nothing else of them is looked at. */
import type { AddressHistory, HistorySums, HourCount } from "../count/counter.ts";
import type { Address } from "../parse/event.ts";
import type { CaseContext } from "./case.ts";
import type { IpNetwork } from "./network.ts";
import type { Policy } from "./policy.ts";
import { isOwnSubject } from "./subject.ts";

export type Sums = Pick<HistorySums, "attempts" | "probes" | "successes" | "hours">;

/** Too few attempts for any window to reach maxretry, too few hours or a login so that it cannot spray, on no block list. */
export function isHarmless(range: IpNetwork, sums: Sums, { policy, block }: CaseContext): boolean {
  return isFar(sums, policy) && block.touching(range) === undefined;
}

/** Whether nothing is to be noted of an address, wherever it lies: most are no subject worth making. */
export function isUneventful(ip: Address, sums: Sums, { policy, block }: CaseContext): boolean {
  const isQuiet = sums.successes === 0 && block.networks.length === 0 && isFar(sums, policy);
  return isQuiet && isOwnSubject(ip, policy);
}

function isFar(sums: Sums, policy: Policy): boolean {
  return isBelow(sums, policy) && !canSpray(sums, policy);
}

/** Whether no window can reach maxretry. */
export function isBelow(sums: Sums, policy: Policy): boolean {
  return offencesIn(sums, policy) < policy.maxretry;
}

/** Whether it can take part in spraying: nobody ever logged in from there, and there are hours enough. */
export function canSpray({ successes, hours }: Sums, { spray }: Policy): boolean {
  return hours >= spray.hours && successes === 0;
}

/** What the policy counts. */
export function offencesIn({ attempts, probes }: Sums, { countProbes }: Policy): number {
  return countProbes ? attempts + probes : attempts;
}

export function sumsOf(history: AddressHistory): Sums {
  return history.sums ?? added(history.hours);
}

function added(all: readonly HourCount[]): Sums {
  const sums = { attempts: 0, probes: 0, successes: 0, hours: all.length };
  for (const { attempts, probes, successes } of all) {
    sums.attempts += attempts;
    sums.probes += probes;
    sums.successes += successes;
  }
  return sums;
}

export function addSums(a: Sums, b: Sums): Sums {
  return {
    attempts: a.attempts + b.attempts,
    probes: a.probes + b.probes,
    successes: a.successes + b.successes,
    hours: a.hours + b.hours,
  };
}
