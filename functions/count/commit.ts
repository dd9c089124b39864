import type { EpochSeconds } from "../parse/event.ts";
import { PARSER_VERSION } from "../parse/version.ts";
import { keyOfRow, putRows } from "../store/counters.ts";
import { getStream, putStream, touchDays, touchHost } from "../store/ledger.ts";
import { putReceipt, receiptKeys } from "../store/receipts.ts";
import type { Store } from "../store/store.ts";
import type { Key } from "../store/table.ts";
import type { CounterRow } from "./counter.ts";
import { type Claim, type Plan, planParts, type Stream, withClaims, withCounted } from "./ledger.ts";
import type { CountedPart, LogReading } from "./read-parts.ts";
import { rowsOf } from "./tally-rows.ts";

export interface CommitContext {
  store: Store;
  retentionDays: number;
  nameUser: (user: string) => string;
  now: () => EpochSeconds;
  /** Who claims: this run of the function, and until when it may run. */
  owner: string;
  leaseEnd: () => EpochSeconds;
  isDead: (claim: Claim) => boolean;
}

/** The claim was lost to another function, although its lease had not ended. */
export class ClaimLostError extends Error {
  override name = "ClaimLostError";
}

/**
 * Makes a reading count: claims its parts, writes receipt and rows, marks the parts counted. Dying anywhere leaves
 * a claim, whose exact range whoever comes next counts again.
 * `changed`: other bytes of the stream have been counted since it was planned; `busy`: somebody is counting these.
 */
export async function commit(
  planned: Stream,
  reading: LogReading,
  key: string,
  context: CommitContext,
): Promise<"done" | "changed" | "busy"> {
  if (reading.parts.length === 0) return "done";
  const { table } = context.store;
  const stream = await getStream(table, planned.host, planned.fingerprint);
  const plan = planParts(stream, reading.range, reading.damage !== undefined, context.isDead);
  if ("busy" in plan) return "busy";
  if (!isSame(plan, reading.parts)) return "changed";
  const claims = reading.parts.map((part) => claimOf(part, reading, context));
  if (!(await putStream(table, withClaims(stream, claims), stream))) return "changed";
  for (const part of reading.parts) await writePart(stream, part, key, context);
  await touchHost(table, { host: stream.host, seen: context.now(), newest: reading.newest });
  await markCounted(stream, claims, context);
  return "done";
}

function isSame(plan: Exclude<Plan, { busy: string }>, parts: readonly CountedPart[]): boolean {
  const text = (part: { start: number; end: number; generation: number; replaces: unknown }) =>
    JSON.stringify([part.start, part.end, part.generation, part.replaces]);
  return plan.parts.map(text).join() === parts.map(text).join();
}

function claimOf(part: CountedPart, reading: LogReading, context: CommitContext): Claim {
  const { start, end, generation, replaces, lastLine } = part;
  const { owner } = context;
  return {
    start,
    end,
    generation,
    replaces,
    lastLine,
    owner,
    lease: context.leaseEnd(),
    partial: reading.damage !== undefined,
  };
}

/** Receipt first, then rows: whatever rows are there, a receipt names them. */
async function writePart(
  stream: Stream,
  part: CountedPart,
  key: string,
  context: CommitContext,
): Promise<void> {
  const { store, retentionDays, nameUser } = context;
  const { host, fingerprint } = stream;
  const rows = [
    ...rowsOf(part.tally, {
      host,
      fingerprint,
      start: part.start,
      end: part.end,
      parser: PARSER_VERSION,
      retentionDays,
      nameUser,
    }),
  ];
  const vanished = await vanishedKeys(stream, part, rows, store);
  await putReceipt(
    store.lists,
    { host, fingerprint, start: part.start, end: part.end },
    part.generation,
    rows,
    key,
  );
  await putRows(store.table, rows, vanished);
  const days = [...rows.map((row) => row.day), ...vanished.map((key) => key.pk.slice(0, 10))];
  await touchDays(store.table, new Set(days), `${context.owner}-${context.now()}-${part.start}`);
}

/** Rows that earlier tries at these bytes may have put and that this one does not put again. */
async function vanishedKeys(
  stream: Stream,
  part: CountedPart,
  rows: CounterRow[],
  { lists }: Store,
): Promise<Key[]> {
  if (part.generation === 1) return [];
  const { host, fingerprint } = stream;
  const kept = new Set(rows.map((row) => keyOfRow(row).sk + keyOfRow(row).pk));
  const earlier: Key[] = [];
  for (const { start, end } of [part, ...part.replaces]) {
    earlier.push(...(await receiptKeys(lists, { host, fingerprint, start, end })));
  }
  return earlier.filter((key) => !kept.has(key.sk + key.pk));
}

async function markCounted(
  claimed: Stream,
  claims: readonly Claim[],
  { store }: CommitContext,
): Promise<void> {
  for (;;) {
    const stream = await getStream(store.table, claimed.host, claimed.fingerprint);
    const counted = withCounted(stream, claims);
    if (counted === undefined) {
      throw new ClaimLostError(
        `the claim on ${claimed.host}/${claimed.fingerprint} was taken over: its lease had ended`,
      );
    }
    if (await putStream(store.table, counted, stream)) return;
  }
}
