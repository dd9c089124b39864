import { expect, test } from "vitest";
import { emptyStream } from "../../functions/count/ledger.ts";
import { planParts } from "../../functions/count/plan.ts";
import { readParts } from "../../functions/count/read-parts.ts";
import { rowsOf } from "../../functions/count/tally-rows.ts";
import { createLineParser } from "../../functions/parse/line.ts";

const failed = (address: number, user: number) =>
  `2026-11-24T03:00:00+00:00 mx1 dovecot: imap-login: Disconnected (auth failed, 1 attempts in 2 secs): user=<u${user}>, method=PLAIN, rip=198.51.100.${address}, lip=192.0.2.1`;

async function* chunks(lines: readonly string[]): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(`${lines.join("\n")}\n`);
  for (let at = 0; at < bytes.length; at += 200_003) yield bytes.subarray(at, at + 200_003);
}

function read(lines: readonly string[], limits = {}) {
  const plan = planParts(emptyStream("mx1", "x"), { start: 0, end: Infinity }, false, () => true);
  if (!("parts" in plan)) throw new Error("no plan");
  const log = {
    source: chunks(lines),
    name: "maillog",
    logName: "maillog",
    start: 0,
    ...plan,
    tail: true,
    limits,
  };
  return readParts(log, createLineParser({ logTime: 1_795_500_000, zone: { offset: 0 } }));
}

const ROW = {
  host: "mx1",
  fingerprint: "x",
  parser: "1",
  retentionDays: 1,
  nameUser: (user: string) => user,
};

test("of too many users the same are kept, in whatever order they come", async () => {
  const lines = Array.from({ length: 9_000 }, (_, n) => failed(8, n));
  const rows = async (some: readonly string[]) => {
    const { parts } = await read(some);
    return parts.flatMap(({ tally, start, end }) => [...rowsOf(tally, { ...ROW, start, end })]);
  };
  const kept = await rows(lines);
  expect(kept).toMatchObject([{ userCount: 256 }]);
  expect(await rows(lines.toReversed())).toEqual(kept);
});

test("a log with too many addresses is counted up to there", async () => {
  const lines = Array.from({ length: 9_000 }, (_, n) => failed(n % 250, n));
  const reading = await read(lines, { addresses: 100 });
  expect(reading.damage).toContain("more than 100 addresses");
  expect(reading.lines).toBeGreaterThan(100);
  expect(reading.lines).toBeLessThan(9_000);
  expect(reading.events).toBeGreaterThan(0);
  expect(reading.parts[0]!.end).toBe(reading.range.end);
  expect((await read(lines, { addresses: 1000 })).damage).toBeUndefined();
});

test("a flood of one address is counted whole, in the memory of some of its lines", async () => {
  const lines = Array<string>(600_000).fill(failed(8, 1));
  const { parts, events } = await read(lines);
  expect(events).toBe(lines.length);
  const { tally } = parts[0]!;
  expect(tally.entries.values.byteLength).toBeLessThan(6e6);
  const [row] = rowsOf(tally, { ...ROW, start: 0, end: 1 });
  expect(row!.cells).toMatchObject([{ attempts: lines.length, events: lines.length }]);
});

test("lines end with a carriage return or without, and one that is too long is counted as unread", async () => {
  const unread =
    "2026-11-24T03:00:00+00:00 mx1 dovecot: imap-login: Something new: user=<a>, rip=198.51.100.7";
  const lines = [failed(1, 1), unread, failed(2, 2), "x".repeat(70_000), failed(3, 3)];
  const plain = await read(lines);
  expect(plain).toMatchObject({ lines: 5, events: 3, unread: 2 });
  expect([...plain.unreadKinds]).toEqual([
    ["dovecot: imap-login: Something new: user", 1],
    ["(longer than a line may be)", 1],
  ]);
  const { lines: count, events, unreadKinds } = await read(lines.map((line) => `${line}\r`));
  expect({ lines: count, events, unreadKinds }).toEqual({
    lines: 5,
    events: 3,
    unreadKinds: plain.unreadKinds,
  });
});
