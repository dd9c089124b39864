import type { CounterRow } from "../count/counter.ts";
import {
  addCounts,
  type Counts,
  cellsByHour,
  countsByService,
  historyOf,
  NOTHING,
  total,
} from "../count/history.ts";
import { decideAddress } from "../decide/decide.ts";
import type { Decision } from "../decide/decision.ts";
import { networkOf, networkText } from "../decide/network.ts";
import type { Policy } from "../decide/policy.ts";
import { policyVersion } from "../decide/policy-version.ts";
import type { Address, EpochSeconds } from "../parse/event.ts";

/** Why an address is banned, or why it is not, from what is stored. */
export interface Explanation {
  /** One that a help desk can read to a customer. */
  sentence: string;
  decision: Decision;
  policy: string;
  /** The moment decided for. */
  at: EpochSeconds;
  counts: DayCounts[];
  /** Users tried and users who got in: hashed, unless the deployment keeps names. */
  users: { user: string; attempts: number; successes: number }[];
  objects: CountedObject[];
}

export interface DayCounts extends Counts {
  day: string;
  host: string;
  services: string[];
}

/** One object of the logs bucket that the counts come from. */
export interface CountedObject {
  host: string;
  /** Key in the logs bucket. */
  key: string;
  /** The bytes of the log that were counted from it. */
  start: number;
  end: number;
  parser: string;
}

export interface ExplainContext {
  policy: Policy;
  now: EpochSeconds;
  countryOf: (ip: Address) => string | undefined;
  /** Where a row's bytes were read from. */
  objectOf: (row: CounterRow) => Promise<string>;
}

/** Explains the decision on `ip` from its rows; with IPv6 also from those of the network that counts as one with it. */
export async function explain(
  ip: Address,
  rows: CounterRow[],
  context: ExplainContext,
): Promise<Explanation> {
  const { policy, now } = context;
  const decision = decideAddress(historyOf(ip, rows), context);
  return {
    sentence: sentenceOf(ip, decision, rows.length > 0),
    decision,
    policy: policyVersion(policy),
    at: now,
    counts: dayCounts(rows),
    users: usersOf(rows),
    objects: await objectsOf(rows, context),
  };
}

/** The network that an address is counted and banned with: itself, or for IPv6 by default its /64. */
export function subjectNetwork(ip: Address, policy: Policy): string {
  return networkText(networkOf(ip, policy.prefix));
}

function sentenceOf(ip: Address, { action, until, attempts, rule }: Decision, known: boolean): string {
  if (!known)
    return `Nothing is known of ${ip}: no server of the fleet has logged a login from it, so it is not banned.`;
  const tries = attempts === 1 ? "1 failed login" : `${attempts} failed logins`;
  switch (action) {
    case "ban":
      return `${ip} is banned until ${iso(until ?? 0)} because of ${tries}.`;
    case "report":
      return `${ip} is not banned; its ${tries} are reported to its provider.`;
    case "allow":
      return `${ip} is not banned: it is ${rule === "clean" ? "free of failed logins" : "allowed"}.`;
    case "watch":
      return rule === "expired"
        ? `${ip} is not banned any more: its ban has ended.`
        : `${ip} is not banned: ${tries} are fewer than the rule needs.`;
  }
}

function dayCounts(rows: readonly CounterRow[]): DayCounts[] {
  const days = new Map<string, DayCounts>();
  for (const { hour, host, cells } of cellsByHour(rows)) {
    const day = new Date(hour * 1000).toISOString().slice(0, 10);
    const before = days.get(`${day} ${host}`) ?? { day, host, services: [], ...NOTHING };
    const services = countsByService(cells);
    days.set(`${day} ${host}`, {
      ...before,
      ...addCounts(before, total(services)),
      services: [...new Set([...before.services, ...services.keys()])].sort(),
    });
  }
  return [...days.values()].sort((a, b) => (a.day + a.host < b.day + b.host ? -1 : 1));
}

function usersOf(rows: readonly CounterRow[]): Explanation["users"] {
  const users = new Map<string, { user: string; attempts: number; successes: number }>();
  const userNamed = (user: string) => {
    const found = users.get(user) ?? { user, attempts: 0, successes: 0 };
    users.set(user, found);
    return found;
  };
  for (const row of rows) {
    for (const [user, attempts] of Object.entries(row.users)) userNamed(user).attempts += attempts;
    for (const [user, successes] of Object.entries(row.successUsers)) userNamed(user).successes += successes;
  }
  return [...users.values()].sort((a, b) => b.attempts - a.attempts || (a.user < b.user ? -1 : 1));
}

async function objectsOf(
  rows: readonly CounterRow[],
  { objectOf }: ExplainContext,
): Promise<CountedObject[]> {
  const objects = new Map<string, CountedObject>();
  for (const row of rows) {
    const { host, start, end, parser } = row;
    const id = `${host} ${row.fingerprint} ${start}`;
    if (!objects.has(id)) objects.set(id, { host, key: await objectOf(row), start, end, parser });
  }
  return [...objects.values()].sort((a, b) => (a.key === b.key ? a.start - b.start : a.key < b.key ? -1 : 1));
}

function iso(at: EpochSeconds): string {
  return new Date(at * 1000).toISOString().replace(".000Z", "Z");
}
