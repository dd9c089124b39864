import { historyOf } from "../../../functions/count/history.ts";
import { rowsOfAddress } from "../../../functions/store/counters.ts";
import { streamsOf } from "../../../functions/store/ledger.ts";
import type { Table } from "../../../functions/store/table.ts";
import type { KnownLog } from "./logs.ts";

const DAYS = ["2026-11-22", "2026-11-23", "2026-11-24"];
const NOW = Date.parse("2026-11-25") / 1000;

/** Why the counters of a host are not what is true of its log; undefined: they are. */
export async function problemOf(table: Table, host: string, log: KnownLog): Promise<string | undefined> {
  for await (const stream of streamsOf(table, host)) {
    if (stream.claims.length > 0) return `claims are left: ${JSON.stringify(stream.claims)}`;
    const [range, ...more] = stream.ranges;
    const length = Buffer.byteLength(log.lines.join(""));
    if (range?.start !== 0 || range.end !== length || more.length > 0)
      return `ranges ${JSON.stringify(stream.ranges)} instead of 0 to ${length}`;
  }
  const found = await countsOf(table, host, new Set([...log.truth.keys()].map((key) => key.split(" ")[0]!)));
  const text = (counts: ReadonlyMap<string, number>) => JSON.stringify([...counts].sort());
  return text(found) === text(log.truth) ? undefined : `${text(found)} instead of ${text(log.truth)}`;
}

async function countsOf(table: Table, host: string, addresses: ReadonlySet<string>) {
  const counts = new Map<string, number>();
  for (const ip of addresses) {
    const rows = await rowsOfAddress(table, ip, DAYS, NOW);
    for (const { hour, attempts, ...of } of historyOf(ip, rows).hours)
      if (of.host === host && attempts > 0) counts.set(`${ip} ${hour}`, attempts);
  }
  return counts;
}
