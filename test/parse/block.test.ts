import { expect, test } from "vitest";
import { readParts } from "../../functions/count/read-parts.ts";
import type { LoginEvent } from "../../functions/parse/event.ts";
import { createLineParser } from "../../functions/parse/line.ts";
import { ENTRY, WIDTH } from "../../functions/parse/login-entry.ts";
import { randomFrom } from "../e2e/hostile.ts";
import { oddLine } from "./odd-lines.ts";
import { AT } from "./read.ts";

const isTrustedProxy = (ip: string) => ip === "10.0.0.1";
const parserOf = () => createLineParser({ logTime: AT, zone: { offset: 3600 }, isTrustedProxy });

test("lines of a block are read as each is alone", async () => {
  const random = randomFrom(20_261_124);
  let told = 0;
  for (let log = 0; log < 60; log++) {
    const lines = Array.from({ length: 400 }, () =>
      oddLine(random, log % 2 === 0 ? "traditional" : "iso", []),
    );
    const alone = parserOf();
    const events: [number, LoginEvent][] = [];
    for (const [index, line] of lines.entries()) {
      const event = alone.parse(line, 0, line.at(-1) === 0x0d ? line.length - 1 : line.length);
      if (event !== undefined) events.push([index + 1, event]);
    }
    const block = await readLog(lines);
    expect(block.events).toEqual(events);
    expect(block.reading.unread).toBe(alone.unreadLines);
    expect(block.reading.unreadKinds).toEqual(alone.unread);
    expect(block.reading.lines).toBe(lines.length);
    told += events.length;
  }
  expect(told).toBeGreaterThan(10_000);
});

test("a block of more logins than the loop keeps, of more addresses and hosts than it remembers", async () => {
  const lines = Array.from({ length: 60_000 }, (_, n) =>
    Buffer.from(
      `Nov 24 02:48:09 h${n % 90} postfix/smtpd[${n}]: warning: x[10.${1 + (n >> 16)}.${(n >> 8) & 255}.${n & 255}]: SASL LOGIN authentication failed: x`,
    ),
  );
  const { events, reading } = await readLog([...lines, ...lines]);
  expect(reading.lines).toBe(120_000);
  expect(events.map(([line]) => line)).toEqual(Array.from({ length: 120_000 }, (_, n) => n + 1));
  expect(new Set(events.map(([, { ip }]) => ip)).size).toBe(60_000);
  expect(events[60_000]![1].ip).toBe("10.1.0.0");
});

test("a program is known by its whole name, not by its hash alone", async () => {
  const refused =
    "imap-login: Disconnected (auth failed, 1 attempts in 2 secs): user=<x>, method=PLAIN, rip=203.0.113.7, lip=192.0.2.1";
  // the last one has the hash of `dovecot`
  const lines = ["dovecot", "dovecot", "dovecot", "bdrirosj"].map((name) =>
    Buffer.from(`Nov 24 02:48:09 mail ${name}: ${refused}`),
  );
  const { events } = await readLog([...lines.toReversed(), ...lines]);
  expect(events.map(([line]) => line)).toEqual([2, 3, 4, 5, 6, 7]);
});

test("two logs read by turns do not learn from each other", async () => {
  const log = (year: number, proxies: boolean) => ({
    parser: createLineParser({
      logTime: Date.parse(`${year}-11-24T12:00:00Z`) / 1000,
      zone: { offset: 0 },
      isTrustedProxy: (ip) => proxies && ip === "203.0.113.7",
    }),
    years: new Set<number>(),
  });
  const logs = [log(2024, false), log(2026, true), log(2025, false)];
  const line =
    "Nov 24 02:48:09 mail postfix/smtpd[1]: warning: x[203.0.113.7]: SASL LOGIN authentication failed: x";
  const piece = Buffer.from(`${line}\n`.repeat(3));
  for (let round = 0; round < 3; round++) {
    for (const { parser, years } of logs) {
      const note = (at: number) => years.add(new Date(at * 1000).getUTCFullYear());
      parser.load(piece);
      const first = parser.read(piece, 0, line.length);
      if (first !== undefined) note(first.at);
      const stop = parser.readBlock(line.length + 1, piece.length, {
        users: { numberIn: () => 0 },
        take: ({ entries, size }) => {
          for (let index = 0; index < size; index++) note(entries[index * WIDTH + ENTRY.FIRST]!);
        },
      });
      expect(stop === piece.length || parser === logs[1]!.parser).toBe(true);
    }
  }
  expect(logs.map(({ years }) => [...years])).toEqual([[2024], [], [2025]]);
});

async function readLog(lines: readonly Buffer[]) {
  const events: [number, LoginEvent][] = [];
  const text = Buffer.concat(lines.flatMap((line) => [line, Buffer.from("\n")]));
  async function* pieces() {
    for (let at = 0; at < text.length; at += 9001) yield text.subarray(at, at + 9001);
  }
  const reading = await readParts(
    {
      source: pieces(),
      name: "log",
      logName: "log",
      start: 0,
      parts: [{ start: 0, end: Infinity, generation: 1, replaces: [] }],
      boundaries: [],
      tail: true,
      onEvent: (event, line) => events.push([line, event]),
    },
    parserOf(),
  );
  return { events, reading };
}
