import type { AddressHistory, CounterRow } from "./count/counter.ts";
import { historyOf } from "./count/history.ts";
import { compareBytes, createTotals, type Dimension, type Total, type TotalsFilter } from "./count/totals.ts";
import { startDeciding, togetherWith } from "./decide/decide.ts";
import type { Decision, Network } from "./decide/decision.ts";
import { mergeHistories, nothingKnown } from "./decide/histories.ts";
import { contains, networkOf, networkText, parseNetwork } from "./decide/network.ts";
import { decideStored, storedSituation } from "./decide/stored.ts";
import type { ListEntry } from "./list/blocklist.ts";
import { DamagedListError, publishedList } from "./list/published.ts";
import { createLocator, type Locator } from "./locate/country.ts";
import { readDatabase } from "./locate/database.ts";
import type { Address, EpochSeconds } from "./parse/event.ts";
import { type Explanation, explain } from "./report/explain.ts";
import { rowsByAddress, rowsOfAddress } from "./store/counters.ts";
import { type Deployment, deploymentFromEnvironment } from "./store/deployment.ts";
import { daysOf } from "./store/ledger.ts";
import { receiptObject } from "./store/receipts.ts";
import { openStore, type Store } from "./store/store.ts";
import { stopPretenuring } from "./v8.ts";

/** Attempts and logins over the fleet, grouped. */
export interface TotalsRequest extends TotalsFilter {
  ask: "totals";
  by: Dimension[];
  /** At most so many lines, the largest. */
  top?: number | undefined;
  now?: EpochSeconds | undefined;
}

/** Why an address is banned, or not. */
export interface ExplainRequest {
  ask: "explain";
  ip: Address;
  now?: EpochSeconds | undefined;
}

/** The decision on every address that failed to log in; addresses that count as one (IPv6 /64) have one. */
export interface DecisionsRequest {
  ask: "decisions";
  now?: EpochSeconds | undefined;
}

export interface Query {
  totals(request: Omit<TotalsRequest, "ask">): Promise<Total[]>;
  explain(request: Omit<ExplainRequest, "ask">): Promise<Explanation>;
  decisions(request: Omit<DecisionsRequest, "ask">): Promise<Decision[]>;
}

/** Answers questions from the counters. `now` is the moment to decide for, and what has expired; else the clock's. */
export function createQuery(deployment: Deployment): Query {
  const store = openStore(deployment);
  const locator = createLocator(readDatabase());
  return {
    totals: (request) => totals(store, locator, request),
    explain: (request) => explainAddress(store, locator, request),
    decisions: (request) => decisions(store, locator, request),
  };
}

async function totals(store: Store, locator: Locator, request: Omit<TotalsRequest, "ask">): Promise<Total[]> {
  const { by, top, now = clock(), ...filter } = request;
  const counting = createTotals(by, filter, { countryOf: locator.countryOf, networkOf: commonNetwork });
  const days = (await daysOf(store.table)).filter((day) => mayMatter(day, filter));
  if (filter.ip === undefined) {
    for await (const [ip, rows] of rowsByAddress(store.table, days, now)) counting.add(ip, rows);
  } else counting.add(filter.ip, await rowsOfAddress(store.table, filter.ip, days, now));
  return counting.result().slice(0, top);
}

async function explainAddress(
  store: Store,
  { countryOf }: Locator,
  { ip, now = clock() }: Omit<ExplainRequest, "ask">,
) {
  const situation = await storedSituation(store, now, countryOf);
  const days = await daysOf(store.table);
  const isTogether = togetherWith(ip, situation);
  const rows: CounterRow[] = [];
  const deciding = startDeciding(situation);
  for await (const [other, counted] of rowsByAddress(store.table, days, now)) {
    deciding.add(historyOf(other, counted));
    if (isTogether(other)) rows.push(...counted);
  }
  const verdicts = deciding.finish();
  const decision = verdicts.of(rows.length === 0 ? nothingKnown(ip) : mergedHistory(ip, rows));
  const entry = entryOf(ip, await listOut(store));
  const objectOf = (row: CounterRow) => receiptObject(store.lists, row);
  return await explain(ip, rows, { ...situation, decision, alerts: verdicts.alerts, entry, objectOf });
}

/** The history of all addresses that count as one, asked for by one of them. */
function mergedHistory(ip: Address, rows: readonly CounterRow[]): AddressHistory {
  const byAddress = Map.groupBy(rows, (row) => row.ip);
  return { ...mergeHistories([...byAddress].map(([other, own]) => historyOf(other, own))), ip };
}

function entryOf(ip: Address, entries: readonly ListEntry[]): ListEntry | undefined {
  const range = parseNetwork(ip);
  return entries.find((entry) => contains(entry.range, range));
}

/** A damaged list is as good as none, here: publishing mends it. */
async function listOut({ lists }: Store): Promise<ListEntry[]> {
  try {
    return (await publishedList(lists))?.entries ?? [];
  } catch (error) {
    if (error instanceof DamagedListError) return [];
    throw error;
  }
}

async function decisions(
  store: Store,
  { countryOf }: Locator,
  { now = clock() }: Omit<DecisionsRequest, "ask">,
) {
  const verdicts = await decideStored(store.table, await storedSituation(store, now, countryOf));
  const found = new Map<Network, Decision>();
  for await (const [ip, rows] of rowsByAddress(store.table, await daysOf(store.table), now)) {
    const history = historyOf(ip, rows);
    if (!history.hours.some((hour) => hour.attempts > 0)) continue;
    const decision = verdicts.of(history);
    found.set(decision.network, { ...decision, country: decision.country ?? countryOf(ip) });
  }
  return [...found.values()].sort((a, b) => b.attempts - a.attempts || compareBytes(a.network, b.network));
}

/** The networks that neighbours are looked for in. */
function commonNetwork(ip: Address): string {
  return networkText(networkOf(ip, { ipv4: 24, ipv6: 64 }));
}

function mayMatter(day: string, { since, until }: TotalsFilter): boolean {
  const begins = Date.parse(day) / 1000;
  return (until === undefined || begins < until) && (since === undefined || begins + 86_400 > since);
}

function clock(): EpochSeconds {
  return Math.floor(Date.now() / 1000);
}

let fromEnvironment: Query | undefined;

/** What Lambda calls. */
export const handler = async (request: TotalsRequest | ExplainRequest | DecisionsRequest) => {
  stopPretenuring();
  fromEnvironment ??= createQuery(deploymentFromEnvironment(process.env));
  switch (request.ask) {
    case "totals":
      return await fromEnvironment.totals(request);
    case "explain":
      return await fromEnvironment.explain(request);
    case "decisions":
      return await fromEnvironment.decisions(request);
    default:
      throw new TypeError('ask for one of "totals", "explain", "decisions"');
  }
};
