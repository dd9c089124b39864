import { historyOf } from "../count/history.ts";
import { rowsByAddress } from "../store/counters.ts";
import { daysOf } from "../store/ledger.ts";
import { type Bucket, getText } from "../store/objects.ts";
import type { Table } from "../store/table.ts";
import { type DecideContext, startDeciding } from "./decide.ts";
import { defaultPolicy, type Policy, parsePolicy } from "./policy.ts";
import type { Verdicts } from "./verdicts.ts";

/** The policy in force, `policy/policy.json` of the lists bucket; the default where there is none. @throws BadPolicy */
export async function storedPolicy(lists: Bucket): Promise<Policy> {
  const stored = await getText(lists, "policy/policy.json");
  return stored === undefined ? defaultPolicy : parsePolicy(JSON.parse(stored.text));
}

/** Decides over everything that is stored, one shard of the addresses in memory at a time. */
export async function decideStored(table: Table, context: DecideContext): Promise<Verdicts> {
  const deciding = startDeciding(context);
  for await (const [ip, rows] of rowsByAddress(table, await daysOf(table), context.now)) {
    deciding.add(historyOf(ip, rows));
  }
  return deciding.finish();
}
