import type { Decision } from "../../functions/decide/decision.ts";
import type { EpochSeconds } from "../../functions/parse/event.ts";

export const NOW: EpochSeconds = Date.parse("2026-11-24T03:00:00Z") / 1000;

export function ban(network: string, lasts: number, more: Partial<Decision> = {}): Decision {
  return {
    ip: network.replace(/\/.*/, ""),
    network,
    action: "ban",
    rule: "maxretry",
    reason: "10 failed logins at 1 host within 24 h (limit 5)",
    until: NOW + lasts,
    attempts: 10,
    events: 10,
    successes: 0,
    users: 1,
    hosts: ["mx1"],
    services: ["imap"],
    first: NOW - 7200,
    last: NOW - 60,
    country: "NL",
    ...more,
  };
}

/** So many different addresses, with 1, 2, 3 … attempts, for a day. */
export function bans(count: number): Decision[] {
  return Array.from({ length: count }, (_, n) => {
    const network = `198.${18 + (n >> 16)}.${(n >> 8) & 255}.${n & 255}`;
    return ban(network, 86_400, { attempts: n + 1 });
  });
}
