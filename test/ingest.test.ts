import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { segmentKey } from "../functions/count/keys.ts";
import { createIngest, keysOf } from "../functions/ingest.ts";
import { createQuery } from "../functions/query.ts";
import { fingerprintOf } from "../functions/read/fingerprint.ts";
import { putRows } from "../functions/store/counters.ts";
import { getObjectRow, getStream, type ObjectRow, putStream } from "../functions/store/ledger.ts";
import { putReceipt } from "../functions/store/receipts.ts";
import { row } from "./count/factories.ts";
import { type System, sqsEvent, startSystem } from "./handlers.ts";
import { startSqs } from "./sqs.ts";

const LINES = Array.from(
  { length: 6 },
  (_, n) =>
    `2026-11-24T0${n}:00:00.${n}+00:00 mx1 dovecot: imap-login: Disconnected (auth failed, 1 attempts in 2 secs): user=<u${n}>, method=PLAIN, rip=192.0.2.7, lip=192.0.2.25, session=<${n}>\n`,
);
const FINGERPRINT = fingerprintOf(Buffer.from(LINES[0]!.trimEnd()));

test("every object that a batch names is counted, whatever its name", async () => {
  const system = await startSystem();
  await system.put("mx1/mail log+ü%.log", LINES.join(""));
  await system.put("mx2/maillog.gz", gzipSync(LINES.join("")));
  await system.put("mx3/a", LINES.join(""));
  const ingest = createIngest(system.deployment);
  expect(await ingest(sqsEvent(["mx1/mail log+ü%.log", "mx2/maillog.gz"], ["mx3/a"]))).toEqual({
    batchItemFailures: [],
  });
  expect(await attemptsByHost(system)).toEqual({ mx1: 6, mx2: 6, mx3: 6 });
});

test("events again, out of order and at once count once", async () => {
  const system = await startSystem();
  const ends = [0, ...LINES.map((_, n) => LINES.slice(0, n + 1).join("").length)];
  const keys = [];
  for (const [from, to] of [
    [3, 6],
    [0, 2],
    [2, 3],
  ] as const) {
    const key = segmentKey("mx1", FINGERPRINT, ends[from]!, ends[to]!);
    await system.put(key, gzipSync(LINES.slice(from, to).join("")));
    keys.push(key);
  }
  await system.put("mx1/maillog.1", LINES.slice(0, 5).join(""));
  keys.push("mx1/maillog.1");
  const ingest = createIngest(system.deployment);
  // beside each other: one may find the other at work, then its message comes again
  for (let tries = 0; tries < 5; tries++) await Promise.all(keys.map((key) => ingest(sqsEvent([key]))));
  expect(await attemptsByHost(system)).toEqual({ mx1: 6 });
  const { ranges, claims } = await getStream(system.store.table, "mx1", FINGERPRINT);
  expect([ranges.map(({ start, end }) => [start, end]), claims]).toEqual([[[0, ends[6]]], []]);
});

test("parts of one log add up, whatever its copies are named", async () => {
  const system = await startSystem();
  const sameHour = LINES.map((line) => line.replace(/T0\d/, "T05"));
  await system.put("mx1/a.log", sameHour.slice(0, 2).join(""));
  await system.put("mx1/b.log", sameHour.join(""));
  await createIngest(system.deployment)(sqsEvent(["mx1/a.log"], ["mx1/b.log"]));
  expect(await attemptsByHost(system)).toEqual({ mx1: 6 });
});

test("a damaged copy again, and a good one that is shorter, come to an end", async () => {
  const system = await startSystem();
  await system.put("mx1/cut", gzipSync(LINES.join("")).subarray(0, -9));
  await system.put("mx1/cut-as-well", gzipSync(LINES.join("")).subarray(0, -10));
  await system.put("mx1/short", LINES.slice(0, 2).join(""));
  const retried: string[] = [];
  const ingest = createIngest(system.deployment, { onRetry: (key) => retried.push(key) });
  for (const key of ["mx1/cut", "mx1/cut", "mx1/cut-as-well", "mx1/short", "mx1/short"])
    await ingest(sqsEvent([key]));
  expect(retried).toEqual([]);
  await system.put("mx1/good", LINES.join(""));
  await ingest(sqsEvent(["mx1/good"]));
  expect(await attemptsByHost(system)).toEqual({ mx1: 6 });
});

test("a claim of a function that died on a longer object holds up no shorter one", async () => {
  const system = await startSystem();
  const before = await getStream(system.store.table, "mx1", FINGERPRINT);
  const claim = { start: 0, end: 9999, generation: 1, owner: "died", lease: 1, lastLine: "" };
  const claims = [{ ...claim, partial: false, replaces: [] }];
  await putStream(system.store.table, { ...before, version: 1, claims }, before);
  await system.put("mx1/a", LINES.join(""));
  expect(await createIngest(system.deployment)(sqsEvent(["mx1/a"]))).toEqual({ batchItemFailures: [] });
  expect(await attemptsByHost(system)).toEqual({ mx1: 6 });
});

test("a claim whose functions have died one after the other holds up nobody, whatever rows their receipts name", async () => {
  const system = await startSystem();
  const { lists, table } = system.store;
  const stream = { host: "mx1", fingerprint: FINGERPRINT };
  const rows = [
    { day: "2026-11-24", ip: "192.0.2.8" },
    { day: "2026-11-24", ip: "192.0.2.9" },
  ];
  const range = { start: 0, end: 9999 };
  for (const generation of [1, 2])
    await putReceipt(lists, { ...stream, ...range }, generation, rows, "mx1/b");
  await putRows(table, [row({ ...stream, ...rows[0] })]);
  const before = await getStream(table, "mx1", FINGERPRINT);
  const claim = { ...range, generation: 2, owner: "died", lease: 1, lastLine: "", partial: false };
  await putStream(table, { ...before, version: 1, claims: [{ ...claim, replaces: [] }] }, before);
  await system.put("mx1/a", LINES.join(""));
  const problems: string[] = [];
  const ingest = createIngest(system.deployment, { onRetry: (_key, error) => problems.push(error.message) });
  await ingest(sqsEvent(["mx1/a"]));
  expect(problems).toEqual([]);
  expect(await attemptsByHost(system)).toEqual({ mx1: 6 });
});

test("a key as long as S3 allows has its state, too", async () => {
  const system = await startSystem();
  const key = `mx1/${"k".repeat(1020)}`;
  await system.put(key, LINES.join(""));
  const ingest = createIngest(system.deployment);
  expect(await ingest(sqsEvent([key], [key]))).toEqual({ batchItemFailures: [] });
  expect(await attemptsByHost(system)).toEqual({ mx1: 6 });
});

test("a message that is no S3 event fails alone; S3's test event is nothing", async () => {
  const system = await startSystem();
  await system.put("mx1/a", LINES.join(""));
  const event = sqsEvent("{ no json", '{"Service":"Amazon S3","Event":"s3:TestEvent","Bucket":"logs"}', [
    "mx1/a",
  ]);
  expect(await createIngest(system.deployment)(event)).toEqual({
    batchItemFailures: [{ itemIdentifier: event.Records[0]!.messageId }],
  });
  expect(await attemptsByHost(system)).toEqual({ mx1: 6 });
});

test("other events than creations are ignored", () => {
  expect(
    keysOf('{"Records":[{"eventName":"ObjectRemoved:Delete","s3":{"object":{"key":"mx1/a"}}}]}'),
  ).toEqual([]);
});

test("a stream that another function is counting waits; when that has died, it is counted", async () => {
  const system = await startSystem();
  const end = LINES.join("").length;
  const before = await getStream(system.store.table, "mx1", FINGERPRINT);
  const now = Math.floor(Date.now() / 1000);
  const claim = {
    start: 0,
    end,
    generation: 1,
    owner: "other",
    lease: now + 100,
    lastLine: "",
    partial: false,
    replaces: [],
  };
  await putStream(system.store.table, { ...before, version: 1, claims: [claim] }, before);
  await system.put("mx1/a", LINES.join(""));
  const event = sqsEvent(["mx1/a"]);
  const retried: string[] = [];
  const waiting = createIngest(system.deployment, { onRetry: (_key, error) => retried.push(error.name) });
  expect((await waiting(event)).batchItemFailures).toHaveLength(1);
  expect(retried).toEqual(["StreamBusyError"]);
  const later = createIngest(system.deployment, { isDead: (found) => found.owner === "other" });
  expect((await later(event)).batchItemFailures).toEqual([]);
  expect(await attemptsByHost(system)).toEqual({ mx1: 6 });
});

test("what fails for now comes again soon, later each time, and what was counted does not", async () => {
  const system = await startSystem();
  const { queue, endpoint, requests } = await startSqs();
  const endpoints = { ...system.deployment.endpoints, sqs: endpoint };
  const ingest = createIngest({ ...system.deployment, queue, endpoints });
  await system.put("mx1/a", LINES.join(""));
  const event = sqsEvent(["mx1/a"], "{ no json");
  const seconds: number[] = [];
  for (const tries of [1, 2, 3, 4, 5, 6, 7, 8, 9, 14]) {
    for (const { attributes } of event.Records) attributes.ApproximateReceiveCount = String(tries);
    expect((await ingest(event)).batchItemFailures).toHaveLength(1);
    const [entry, ...more] = requests.at(-1)!.Entries;
    expect([entry?.ReceiptHandle, more]).toEqual([event.Records[1]!.receiptHandle, []]);
    seconds.push(entry!.VisibilityTimeout);
  }
  expect(requests).toHaveLength(10);
  for (const [index, most] of [15, 30, 60, 120, 240, 240, 240, 240, 1800, 1800].entries()) {
    expect(seconds[index]).toBeGreaterThanOrEqual(most / 2);
    expect(seconds[index]).toBeLessThanOrEqual(most);
  }
});

test("a queue that cannot be told is no reason to fail what was counted", async () => {
  const system = await startSystem();
  const { queue, endpoint } = await startSqs(() => true);
  const endpoints = { ...system.deployment.endpoints, sqs: endpoint };
  const retried: string[] = [];
  const onRetry = (key: string, error: Error) => retried.push(`${key}: ${error.name}`);
  const ingest = createIngest({ ...system.deployment, queue, endpoints }, { onRetry });
  await system.put("mx1/a", LINES.join(""));
  const event = sqsEvent(["mx1/a"], ["none/of/ours"], "{ no json");
  expect((await ingest(event)).batchItemFailures).toEqual([{ itemIdentifier: event.Records[2]!.messageId }]);
  expect(retried.at(-1)).toBe("the queue: VisibilityError");
  expect(await attemptsByHost(system)).toEqual({ mx1: 6 });
});

test.each<[string, string, string | Uint8Array, Partial<ObjectRow>]>([
  [
    "no text",
    "mx1/x",
    Buffer.from(Array.from({ length: 4096 }, (_, n) => (n * 167) % 256)),
    { state: "failed" },
  ],
  [
    "no complete line",
    "mx1/x",
    "2026-11-24T00:00:00Z mx1 dovecot: imap-login: Discon",
    { state: "counted", lines: 0 },
  ],
  ["nothing at all", "mx1/x", "", { state: "counted", lines: 0 }],
  [
    "a segment under a false fingerprint",
    segmentKey("mx1", "0".repeat(16), 0, 10),
    gzipSync("123456789\n"),
    { state: "failed" },
  ],
  [
    "a segment of another length",
    segmentKey("mx1", fingerprintOf(Buffer.from("123456789")), 0, 11),
    gzipSync("123456789\n"),
    { state: "conflict" },
  ],
  ["an archive cut off", "mx1/x", gzipSync(LINES.join("")).subarray(0, -9), { state: "partial" }],
])("an object that holds %s ends in a clear state", async (_name, key, body, expected) => {
  const system = await startSystem();
  await system.put(key, body);
  const rows: ObjectRow[] = [];
  const ingest = createIngest(system.deployment, { onObject: (row) => rows.push(row) });
  expect(await ingest(sqsEvent([key]))).toEqual({ batchItemFailures: [] });
  expect(rows).toMatchObject([expected]);
  expect(await getObjectRow(system.store.table, "mx1", key, rows[0]!.etag)).toEqual(rows[0]);
});

test("an object that has gone does not stop the others", async () => {
  const system = await startSystem();
  await system.put("mx1/a", LINES.join(""));
  expect(await createIngest(system.deployment)(sqsEvent(["mx1/none", "mx1/a"]))).toEqual({
    batchItemFailures: [],
  });
  expect(await attemptsByHost(system)).toEqual({ mx1: 6 });
});

test("a log whose beginning was replaced is a conflict, and nothing of it counts", async () => {
  const system = await startSystem();
  await system.put("mx1/a", LINES.slice(0, 3).join(""));
  await system.put("mx1/b", [LINES[0], LINES[3], LINES[4], LINES[5], LINES[5]].join(""));
  const rows: ObjectRow[] = [];
  const ingest = createIngest(system.deployment, { onObject: (row) => rows.push(row) });
  await ingest(sqsEvent(["mx1/a"], ["mx1/b"]));
  expect(rows.map((row) => row.state)).toEqual(["counted", "conflict"]);
  expect(await attemptsByHost(system)).toEqual({ mx1: 3 });
});

async function attemptsByHost({ deployment }: System): Promise<Record<string, number>> {
  const totals = await createQuery(deployment).totals({ by: ["host"], now: Date.parse("2026-11-25") / 1000 });
  return Object.fromEntries(totals.map(({ by, attempts }) => [by[0], attempts]));
}
