import { expect, test } from "vitest";
import type { CounterRow } from "../../functions/count/counter.ts";
import { createQuery } from "../../functions/query.ts";
import { deleteRows, putRows, rowsByAddress, rowsOfAddress } from "../../functions/store/counters.ts";
import { touchDays } from "../../functions/store/ledger.ts";
import { row } from "../count/factories.ts";
import { startSystem } from "../handlers.ts";

const DAYS = ["2026-11-23", "2026-11-24"];

test("rows come back as they were put, by address, and are gone once deleted", async () => {
  const { store } = await startSystem();
  const rows = [
    row({ users: { "0123456789abcdef": 3 }, userCount: 1, firstSuccess: 1_795_489_200 }),
    row({ day: "2026-11-23", start: 1000 }),
    row({ ip: "2001:db8::7", host: "mx2" }),
  ];
  await putRows(store.table, rows);
  await putRows(store.table, rows);
  expect(await rowsOfAddress(store.table, "192.0.2.7", DAYS, 0)).toEqual([rows[1], rows[0]]);
  expect((await all(store.table, 0)).get("2001:db8::7")).toEqual([rows[2]]);
  await deleteRows(store.table, [rows[0]!, row({ ip: "192.0.2.9" })]);
  expect(await rowsOfAddress(store.table, "192.0.2.7", DAYS, 0)).toEqual([rows[1]]);
});

test("what has expired is ignored, though the table has it still", async () => {
  const { deployment, store } = await startSystem();
  const now = 1_795_500_000;
  const left = row({ ip: "192.0.2.8", expires: now + 1 });
  await putRows(store.table, [row({ expires: now }), left]);
  await touchDays(store.table, DAYS, "token", 100);
  expect(await rowsOfAddress(store.table, "192.0.2.7", DAYS, now)).toEqual([]);
  expect(await all(store.table, now)).toEqual(new Map([["192.0.2.8", [left]]]));
  const totals = await createQuery(deployment).totals({ by: ["ip"], now });
  expect(totals.map(({ by }) => by)).toEqual([["192.0.2.8"]]);
});

async function all(table: Parameters<typeof rowsByAddress>[0], now: number) {
  const found = new Map<string, CounterRow[]>();
  for await (const [ip, rows] of rowsByAddress(table, DAYS, now)) found.set(ip, rows);
  return found;
}
