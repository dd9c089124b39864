import { expect, test } from "vitest";
import { readParts } from "../../functions/count/read-parts.ts";
import type { LoginEvent } from "../../functions/parse/event.ts";
import { createLineParser } from "../../functions/parse/line.ts";
import type { Login } from "../../functions/parse/login.ts";
import { type LoginTaker, lineAt, loginAt } from "../../functions/parse/login-batch.ts";
import { ENTRY, MOST_USERS, WIDTH } from "../../functions/parse/login-entry.ts";
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

test("wherever a client without number is, that line is left to the parser, and none around it", () => {
  // what these lines look like is learnt once
  readBlocks([loginLine(0), loginLine(1)]);
  for (const place of [...Array(200).keys(), 4093, 4094, 4095, 4096, 4159].map((n) => n + 1)) {
    const nobody = place % 3 === 0 ? "10.0.0.1" : "1.2.3";
    const lines = Array.from({ length: place + 200 }, (_, n) =>
      loginLine(n, n === place ? nobody : undefined),
    );
    const { left, logins, isNewest } = readBlocks(lines);
    expect(left).toEqual([0, place]);
    const others = lines.keys().filter((n) => !left.includes(n));
    expect(logins).toEqual(others.map((n) => [n, clientOf(n), n]).toArray());
    expect(isNewest).not.toContain(false);
  }
});

test("lines behind a client without number are read again, but not again and again", async () => {
  for (const every of [1, 2, 10, 65]) {
    let asked = 0;
    const offsetAt = () => {
      asked++;
      return 0;
    };
    const lines = Array.from({ length: 10_000 }, (_, n) =>
      loginLine(n, n % every === 0 ? "10.0.0.1" : undefined, 23 + (n % 2)),
    );
    await readLog(lines, createLineParser({ logTime: AT, zone: { offsetAt }, isTrustedProxy }));
    // twice for each line, as the day is never that of the line before
    expect(asked / 2).toBeLessThan(2 * lines.length);
  }
});

function clientOf(n: number): string {
  return `9.1.${n >> 8}.${n & 255}`;
}

/** The login of user `u<n>`, `n` seconds after midnight; every other one is refused. */
function loginLine(n: number, ip = clientOf(n), day = 24): Buffer {
  const time = new Date(n * 1000).toISOString().slice(11, 19);
  const what =
    n % 2 === 0
      ? `warning: x[${ip}]: SASL LOGIN authentication failed: x`
      : `4AO2d1: client=x[${ip}], sasl_method=LOGIN`;
  return Buffer.from(`Nov ${day} ${time} m postfix/smtpd: ${what}, sasl_username=u${n}`);
}

async function readLog(lines: readonly Buffer[], parser = parserOf()) {
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
    parser,
  );
  return { events, reading };
}

/**
 * What the blocks of a piece give: the lines that are left to the parser, line, client and user of each login, and of each batch
 * whether its last one is the newest.
 */
function readBlocks(lines: readonly Buffer[]) {
  const parser = parserOf();
  const piece = Buffer.concat(lines.flatMap((line) => [line, Buffer.from("\n")]));
  const left: number[] = [];
  const logins: [line: number, ip: string, user: number][] = [];
  const isNewest: boolean[] = [];
  const login = {} as Login;
  let line = 0;
  // odd where the user has logged in, as is the name's
  const numberIn = (bytes: Buffer, from: number, to: number, isProper: boolean) =>
    (Number(bytes.toString("latin1", from + 1, to)) & ~1) | Number(isProper);
  const taker: LoginTaker = {
    users: { numberIn },
    take: (batch) => {
      for (let index = 0; index < batch.size; index++) {
        const { address } = loginAt(batch, index, login);
        const user = batch.entries[index * WIDTH + ENTRY.CODE_AND_USER]! & MOST_USERS;
        const number = line + batch.linesBefore + lineAt(batch, index);
        logins.push([number, parser.addresses.addressOf(address), user]);
      }
      isNewest.push(batch.newest === login.at);
    },
  };
  expect(parser.load(piece)).toBe(true);
  for (let at = 0; ; line++) {
    at = parser.readBlock(at, piece.length, taker);
    line += parser.linesInBlock;
    if (at === piece.length) return { left, logins, isNewest };
    left.push(line);
    const end = at + lines[line]!.length;
    parser.read(piece, at, end);
    at = end + 1;
  }
}
