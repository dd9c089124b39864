import { expect, test } from "vitest";
import { BlockCounter } from "../../functions/count/block-counter.ts";
import { emptyStream } from "../../functions/count/ledger.ts";
import { planParts } from "../../functions/count/plan.ts";
import { readParts } from "../../functions/count/read-parts.ts";
import { type HelpedLog, type Helper, readTogether } from "../../functions/count/read-together.ts";
import { rowsOf } from "../../functions/count/tally-rows.ts";
import { createLineParser } from "../../functions/parse/line.ts";

const CONTEXT = { logTime: 1_795_500_000, zone: { offset: 0 } };

/** Takes every second block it is offered, as a thread that is busy half of the time, and is done with it some blocks later. */
function helper(): Helper & { blocks: number } {
  let counter: BlockCounter | undefined;
  const room = Buffer.alloc(300_000);
  const aside: Buffer[] = [];
  let asked = 0;
  return {
    blocks: 0,
    begin(log: HelpedLog) {
      counter = new BlockCounter(createLineParser(CONTEXT), log);
    },
    room: () => (asked++ % 2 === 0 ? room : undefined),
    take(length) {
      this.blocks++;
      aside.push(Buffer.from(room.subarray(0, counter!.take(room.subarray(0, length)))));
    },
    setAside: () => (asked % 5 === 0 ? aside.shift() : undefined),
    async done() {
      if (aside.length === 0) throw new Error("nothing was given");
      asked += 5 - (asked % 5);
    },
    end: async () => (counter!.parser.readsEntries ? undefined : structuredClone(counter!.counts())),
  };
}

const line = (n: number) => {
  const [ip, user] = n % 7 === 0 ? [`2001:db8::${n % 50}`, "ann"] : [`198.51.100.${n % 200}`, `u${n % 90}`];
  const what = n % 3 === 0 ? "Login" : "Disconnected (auth failed, 2 attempts in 4 secs)";
  return `2026-11-2${n % 4}T0${n % 9}:00:00+00:00 mx1 dovecot: imap-login: ${what}: user=<${user}>, method=PLAIN, rip=${ip}, lip=192.0.2.${n % 3}, session=<x>`;
};

const unread = "2026-11-24T03:00:00+00:00 mx1 dovecot: imap-login: Something new: user=<a>, rip=198.51.100.7";

async function* chunks(text: string): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += 200_003) yield bytes.subarray(at, at + 200_003);
}

function logOf(text: string) {
  const plan = planParts(emptyStream("mx1", "x"), { start: 0, end: Infinity }, false, () => true);
  if (!("parts" in plan)) throw new Error("no plan");
  return { source: chunks(text), name: "maillog", logName: "maillog", start: 0, ...plan, tail: true };
}

const RANGE = {
  host: "mx1",
  fingerprint: "x",
  parser: "1",
  retentionDays: 1,
  nameUser: (user: string) => user,
};

/** All that a reading says, its rows in an order that does not depend on who read what. */
function told({ parts, ...reading }: Awaited<ReturnType<typeof readParts>>) {
  const rows = parts.flatMap(({ tally, start, end }) => [...rowsOf(tally, { ...RANGE, start, end })]);
  const key = ({ ip, day }: { ip: string; day: string }) => `${ip} ${day}`;
  return {
    ...reading,
    unreadKinds: [...reading.unreadKinds].sort(),
    own: [...reading.own].sort(),
    parts: parts.map(({ tally: _, ...part }) => part),
    rows: rows.sort((a, b) => (key(a) < key(b) ? -1 : 1)),
  };
}

test.each([
  ["whole lines", "\n"],
  ["carriage returns", "\r\n"],
])("two read a log as one does: %s", async (_, end) => {
  const lines = Array.from({ length: 9_000 }, (_, n) => (n % 1000 === 5 ? unread : line(n)));
  for (const text of [lines.join(end) + end, lines.join(end)]) {
    const second = helper();
    const together = await readTogether(logOf(text), CONTEXT, createLineParser(CONTEXT), second);
    expect(second.blocks).toBeGreaterThan(2);
    expect(told(together!)).toEqual(told(await readParts(logOf(text), createLineParser(CONTEXT))));
  }
});

const syslog = (tag: string, message: string) => `2026-11-24T03:00:00+00:00 mx1 ${tag}: ${message}`;

/** What daemons with a memory write, the parts of each far apart: twice, cut in two, who it was only at the beginning. */
const INTERTWINED: [name: string, events: number, lines: (n: number) => string[]][] = [
  [
    "Exim",
    1,
    (n) => {
      const refused = `login authenticator failed for (x) [198.51.100.${n % 200}]: 535 Incorrect authentication data (set_id=u${n})`;
      return [syslog(`exim[${n}]`, refused), syslog(`exim[${n}]`, refused)];
    },
  ],
  [
    "Courier",
    0,
    (n) => [
      syslog("imapd", `LOGIN FAILED, user=${"x".repeat(479)}, ip=[198.51.100.${n % 200}]`),
      syslog("imapd", `LOGIN FAILED, user=bob, ip=[192.0.2.${n % 200}]`),
    ],
  ],
  [
    "OpenSMTPD",
    1,
    (n) => [
      syslog(
        "smtpd[7]",
        `${n.toString(16).padStart(16, "0")} smtp connected address=198.51.100.${n % 200} host=x`,
      ),
      syslog("smtpd[7]", `${n.toString(16).padStart(16, "0")} smtp authentication user=bob result=permfail`),
    ],
  ],
];

test.each(INTERTWINED)(
  "lines that depend on those before them are read in order: %s",
  async (_, events, lines) => {
    const others = Array.from({ length: 300 }, (_, n) => line(n)).join("\n");
    const logs = Array.from({ length: 60 }, (_, n) => lines(n).join(`\n${others}\n`));
    const text = `${logs.join("\n")}\n`;
    const second = helper();
    const together = await readTogether(logOf(text), CONTEXT, createLineParser(CONTEXT), second);
    expect(second.blocks).toBeGreaterThan(2);
    expect(together!.events).toBe(60 * 300 + 60 * events);
    expect(told(together!)).toEqual(told(await readParts(logOf(text), createLineParser(CONTEXT))));
  },
);

test("of too many users the same are kept", async () => {
  const texts = Array.from({ length: 9_000 }, (_, n) => line(8).replace("<u8>", `<user${n}>`));
  const text = `${texts.join("\n")}\n`;
  const together = await readTogether(logOf(text), CONTEXT, createLineParser(CONTEXT), helper());
  const alone = await readParts(logOf(text), createLineParser(CONTEXT));
  expect(told(together!)).toEqual(told(alone));
  const backwards = `${texts.reverse().join("\n")}\n`;
  const other = told(await readParts(logOf(backwards), createLineParser(CONTEXT)));
  expect(other.rows).toEqual(told(alone).rows);
});

test("a log of the journal's export is left to one", async () => {
  const entry = `__CURSOR=s=1\n__REALTIME_TIMESTAMP=1795489200000000\nSYSLOG_IDENTIFIER=dovecot\nMESSAGE=x\n\n`;
  const text = entry.repeat(9_000);
  expect(await readTogether(logOf(text), CONTEXT, createLineParser(CONTEXT), helper())).toBeUndefined();
});

test("a line longer than a line may be is left to one", async () => {
  const text = `${line(1)}\n${"x".repeat(500_000)}\n${line(2)}\n`;
  expect(await readTogether(logOf(text), CONTEXT, createLineParser(CONTEXT), helper())).toBeUndefined();
});

test("a helper that cannot read costs nothing where it was given nothing, and else the reading", async () => {
  const text = `${Array.from({ length: 9_000 }, (_, n) => line(n)).join("\n")}\n`;
  const never = async () => {
    throw new Error("dead");
  };
  const nothing = () => undefined;
  const dead = {
    begin() {},
    take() {},
    room: nothing,
    setAside: nothing,
    done: never,
    end: async () => undefined,
  };
  const alone = told(await readParts(logOf(text), createLineParser(CONTEXT)));
  expect(told((await readTogether(logOf(text), CONTEXT, createLineParser(CONTEXT), dead))!)).toEqual(alone);
  const dying = { ...helper(), setAside: nothing, done: never, end: async () => undefined };
  expect(await readTogether(logOf(text), CONTEXT, createLineParser(CONTEXT), dying)).toBeUndefined();
});

test.each([
  ["one", async (log: ReturnType<typeof limited>) => await readParts(log, createLineParser(CONTEXT))],
  [
    "two",
    async (log: ReturnType<typeof limited>) =>
      (await readTogether(log, CONTEXT, createLineParser(CONTEXT), {
        ...helper(),
        room: () => undefined,
      }))!,
  ],
])("a log with too many addresses is counted up to there, by %s", async (_, read) => {
  const reading = await read(limited(100));
  expect(reading.damage).toContain("more than 100 addresses");
  expect(reading.lines).toBeGreaterThan(100);
  expect(reading.lines).toBeLessThan(9_000);
  expect(reading.events).toBeGreaterThan(0);
  expect(reading.parts[0]!.end).toBe(reading.range.end);
  expect((await read(limited(100_000))).damage).toBeUndefined();
});

function limited(addresses: number) {
  const text = `${Array.from({ length: 9_000 }, (_, n) => line(n)).join("\n")}\n`;
  return { ...logOf(text), limits: { addresses } };
}
