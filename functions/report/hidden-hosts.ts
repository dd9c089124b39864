import { getOrMake } from "../count/get-or-make.ts";
import { addCounts, cellsByHour, countsByService, NOTHING, total } from "../count/history.ts";
import type { EpochSeconds } from "../parse/event.ts";
import { rowsByAddress } from "../store/counters.ts";
import { daysOf } from "../store/ledger.ts";
import type { Table } from "../store/table.ts";
import { type HiddenAddress, type HiddenSearch, startHiddenSearch } from "./hidden-address.ts";

/** Days looked at: a proxy that was mended is soon forgotten. */
const DAYS = 7;

/** Hosts that seem to see a proxy's address instead of the clients', in the newest days that have rows. */
export async function hiddenHosts(table: Table, now: EpochSeconds): Promise<Map<string, HiddenAddress>> {
  const searches = new Map<string, HiddenSearch>();
  for await (const [ip, rows] of rowsByAddress(table, (await daysOf(table)).slice(-DAYS), now)) {
    for (const [host, own] of Map.groupBy(rows, (row) => row.host)) {
      const counts = cellsByHour(own).map(({ cells }) => total(countsByService(cells)));
      getOrMake(searches, host, startHiddenSearch).add(ip, counts.reduce(addCounts, NOTHING));
    }
  }
  return new Map([...searches].flatMap(([host, search]) => foundAt(host, search)));
}

function foundAt(host: string, search: HiddenSearch): [string, HiddenAddress][] {
  const found = search.found();
  return found === undefined ? [] : [[host, found]];
}
