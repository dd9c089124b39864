import type { EpochSeconds } from "../parse/event.ts";
import { PARSER_VERSION } from "../parse/version.ts";
import { deleteRows, putRows, type RowName } from "../store/counters.ts";
import { touchDays } from "../store/ledger.ts";
import { deleteParts, putPart } from "../store/parts.ts";
import { putReceipt, receiptRows } from "../store/receipts.ts";
import type { CommitContext } from "./commit.ts";
import type { Claim, StreamName } from "./ledger.ts";
import type { CountedPart } from "./read-parts.ts";
import { hasRow, rowNames, rowsOf } from "./tally-rows.ts";

/** What is noted with a part, besides its rows. */
export interface PartFacts {
  /** Key of the object that it was read from. */
  object: string;
  unread: number;
  expires: EpochSeconds;
}

/** The function worked longer than it had said; somebody else may be at its bytes by now. */
export class LeaseEndedError extends Error {
  override name = "LeaseEndedError";
}

/**
 * Writes what a claimed part counts. Receipt first, then rows: whatever rows are there, a receipt names them. Rows of
 * earlier tries at these bytes go before the new ones come, so that no byte is counted by two.
 * @throws LeaseEndedError
 */
export async function writePart(
  of: StreamName,
  part: CountedPart,
  claim: Claim,
  { object, unread, expires }: PartFacts,
  context: CommitContext,
): Promise<void> {
  const { store, retentionDays, nameUser } = context;
  const { host, fingerprint } = of;
  const { start, end, tally, generation, lastLine } = part;
  const counted = { host, fingerprint, start, end, parser: PARSER_VERSION };
  const days = new Set<string>();
  await putReceipt(store.lists, counted, generation, rowNames(tally), object);
  const old = vanished(of, part, days, context);
  await deleteRows(store.table, whileLeased(old, claim, context));
  await deleteParts(store.table, of, startsBefore(part));
  const rows = rowsOf(tally, { ...counted, retentionDays, nameUser });
  await putRows(store.table, whileLeased(noting(rows, days), claim, context));
  const facts = {
    generation,
    lastLine,
    logName: tally.logName,
    object,
    partial: claim.partial,
    events: tally.events,
    unread,
    expires,
  };
  await putPart(store.table, { ...counted, ...facts });
  await touchDays(store.table, days, `${claim.owner}-${context.now()}-${start}`, retentionDays);
}

/** Rows that earlier tries at these bytes may have put and that this one does not put again. */
async function* vanished(
  { host, fingerprint }: StreamName,
  part: CountedPart,
  days: Set<string>,
  { store }: CommitContext,
): AsyncGenerator<RowName> {
  if (part.generation === 1) return;
  for (const start of [part.start, ...startsBefore(part)]) {
    for await (const row of receiptRows(store.lists, { host, fingerprint, start })) {
      if (start === part.start && hasRow(part.tally, row)) continue;
      days.add(row.day);
      yield row;
    }
  }
}

/** Where other parts began that this one replaces. */
function startsBefore({ start, replaces }: CountedPart): number[] {
  return replaces.map((old) => old.start).filter((old) => old !== start);
}

/** Writes nothing more once the lease is about to end: DynamoDB's client gives a write up within the margin. */
async function* whileLeased<T>(
  items: Iterable<T> | AsyncIterable<T>,
  { lease }: Claim,
  { now }: CommitContext,
): AsyncGenerator<T> {
  for await (const item of items) {
    if (now() >= lease - LEASE_MARGIN) throw new LeaseEndedError("the lease ended before all rows were put");
    yield item;
  }
}

/** Seconds. */
const LEASE_MARGIN = 30;

function* noting<Row extends RowName>(rows: Iterable<Row>, days: Set<string>): Generator<Row> {
  for (const row of rows) {
    days.add(row.day);
    yield row;
  }
}
