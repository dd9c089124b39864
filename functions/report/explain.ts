import type { CounterRow } from "../count/counter.ts";
import { addCounts, type Counts, cellsByHour, countsByService, NOTHING, total } from "../count/history.ts";
import { userDaysOf } from "../count/user-days.ts";
import type { Alert } from "../decide/alert.ts";
import type { Decision, Network } from "../decide/decision.ts";
import {
  type Exceptions,
  isInForce,
  pauseAt,
  type Unban,
  unbansOf,
  type Word,
} from "../decide/exceptions.ts";
import type { Policy } from "../decide/policy.ts";
import { policyVersion } from "../decide/policy-version.ts";
import type { ListEntry } from "../list/blocklist.ts";
import type { Address, EpochSeconds } from "../parse/event.ts";
import { sentenceOf } from "./sentence.ts";
import { type UserCount, usersOf } from "./users.ts";

/** Why an address is banned, or why it is not, from what is stored. */
export interface Explanation {
  /** One that a help desk can read to a customer. */
  sentence: string;
  decision: Decision;
  policy: string;
  /** The moment decided for. */
  at: EpochSeconds;
  /** Its entry on the list that is published now; it may be older, or kept as it is by the guard or a pause. */
  listed: { network: Network; until: EpochSeconds } | undefined;
  /** All unbans of the address, also those that have ended. */
  unbans: (Unban & { inForce: boolean })[];
  /** Publishing is paused. */
  pause: Word | undefined;
  alerts: Alert[];
  counts: DayCounts[];
  /** Users tried and users who got in: hashed, unless the deployment keeps names. */
  users: UserCount[];
  objects: CountedObject[];
}

export interface DayCounts extends Counts {
  day: string;
  host: string;
  /** Hours of the day with anything, UTC. */
  hours: number[];
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
  decision: Decision;
  alerts: readonly Alert[];
  exceptions: Exceptions;
  /** The entry of the published list that holds the address. */
  entry: ListEntry | undefined;
  /** Where a row's bytes were read from. */
  objectOf: (row: CounterRow) => Promise<string>;
}

/** Explains the decision on `ip`. @param rows those of the addresses that count as one with it */
export async function explain(
  ip: Address,
  rows: CounterRow[],
  context: ExplainContext,
): Promise<Explanation> {
  const { policy, now, decision, alerts, exceptions, entry } = context;
  const listed = entry && { network: entry.network, until: entry.until };
  const pause = pauseAt(exceptions, now);
  const unbans = unbansOf(exceptions, ip).map((unban) => ({ ...unban, inForce: isInForce(unban, now) }));
  return {
    sentence: sentenceOf(ip, decision, { listed, isPaused: pause !== undefined }),
    decision,
    policy: policyVersion(policy),
    at: now,
    listed,
    unbans,
    pause,
    alerts: alerts.filter(({ network }) => network === decision.network || network === ip),
    counts: dayCounts(rows),
    users: usersOf(userDaysOf(rows)),
    objects: await objectsOf(rows, context),
  };
}

function dayCounts(rows: readonly CounterRow[]): DayCounts[] {
  const days = new Map<string, DayCounts>();
  for (const { hour, host, cells } of cellsByHour(rows)) {
    const day = new Date(hour * 1000).toISOString().slice(0, 10);
    const before = days.get(`${day} ${host}`) ?? { day, host, hours: [], services: [], ...NOTHING };
    const services = countsByService(cells);
    days.set(`${day} ${host}`, {
      ...before,
      ...addCounts(before, total(services)),
      hours: [...before.hours, (hour / 3600) % 24].sort((a, b) => a - b),
      services: [...new Set([...before.services, ...services.keys()])].sort(),
    });
  }
  return [...days.values()].sort((a, b) => (a.day + a.host < b.day + b.host ? -1 : 1));
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
