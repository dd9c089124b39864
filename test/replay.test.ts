import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import type { CounterRow } from "../functions/count/counter.ts";
import { segmentKey } from "../functions/count/keys.ts";
import { createIngest } from "../functions/ingest.ts";
import { fingerprintOf } from "../functions/read/fingerprint.ts";
import { replayStored, verifyStored } from "../functions/replay.ts";
import { putRows, rowsOfAddress } from "../functions/store/counters.ts";
import { daysOf, getStream, putStream } from "../functions/store/ledger.ts";
import { partsOf, putPart } from "../functions/store/parts.ts";
import { putReceipt } from "../functions/store/receipts.ts";
import { type System, sqsEvent, startSystem } from "./handlers.ts";

const LINES = Array.from(
  { length: 6 },
  (_, n) =>
    `2026-11-24T0${n}:00:00+00:00 mx1 dovecot: imap-login: Disconnected (auth failed, 1 attempts in 2 secs): user=<u${n}>, method=PLAIN, rip=192.0.2.7, lip=192.0.2.25, session=<${n}>\n`,
);
const FINGERPRINT = fingerprintOf(Buffer.from(LINES[0]!.trimEnd()));
const OF = { host: "mx1", fingerprint: FINGERPRINT };
const NOW = Date.parse("2026-11-25") / 1000;
const QUIET = { all: false, onObject: () => {}, onWait: () => {} };

test("what an older parser counted is counted again with its exact ranges, and rows that it alone had go", async () => {
  const system = await twoSegments();
  const { table } = system.store;
  const before = await partsOf(table, OF);
  await pretendOldParser(system);
  expect(await differencesOf(system)).toEqual([
    { ip: "192.0.2.7", host: "mx1", day: "2026-11-24", expected: 3, found: 103, rows: 1 },
    { ip: "203.0.113.99", host: "mx1", day: "2026-11-24", expected: 0, found: 9, rows: 1 },
  ]);
  expect(await replayStored(system.deployment, "mx1/", QUIET)).toEqual({
    counted: 0,
    recounted: 1,
    problems: [],
  });
  expect(await differencesOf(system)).toEqual([]);
  expect(await rows(system, "203.0.113.99")).toEqual([]);
  const after = await partsOf(table, OF);
  expect(after.map(({ start, end, generation }) => [start, end, generation])).toEqual([
    [before[0]!.start, before[0]!.end, 2],
    [before[1]!.start, before[1]!.end, 1],
  ]);
  expect((await getStream(table, "mx1", FINGERPRINT)).claims).toEqual([]);
  // again: nothing is left to do
  expect(await replayStored(system.deployment, "mx1/", QUIET)).toMatchObject({ recounted: 0 });
});

test("a replay that was killed is ended by the next one, and by ingest", async () => {
  const system = await twoSegments();
  const { table } = system.store;
  await pretendOldParser(system);
  const [part] = await partsOf(table, OF);
  const stream = await getStream(table, "mx1", FINGERPRINT);
  const claim = {
    ...{ start: part!.start, end: part!.end, generation: 2, owner: "replay-killed", lease: 1 },
    ...{ lastLine: part!.lastLine, partial: false, replaces: [], recount: true as const },
  };
  await putStream(table, { ...stream, version: stream.version + 1, claims: [claim] }, stream);
  expect(await verifyStored(system.deployment, undefined, { now: NOW, onObject: () => {} })).toMatchObject({
    differences: [],
    skipped: 1,
  });
  await replayStored(system.deployment, "", QUIET);
  expect(await differencesOf(system)).toEqual([]);

  const again = await getStream(table, "mx1", FINGERPRINT);
  await putStream(
    table,
    { ...again, version: again.version + 1, claims: [{ ...claim, generation: 4 }] },
    again,
  );
  await system.put("mx1/maillog", LINES.join(""));
  await createIngest(system.deployment)(sqsEvent(["mx1/maillog"]));
  expect((await getStream(table, "mx1", FINGERPRINT)).claims).toEqual([]);
  expect(await differencesOf(system)).toEqual([]);
});

test("objects that were never counted are counted, and those that have gone are named", async () => {
  const system = await twoSegments();
  await system.put("mx2/late", LINES.join(""));
  const { table } = system.store;
  for (const part of await partsOf(table, OF)) await putPart(table, { ...part, object: "mx1/gone" });
  expect(await replayStored(system.deployment, "mx2/", QUIET)).toMatchObject({ counted: 1 });
  expect(await replayStored(system.deployment, "", { ...QUIET, all: true })).toEqual({
    counted: 0,
    recounted: 1,
    problems: [{ key: "mx1/gone", reason: "the object is gone" }],
  });
  expect(await verifyStored(system.deployment, undefined, { now: NOW, onObject: () => {} })).toMatchObject({
    objects: 1,
    differences: [],
    unreadable: [{ key: "mx1/gone" }],
  });
});

async function twoSegments(): Promise<System> {
  const system = await startSystem();
  const keys = [];
  for (const [from, to] of [
    [0, 3],
    [3, 6],
  ] as const) {
    const start = LINES.slice(0, from).join("").length;
    const body = LINES.slice(from, to).join("");
    const key = segmentKey("mx1", FINGERPRINT, start, start + body.length);
    await system.put(key, gzipSync(body));
    keys.push(key);
  }
  expect(await createIngest(system.deployment)(sqsEvent(keys))).toEqual({ batchItemFailures: [] });
  return system;
}

/** As if a parser before this one had read the first segment: too many attempts, and an address that is none. */
async function pretendOldParser(system: System): Promise<void> {
  const { table, lists } = system.store;
  const [part] = await partsOf(table, OF);
  await putPart(table, { ...part!, parser: "0" });
  const [row] = await rows(system, "192.0.2.7");
  const counted = (ip: string, attempts: number): CounterRow => ({
    ...row!,
    ip,
    parser: "0",
    cells: [{ ...row!.cells[0]!, attempts }],
  });
  const made = [counted("192.0.2.7", 103), counted("203.0.113.99", 9)];
  await putReceipt(lists, { ...OF, start: part!.start, end: part!.end }, 1, made, part!.object);
  await putRows(table, made);
}

async function rows({ store }: System, ip: string): Promise<CounterRow[]> {
  const found = await rowsOfAddress(store.table, ip, await daysOf(store.table), NOW);
  return found.sort((a, b) => a.start - b.start);
}

async function differencesOf({ deployment }: System) {
  const { differences, unreadable } = await verifyStored(deployment, undefined, {
    now: NOW,
    onObject: () => {},
  });
  expect(unreadable).toEqual([]);
  return differences;
}
