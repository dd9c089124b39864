/** What reasons are put together from. */
import type { EpochSeconds } from "../parse/event.ts";
import type { Ban } from "./bans.ts";
import type { Case } from "./case.ts";
import { durationPhrase } from "./duration.ts";
import { isoTime } from "./iso-time.ts";
import type { Policy } from "./policy.ts";
import type { SprayBan } from "./spray.ts";

export function attemptsPhrase(ban: Ban, limit: number, { friend, context: { policy } }: Case): string {
  const hosts = ban.hosts.length === 1 ? "1 host" : `${ban.hosts.length} hosts`;
  const days = ban.days === 1 ? "" : `, on ${ban.days} days`;
  const whose = friend === undefined ? "" : " at users who never logged in from there";
  return `${failedLogins(ban.attempts)}${whose} at ${hosts} within ${durationPhrase(policy.findtime)} (limit ${limit})${days}`;
}

export function sprayPhrase(
  { attempts, addresses, what }: SprayBan,
  { spray: { findtime } }: Policy,
): string {
  return `${failedLogins(attempts)} within ${durationPhrase(findtime)}, and ${addresses} addresses that nobody logs in from ${what}`;
}

export function failedLogins(count: number): string {
  return count === 1 ? "1 failed login" : `${count} failed logins`;
}

export function date(at: EpochSeconds): string {
  return isoTime(at).slice(0, 10);
}
