import { deleteRows } from "../store/counters.ts";
import { getStream, putStream, touchDays } from "../store/ledger.ts";
import { deleteParts } from "../store/parts.ts";
import { receiptRows } from "../store/receipts.ts";
import type { CommitContext, Replan } from "./commit.ts";
import { type Claim, type Stream, type StreamName, withClaims, withoutClaims } from "./ledger.ts";
import { StreamBusyError, type Work } from "./plan.ts";

/**
 * The stream as it stands and what is to be done, after dead claims that stand in the way have been released.
 * @throws StreamBusyError
 */
export async function lookAt(
  { host, fingerprint }: StreamName,
  replan: Replan,
  context: CommitContext,
): Promise<{ stream: Stream; plan: Work }> {
  for (;;) {
    const stream = await getStream(context.store.table, host, fingerprint);
    const plan = await replan(stream);
    if ("parts" in plan) return { stream, plan };
    if ("busy" in plan) throw new StreamBusyError(`${host}/${fingerprint}: ${plan.busy}`);
    await release(stream, plan.stale, context);
  }
}

/**
 * Makes bytes whose counting was begun and never ended as if it had not been begun: an object that nobody can count
 * (it ends the function each time) holds up no other of its log. First the claim is taken, so that nobody counts these
 * bytes before all of its rows are gone.
 */
async function release(stream: Stream, dead: Claim, context: CommitContext): Promise<void> {
  const { table } = context.store;
  const { owner } = context;
  const mine = { ...dead, owner, lease: context.leaseEnd(0), generation: dead.generation + 1 };
  if (!(await putStream(table, withClaims(stream, [mine]), stream))) return;
  const days = new Set<string>();
  await deleteRows(table, rowsUnder(stream, dead, days, context));
  await deleteParts(
    table,
    stream,
    [dead, ...dead.replaces].map(({ start }) => start),
  );
  await touchDays(table, days, `${owner}-${dead.start}-released`, context.retentionDays);
  const claimed = await getStream(table, stream.host, stream.fingerprint);
  const held = claimed.claims.some((claim) => claim.owner === owner && claim.generation === mine.generation);
  if (held) await putStream(table, withoutClaims(claimed, [mine]), claimed);
}

async function* rowsUnder(
  { host, fingerprint }: Stream,
  { start, replaces }: Claim,
  days: Set<string>,
  { store }: CommitContext,
) {
  for (const from of new Set([start, ...replaces.map((old) => old.start)])) {
    for await (const row of receiptRows(store.lists, { host, fingerprint, start: from })) {
      days.add(row.day);
      yield row;
    }
  }
}
