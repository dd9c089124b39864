import { expect, test } from "vitest";
import { emptyStream } from "../../functions/count/ledger.ts";
import { type LogReader, readerOf } from "../../functions/count/log-reader.ts";
import { planParts } from "../../functions/count/plan.ts";
import { readParts } from "../../functions/count/read-parts.ts";
import { FIRST_LINES, sifted } from "../../functions/count/sift.ts";
import { rowsOf } from "../../functions/count/tally-rows.ts";
import { createLineParser } from "../../functions/parse/line.ts";

const CONTEXT = { logTime: 1_795_500_000, zone: { offset: 0 } };

const syslog = (tag: string, message: string) => `2026-11-24T03:00:00+00:00 mx1 ${tag}: ${message}`;
const noise = syslog("postfix/qmgr[7]", "4F1E2D: removed");
const unread = syslog("dovecot", "imap-login: Something new: user=<a>, rip=198.51.100.7");
const login = (n: number) =>
  syslog(
    "dovecot",
    `imap-login: Login: user=<u${n % 9}>, method=PLAIN, rip=198.51.100.${n % 200}, lip=192.0.2.1`,
  );

async function* chunks(text: string): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += 200_003) yield bytes.subarray(at, at + 200_003);
}

/** All that a log says, read by the one and the other, and how many lines each gave. */
async function readBy(text: string, how: (read: LogReader) => LogReader) {
  const plan = planParts(emptyStream("mx1", "x"), { start: 0, end: Infinity }, false, () => true);
  if (!("parts" in plan)) throw new Error("no plan");
  const log = { source: chunks(text), name: "maillog", logName: "maillog", start: 0, ...plan, tail: true };
  let given = 0;
  const counting: LogReader = (options, onLine) =>
    how(readerOf(log.source))(options, (...line) => {
      given++;
      onLine(...line);
    });
  const { parts, ...reading } = await readParts(log, createLineParser(CONTEXT), counting);
  const common = {
    host: "mx1",
    fingerprint: "x",
    parser: "1",
    retentionDays: 1,
    nameUser: (user: string) => user,
  };
  const rows = parts.flatMap(({ tally, start, end }) => [...rowsOf(tally, { ...common, start, end })]);
  return { given, told: { ...reading, parts: parts.map(({ tally: _, ...part }) => part), rows } };
}

const many = (count: number, lines: (n: number) => string[], end = "\n") =>
  Array.from({ length: count }, (_, n) => lines(n).join(end)).join(end);

/** Daemons with a memory: they write twice, cut in two, say who it was only at the beginning. */
const LOGS: [name: string, text: string, mostGiven: number][] = [
  ["lines between others", many(3000, (n) => [noise, login(n), noise, noise]), FIRST_LINES + 3000],
  ["carriage returns and an end", `${many(3000, (n) => [noise, login(n)], "\r\n")}\r\n`, FIRST_LINES + 3000],
  ["unread lines", many(300, () => [unread, noise, noise]), FIRST_LINES + 300],
  ["nothing", many(3000, () => [noise]), FIRST_LINES],
  ["a line too long", `${login(1)}\n${"x".repeat(500_000)}\n${login(2)}\n`, 3],
  [
    "Exim, twice",
    many(300, (n) => {
      const refused = `login authenticator failed for (x) [198.51.100.${n % 200}]: 535 Incorrect authentication data (set_id=u${n})`;
      return [syslog(`exim[${n}]`, refused), noise, syslog(`exim[${n}]`, refused)];
    }),
    600 + FIRST_LINES,
  ],
  [
    "Courier, cut",
    many(300, (n) => [
      syslog("imapd", `LOGIN FAILED, user=${"x".repeat(479)}, ip=[198.51.100.${n % 200}]`),
      noise,
      syslog("imapd", `LOGIN FAILED, user=bob, ip=[192.0.2.${n % 200}]`),
    ]),
    600 + FIRST_LINES,
  ],
  [
    "OpenSMTPD, by sessions",
    many(300, (n) => {
      const session = n.toString(16).padStart(16, "0");
      return [
        syslog("smtpd[7]", `${session} smtp connected address=198.51.100.${n % 200} host=x`),
        noise,
        syslog("smtpd[7]", `${session} smtp authentication user=bob result=permfail`),
      ];
    }),
    600 + FIRST_LINES,
  ],
  [
    "entries of several lines",
    many(300, (n) => [
      `__CURSOR=s=${n}`,
      "__REALTIME_TIMESTAMP=1795489200000000",
      "SYSLOG_IDENTIFIER=dovecot",
      `MESSAGE=${login(n).slice(login(n).indexOf("imap-login"))}`,
      "",
    ]),
    1500,
  ],
];

test.each(LOGS)("what is left out tells of nothing: %s", async (_, text, mostGiven) => {
  const all = await readBy(text, (read) => read);
  const some = await readBy(text, sifted);
  expect(some.told).toEqual(all.told);
  expect(some.given).toBeLessThanOrEqual(mostGiven);
  expect(some.given).toBeGreaterThan(0);
});
