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
