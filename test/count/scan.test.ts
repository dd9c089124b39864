import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import type { LogReading } from "../../functions/count/read-parts.ts";
import { createScan, type Scan, type ScannedLog } from "../../functions/count/scan.ts";

const LOG_TIME = Date.parse("2026-11-24T12:00:00Z") / 1000;

function failureLine(second: number, ip: string): string {
  const time = `Nov 24 10:00:${`${second}`.padStart(2, "0")}`;
  return `${time} mx1 dovecot: imap-login: Disconnected (auth failed, 1 attempts in 2 secs): user=<ann>, method=PLAIN, rip=${ip}, lip=192.0.2.1\n`;
}

/** A log whose lines come one by one, each after so many milliseconds. */
function slowLog(name: string, lines: readonly string[], delay: number): ScannedLog {
  const open = async function* () {
    for (const line of lines) {
      if (delay > 0) await sleep(delay);
      yield Buffer.from(line);
    }
  };
  return { name, open, context: { logTime: LOG_TIME, zone: { offset: 0 } } };
}

function attemptsIn(scan: Scan): Record<string, number> {
  return Object.fromEntries([...scan.histories()].map(({ ip, sums }) => [ip, sums!.attempts]));
}

const LINES = Array.from({ length: 40 }, (_, second) => failureLine(second, `198.51.100.${second % 7}`));

test("logs that are read at the same time count like those that are read one after the other", async () => {
  const logs = [
    slowLog("maillog", LINES.slice(0, 20), 2),
    slowLog("maillog.1", LINES.slice(20, 30), 0),
    slowLog("maillog.2", LINES.slice(30), 1),
  ];
  const [together, apart] = [createScan(), createScan()];
  await Promise.all(logs.map((log) => together.read(log)));
  for (const log of logs) await apart.read(log);
  expect(attemptsIn(together)).toEqual(attemptsIn(apart));
  expect(attemptsIn(together)["198.51.100.0"]).toBe(6);
});

test("logs whose entries are packed count like those whose are not", async () => {
  const scans = [createScan(), createScan({ most: 20, atOnce: 2 }), createScan({ most: 4 })];
  for (const scan of scans) {
    const logs = [LINES.slice(0, 15), LINES.slice(15, 30), LINES.slice(30)];
    await Promise.all(logs.map((lines, n) => scan.read(slowLog(`maillog.${n}`, lines, 1))));
  }
  const [plain, ...packed] = scans.map((scan) => [...scan.histories()].map((history) => history.sums));
  for (const sums of packed) expect(sums).toEqual(plain);
});

test("logs of one host that wait for the others are packed together", async () => {
  const [plain, packed] = [createScan(), createScan({ most: 20 })];
  const readings: LogReading[] = [];
  for (let n = 0; n < 40; n++) {
    const log = slowLog(`maillog.${n}`, [failureLine(n, `198.51.100.${n % 7}`)], 0);
    await plain.read(log);
    readings.push(await packed.read(log));
  }
  const packs = readings.flatMap(({ parts }) => parts.flatMap(({ tally }) => tally.packs));
  expect(packs).toHaveLength(1);
  expect(attemptsIn(packed)).toEqual(attemptsIn(plain));
});

test("of a log and its longer copy each line counts once, though the copy is faster", async () => {
  const scan = createScan();
  const readings = await Promise.all([
    scan.read(slowLog("maillog.1", LINES.slice(0, 25), 2)),
    scan.read(slowLog("copy", LINES, 0)),
  ]);
  expect(readings.map(({ events, logName }) => [events, logName])).toEqual([
    [25, "maillog"],
    [15, "maillog"],
  ]);
  expect(Object.values(attemptsIn(scan)).reduce((a, b) => a + b)).toBe(40);
});

test("a log that cannot be read does not keep its copy from being counted", async () => {
  const broken: ScannedLog = {
    ...slowLog("maillog", [], 0),
    open: async function* () {
      yield Buffer.from(LINES[0]!);
      await sleep(2);
      throw new Error("read error");
    },
  };
  const scan = createScan();
  const [first, second] = await Promise.allSettled([scan.read(broken), scan.read(slowLog("copy", LINES, 0))]);
  expect(first).toMatchObject({ status: "rejected" });
  expect(second).toMatchObject({ status: "fulfilled", value: { events: 40 } });
});
