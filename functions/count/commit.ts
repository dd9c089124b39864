import { setTimeout as sleep } from "node:timers/promises";
import type { EpochSeconds } from "../parse/event.ts";
import { getStream, putStream, touchHost } from "../store/ledger.ts";
import { noteOwnAddresses } from "../store/own-addresses.ts";
import type { Store } from "../store/store.ts";
import { type Claim, type Stream, type StreamName, standing, withClaims, withCounted } from "./ledger.ts";
import type { ReadContext } from "./open-log.ts";
import { isSamePlan, type Plan, StreamBusyError } from "./plan.ts";
import type { LogReading } from "./read-parts.ts";
import { lookAt } from "./release.ts";
import { rowCount } from "./tally-rows.ts";
import { writePart } from "./write-part.ts";

export interface CommitContext extends ReadContext {
  store: Store;
  retentionDays: number;
  nameUser: (user: string) => string;
  now: () => EpochSeconds;
  /** Who claims: this run of the function. */
  owner: string;
  /** Until when this run may write so many rows. */
  leaseEnd: (rows: number) => EpochSeconds;
  /** Whether nobody is at work any more who made this claim, so that nothing is written under it. */
  isDead: (claim: Claim) => boolean;
}

/** The claim was lost to another function: its lease had ended. What was written is the other's to mend. */
export class ClaimLostError extends Error {
  override name = "ClaimLostError";
}

/** What is to be done on a stream as it stands. */
export type Replan = (stream: Stream) => Promise<Plan> | Plan;

/**
 * Makes a reading count: claims its parts, writes receipt and rows, marks the parts counted. Dying anywhere leaves
 * a claim, whose exact range whoever comes next counts again.
 * False: something else is to be done by now than what was read for.
 * @throws StreamBusyError, ClaimLostError, and what S3 and DynamoDB fail with
 */
export async function commit(
  of: StreamName,
  reading: LogReading,
  key: string,
  replan: Replan,
  context: CommitContext,
): Promise<boolean> {
  if (reading.parts.length === 0) return true;
  const claims = await claimParts(of, reading, replan, context);
  if (claims === undefined) return false;
  const expires = expiryOf(reading, context);
  for (const [index, part] of reading.parts.entries()) {
    await writePart(of, part, claims[index]!, { object: key, unread: reading.unread, expires }, context);
  }
  const seen = context.now();
  await touchHost(context.store.table, { host: of.host, seen, newest: reading.newest }, expires);
  await noteOwnAddresses(context.store.table, of.host, reading.own, expires);
  await markCounted(of, claims, context);
  return true;
}

/** How often it is tried to change a stream's row that others change at the same time. */
const MOST_TRIES = 30;
const LONGEST_WAIT_MS = 200;

async function claimParts(
  of: StreamName,
  reading: LogReading,
  replan: Replan,
  context: CommitContext,
): Promise<Claim[] | undefined> {
  const { table } = context.store;
  const claims = claimsOf(reading, context);
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const { stream, plan } = await lookAt(of, replan, context);
    // a put whose reply was lost had been made
    if (standing(stream, claims) === "held") return claims;
    const { logName = reading.logName } = stream;
    if (logName !== reading.logName || !isSamePlan(plan.parts, reading.parts)) return undefined;
    const expires = Math.max(stream.expires, expiryOf(reading, context));
    if (await putStream(table, { ...withClaims(stream, claims), logName, expires }, stream)) return claims;
    await sleep(Math.random() * LONGEST_WAIT_MS);
  }
  throw new StreamBusyError(`others keep changing what is counted of ${of.host}/${of.fingerprint}`);
}

function claimsOf(reading: LogReading, context: CommitContext): Claim[] {
  const rows = reading.parts.reduce((sum, part) => sum + rowCount(part.tally), 0);
  const { owner } = context;
  const lease = context.leaseEnd(rows);
  const partial = reading.damage !== undefined;
  return reading.parts.map(({ start, end, generation, replaces, lastLine, recount }) => {
    const claim = { start, end, generation, replaces, lastLine, owner, lease, partial };
    return recount ? { ...claim, recount } : claim;
  });
}

async function markCounted(of: StreamName, claims: readonly Claim[], { store }: CommitContext) {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const stream = await getStream(store.table, of.host, of.fingerprint);
    const stands = standing(stream, claims);
    // a put whose reply was lost had been made
    if (stands === "counted") return;
    if (stands === "lost") throw new ClaimLostError(`${nameOf(of)}: its lease had ended`);
    if (await putStream(store.table, withCounted(stream, claims), stream)) return;
    await sleep(Math.random() * LONGEST_WAIT_MS);
  }
  throw new StreamBusyError(`others keep changing what is counted of ${nameOf(of)}`);
}

/** Seconds after which nothing of it is left: a log may come late, or be a day ahead of its host. */
function expiryOf(reading: LogReading, { now, retentionDays }: CommitContext): EpochSeconds {
  return Math.max(now(), reading.newest ?? 0) + (retentionDays + GRACE_DAYS) * 86_400;
}

/** The ledger outlives the rows and the objects, which the logs bucket keeps two days longer than the rows. */
const GRACE_DAYS = 4;

function nameOf({ host, fingerprint }: StreamName): string {
  return `${host}/${fingerprint}`;
}
