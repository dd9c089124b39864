/** A log read in blocks, cut into pieces anywhere, and the same with each of its lines read alone. */
import { setImmediate } from "node:timers/promises";
import type { Part } from "../../functions/count/ledger.ts";
import { OwnAddresses } from "../../functions/count/own-addresses.ts";
import { readParts } from "../../functions/count/read-parts.ts";
import { addLogin, createTally, type Tally } from "../../functions/count/tally.ts";
import { rowsOf } from "../../functions/count/tally-rows.ts";
import type { AddressBook } from "../../functions/parse/address-book.ts";
import type { EpochSeconds } from "../../functions/parse/event.ts";
import { createLineParser, type LogContext } from "../../functions/parse/line.ts";
import { WIDTH } from "../../functions/parse/login-entry.ts";
import { fingerprintOf } from "../../functions/read/fingerprint.ts";
import { pick, type Random } from "../e2e/hostile.ts";

export interface LogCase {
  lines: readonly Buffer[];
  context: LogContext;
  parts: readonly Part[];
  until: EpochSeconds;
  /** Whether a newline ends the last line. */
  isEnded: boolean;
  tail: boolean;
}

const at = (iso: string) => Date.parse(iso) / 1000;
const PROXIES = [
  undefined,
  (ip: string) => ip === "10.0.0.1",
  (ip: string) => ip === "10.0.0.1" || ip === "203.0.113.7",
];
const ZONES = [{ offset: 0 }, { offset: -12_600 }, { name: "Europe/Berlin" }, { name: "America/New_York" }];
/** Among them those that lie a day before a line of the logs, and one that no line can. */
const LOG_TIMES = [
  ...["2026-11-24T12:00:00Z", "2026-11-24T02:00:29Z", "2026-11-23T02:48:09Z", "2025-12-31T00:00:00Z"].map(at),
  -90_000,
];

/** @param lines at least two */
export function caseOf(random: Random, lines: readonly Buffer[]): LogCase {
  const common = { generation: 1, replaces: [] };
  const ends: number[] = [];
  for (const { length } of lines.slice(0, -2)) ends.push((ends.at(-1) ?? 0) + length + 1);
  const cuts = [0, pick(random, ends), pick(random, ends), pick(random, ends)].sort((a, b) => a - b);
  const [first, second, third, fourth] = cuts as [number, number, number, number];
  const some = [
    { start: first, end: second },
    { start: third, end: fourth },
    { start: fourth, end: Infinity },
  ].filter(({ start, end }) => start < end);
  const isWhole = random() < 0.5;
  return {
    lines,
    context: {
      logTime: pick(random, LOG_TIMES),
      zone: pick(random, ZONES),
      isTrustedProxy: pick(random, PROXIES),
    },
    parts: (isWhole ? [{ start: 0, end: Infinity }] : some).map((part) => ({ ...part, ...common })),
    until: random() < 0.8 ? Infinity : pick(random, LOG_TIMES),
    isEnded: random() < 0.7 || lines.at(-1)!.length === 0,
    tail: random() < 0.5,
  };
}

export async function countedInBlocks(log: LogCase, random: Random) {
  const parser = createLineParser(log.context);
  const { parts, until, tail } = log;
  const { lines, newest, unread, unreadKinds, own, ...reading } = await readParts(
    {
      source: pieces(textOf(log), random),
      name: "l",
      logName: "l",
      start: 0,
      parts,
      boundaries: [],
      tail,
      until,
    },
    parser,
  );
  const tallies = reading.parts.map(({ tally }) => tally);
  const lastLines = reading.parts.map(({ lastLine }) => lastLine);
  return { lines, newest, unread, unreadKinds, own, lastLines, ...countsOf(tallies, parser.addresses) };
}

export function countedAlone(log: LogCase) {
  const parser = createLineParser(log.context);
  const tallies = log.parts.map(() => createTally("l", parser.addresses));
  const own = new OwnAddresses();
  const lines = log.isEnded || log.tail ? log.lines : log.lines.slice(0, -1);
  const lastLines = log.parts.map(() => "");
  let newest: EpochSeconds | undefined;
  let offset = 0;
  for (const [index, line] of lines.entries()) {
    const part = log.parts.findIndex(({ start, end }) => offset >= start && offset < end);
    offset += line.length + 1;
    if (part < 0) continue;
    const isTail = index === log.lines.length - 1 && !log.isEnded;
    if (!isTail) lastLines[part] = fingerprintOf(line);
    const end = !isTail && line.at(-1) === 0x0d ? line.length - 1 : line.length;
    const login = parser.read(line, 0, end);
    if (login === undefined || login.at > log.until) continue;
    addLogin(tallies[part]!, login);
    newest = Math.max(newest ?? 0, login.at);
    own.note(login.local);
  }
  return {
    lines: lines.length,
    newest,
    unread: parser.unreadLines,
    unreadKinds: parser.unread,
    own: own.numbers.map((number) => parser.addresses.addressOf(number)),
    lastLines,
    ...countsOf(tallies, parser.addresses),
  };
}

const COMMON = { host: "h", fingerprint: "f", start: 0, end: 1, parser: "1", retentionDays: 1 };

/** All that is kept of logins: in the order in which they came, and as rows. */
function countsOf(tallies: readonly Tally[], addresses: AddressBook) {
  return {
    addresses: Array.from({ length: addresses.size }, (_, number) => addresses.addressOf(number)),
    tallies: tallies.map((tally) => ({
      events: tally.events,
      entries: Buffer.from(tally.entries.values.slice(0, tally.entries.size * WIDTH).buffer).toString(
        "base64",
      ),
      users: Array.from({ length: tally.users.size }, (_, user) => tally.users.nameOf(user + 1)),
      rows: [...rowsOf(tally, { ...COMMON, nameUser: (user) => user })],
    })),
  };
}

function textOf({ lines, isEnded }: LogCase): Buffer {
  const text = Buffer.concat(lines.flatMap((line) => [line, Buffer.from("\n")]));
  return isEnded ? text : text.subarray(0, -1);
}

/** Of random sizes, in two buffers by turns, with others at work between them. */
async function* pieces(text: Buffer, random: Random): AsyncGenerator<Buffer> {
  const most = pick(random, [100, 5_000, 80_000, 1_200_000]);
  const spare = [Buffer.alloc(most), Buffer.alloc(most)];
  for (let at = 0, turn = 0; at < text.length; turn ^= 1) {
    const piece = spare[turn]!.subarray(0, 1 + Math.floor(random() * most));
    const length = text.copy(piece, 0, at);
    yield piece.subarray(0, length);
    piece.fill("?");
    at += length;
    if (random() < 0.2) await setImmediate();
  }
}
