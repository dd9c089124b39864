import type { AddressHistory } from "../count/counter.ts";
import { historyOf } from "../count/history.ts";
import type { EpochSeconds } from "../parse/event.ts";
import { rowsByAddress } from "../store/counters.ts";
import { daysOf } from "../store/ledger.ts";
import { type Bucket, getText, putObject } from "../store/objects.ts";
import { ownAddresses } from "../store/own-addresses.ts";
import type { Store } from "../store/store.ts";
import type { Table } from "../store/table.ts";
import { type DecideContext, startDeciding } from "./decide.ts";
import { type Exceptions, NO_EXCEPTIONS, parseExceptions } from "./exceptions.ts";
import { storedOutsideLists } from "./stored-lists.ts";
import { storedPolicy } from "./stored-policy.ts";
import type { Verdicts } from "./verdicts.ts";

const EXCEPTIONS_KEY = "policy/exceptions.json";

/** What is decided by, besides the counters. */
export interface Situation extends DecideContext {
  exceptions: Exceptions;
}

/** Everything that a deployment's decisions depend on, as it is stored. @throws BadPolicy, BadExceptions */
export async function storedSituation(
  { lists, table }: Pick<Store, "lists" | "table">,
  now: EpochSeconds,
  countryOf: DecideContext["countryOf"],
): Promise<Situation> {
  const [policy, exceptions, own, outside] = await Promise.all([
    storedPolicy(lists),
    storedExceptions(lists),
    ownAddresses(table, now),
    storedOutsideLists(lists),
  ]);
  return { policy, exceptions, own, unbans: exceptions.unbans, lists: outside, now, countryOf };
}

/** @throws BadExceptions */
async function storedExceptions(lists: Bucket): Promise<Exceptions> {
  const stored = await getText(lists, EXCEPTIONS_KEY);
  return stored === undefined ? NO_EXCEPTIONS : parseExceptions(stored.text);
}

/** Others kept changing the exceptions. */
export class ExceptionsRaceError extends Error {
  override name = "ExceptionsRaceError";
}

const MOST_TRIES = 10;

/** Changes the stored exceptions; changes at the same time wait for each other. @throws BadExceptions */
export async function changeExceptions(
  lists: Bucket,
  change: (exceptions: Exceptions) => Exceptions,
): Promise<Exceptions> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const stored = await getText(lists, EXCEPTIONS_KEY);
    const changed = change(stored === undefined ? NO_EXCEPTIONS : parseExceptions(stored.text));
    const condition = stored === undefined ? ({ ifNoneMatch: "*" } as const) : { ifMatch: stored.etag };
    const text = `${JSON.stringify(changed, undefined, 1)}\n`;
    if (await putObject(lists, EXCEPTIONS_KEY, text, { type: "application/json", condition })) return changed;
  }
  throw new ExceptionsRaceError(`others kept changing ${EXCEPTIONS_KEY}: try again`);
}

/** Decides over everything that is stored, one shard of the addresses in memory at a time. */
export async function decideStored(table: Table, context: DecideContext): Promise<Verdicts> {
  const deciding = startDeciding(context);
  for await (const history of storedHistories(table, context.now)) deciding.add(history);
  return deciding.finish();
}

/** Every address that is stored, with what has not expired by `now`. */
export async function* storedHistories(table: Table, now: EpochSeconds): AsyncGenerator<AddressHistory> {
  for await (const [ip, rows] of rowsByAddress(table, await daysOf(table), now)) yield historyOf(ip, rows);
}
