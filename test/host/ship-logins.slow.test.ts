import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { daemons } from "../../functions/parse/daemons.ts";
import type { LoginEvent } from "../../functions/parse/event.ts";
import { createLineParser } from "../../functions/parse/line.ts";
import { fingerprintOf } from "../../functions/read/fingerprint.ts";
import { loginsScript } from "../../host/logins.ts";
import { AMBIGUOUS, CLIENT, fill, REFUSALS } from "../parse/refusals.ts";
import { append, startHost, type TestHost } from "./factories.ts";
import { DONE, describeWith, HOST } from "./programs.ts";

const SCRIPT = join(HOST, "lib", "logins.sed");
const RECORDED = new URL("../../../shared/corpus/recorded/", import.meta.url).pathname;
const CORPUS = new URL("../../../shared/corpus/peers-dev.jsonl", import.meta.url).pathname;
const SAMPLES = new URL("../../samples/", import.meta.url).pathname;

test("the script is made from today's shapes: node host/logins.ts >host/lib/logins.sed", () => {
  expect(readFileSync(SCRIPT, "utf8")).toBe(loginsScript(daemons));
});

describe.each([["sed"], ["busybox", "sed"]])("what only-logins ships, by %s %s", (...sed) => {
  const known = [...REFUSALS, ...AMBIGUOUS].map(([, line]) => fill(line, "bob", CLIENT));

  test.each(["plain", "as JSON with all escaped"])("tells of each login that is known: %s", (form) => {
    const lines = form === "plain" ? known : known.map(asJson);
    const events = readAlone(lines);
    expect(events.flat().length).toBeGreaterThan(lines.length / 2);
    expect(readAlone(linesOf(thinned(sed, lines)))).toEqual(events);
  });

  test.skipIf(!existsSync(CORPUS))(`tells of each login of other projects' tests${missing(CORPUS)}`, () => {
    const cases = readFileSync(CORPUS, "utf8").trimEnd().split("\n");
    const lines = cases.flatMap((text) => (JSON.parse(text) as { lines: string[] }).lines);
    const single = lines.filter((line) => !/[\n\0]/.test(line));
    expect(single.length).toBeGreaterThan(100);
    expect(readAlone(linesOf(thinned(sed, single)))).toEqual(readAlone(single));
  });

  test.each(logs())("tells of each login of %s", (file) => {
    const whole = readFileSync(file);
    const thin = thinned(sed, whole);
    expect(thin.length).toBe(whole.length);
    expect(eventsOf(thin)).toEqual(eventsOf(whole));
  });

  test("tells of all of a name that Courier cuts in two, and of the login behind it", () => {
    const lines = [
      `Nov 24 02:39:01 mail imapd: LOGIN FAILED, user=${"x".repeat(470)}, ip=[::ffff:203.0.113.7]`,
      "Nov 24 02:39:01 mail imapd: the rest of it",
      "Nov 24 02:39:02 mail imapd: LOGIN FAILED, user=bob, ip=[::ffff:203.0.113.8]",
    ];
    expect(eventsOf(thinned(sed, lines))).toEqual(eventsOf(Buffer.from(lines.join("\n"))));
  });

  test("keeps a message that journald gives as numbers", () => {
    const numbers = [
      ...Buffer.from("warning: unknown[203.0.113.7]: SASL LOGIN authentication failed: \xff", "latin1"),
    ];
    const line = JSON.stringify({
      __REALTIME_TIMESTAMP: "1795488926359583",
      SYSLOG_IDENTIFIER: "postfix/smtpd",
      MESSAGE: numbers,
    });
    expect(eventsOf(thinned(sed, [line]))).toHaveLength(1);
  });

  test("leaves nothing of other lines", () => {
    const lines = [
      "Nov 24 02:39:01 mail postfix/qmgr[1]: 4AO2d1aB012345: from=<alice@example.org>, size=1, nrcpt=1 (queue active)",
      "Nov 24 02:39:01 mail postfix/smtp[1]: 4AO2d1aB012345: to=<bob@example.net>, relay=mx[192.0.2.1]:25, status=sent (250 ok)",
      "Nov 24 02:39:01 mail dovecot: lmtp(alice)<1><x>: msgid=<secret@example.org>: saved mail to INBOX",
      "2026-11-24 02:39:01 1abcde-000001-AA <= alice@example.org H=mx [192.0.2.1] P=esmtps S=1 id=x@example.org for bob@example.net",
      "\x80\xff bytes that are no text\tand a tab\r",
    ].map((line) => Buffer.from(line, "latin1").toString("latin1"));
    const thin = thinned(sed, Buffer.from(`${lines.join("\n")}\n`, "latin1")).toString("latin1");
    expect(thin).toBe(`${lines.map((line) => "_".repeat(line.length)).join("\n")}\n`);
  });
});

describeWith(["curl", "openssl", "gzip", "flock"])("ship with only-logins", () => {
  let host: TestHost;
  beforeEach(async () => {
    host = await startHost(["sh"], { "only-logins": "yes" });
  });
  afterEach(() => host.stop());

  const LETTER = "Nov 24 02:39:01 mail postfix/qmgr[1]: 4AO2d1aB012345: from=<alice@example.org>, size=1\n";
  const LOGIN =
    "Nov 24 02:39:01 mail postfix/smtpd[1]: warning: unknown[203.0.113.7]: SASL LOGIN authentication failed: x\n";
  const hidden = (line: string) => `${"_".repeat(line.length - 1)}\n`;

  test("keeps offsets, logins, a log's first line and a segment's last", async () => {
    await append(host.log(), LETTER + LETTER + LOGIN + LETTER + LETTER);
    expect(await host.ship()).toEqual(DONE);
    await append(host.log(), LETTER + LOGIN + LETTER);
    expect(await host.ship()).toEqual(DONE);
    const [first, second] = await host.segments();
    expect(String(first?.bytes)).toBe(LETTER + hidden(LETTER) + LOGIN + hidden(LETTER) + LETTER);
    expect(String(second?.bytes)).toBe(hidden(LETTER) + LOGIN + LETTER);
    expect(second?.start).toBe(first?.end);
    expect(first?.fingerprint).toBe(fingerprintOf(Buffer.from(LETTER.trimEnd())));
  });

  test("knows the log again after its state is lost, rotated and compressed", async () => {
    await append(host.log(), LETTER + LETTER + LOGIN);
    await host.ship();
    await rm(join(host.dir, "state"), { recursive: true });
    await rm(host.log());
    await append(host.log("mail.log.2.gz"), gzipSync(LETTER + LETTER + LOGIN + LETTER + LOGIN));
    expect(await host.ship()).toEqual(DONE);
    const segments = await host.segments();
    expect(segments.map(({ bytes }) => String(bytes)).join("")).toBe(
      LETTER + hidden(LETTER) + LOGIN + hidden(LETTER) + LOGIN,
    );
  });

  test("ships bytes that are no text in their number", async () => {
    await append(
      host.log(),
      Buffer.concat([Buffer.from(LETTER), Buffer.alloc(100_000), Buffer.from(`\n${LOGIN}`)]),
    );
    expect(await host.ship()).toEqual(DONE);
    expect((await host.segments()).map(({ bytes }) => bytes.length)).toEqual([
      LETTER.length + 100_001 + LOGIN.length,
    ]);
  });

  test("leaves out a journal export, whose entries are several lines, and says so", async () => {
    await append(host.log(), "__CURSOR=s=1\n__REALTIME_TIMESTAMP=1\nMESSAGE=x\n\n");
    expect(await host.ship()).toMatchObject({ code: 1, stderr: expect.stringContaining("journal export") });
    expect(await host.segments()).toEqual([]);
  });

  test("is yes or no", async () => {
    await host.configure({ "only-logins": "true" });
    expect(await host.ship()).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("neither yes nor no"),
    });
  });
});

/** Logs beside this checkout and in it, but those whose entries are several lines. */
function logs(): string[] {
  const recorded = existsSync(RECORDED) ? filesOf(RECORDED) : [];
  if (recorded.length === 0)
    console.warn("recorded logs are not beside this checkout: only the samples are read");
  const isLog = (file: string) =>
    /log|traditional|rfc3339|native|short|json/.test(file) && !/export|gz$/.test(file);
  return [...recorded, ...filesOf(SAMPLES)].filter(isLog);
}

function filesOf(dir: string): string[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/README|SUMMARY|config|tsv$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

const missing = (file: string) => (existsSync(file) ? "" : ": skipped, they are not beside this checkout");

function thinned(sed: readonly string[], log: readonly string[] | Buffer): Buffer {
  const input = Buffer.isBuffer(log) ? log : Buffer.from(log.join("\n"));
  const [program, ...args] = sed;
  const env = { ...process.env, LC_ALL: "C" };
  return execFileSync(program!, [...args, "-E", "-f", SCRIPT], { input, env, maxBuffer: 1 << 28 });
}

const linesOf = (log: Buffer) => log.toString().split("\n");

/** What each line tells of, had it a log of its own. */
function readAlone(lines: readonly string[]): LoginEvent[][] {
  return lines.map((line) => eventsOf(Buffer.from(line)));
}

function eventsOf(log: Buffer): LoginEvent[] {
  const parser = createLineParser({
    logTime: Date.parse("2026-11-24T12:00:00Z") / 1000,
    zone: { offset: 0 },
  });
  const events: LoginEvent[] = [];
  for (let start = 0; start < log.length; ) {
    const newline = log.indexOf(0x0a, start);
    const end = newline < 0 ? log.length : newline;
    const event = parser.parse(log, start, end);
    if (event !== undefined) events.push(event);
    start = end + 1;
  }
  return events;
}

/** As a writer that escapes whatever JSON or HTML lets it. */
function asJson(line: string): string {
  const escaped = JSON.stringify({ log: line }).slice('{"log":'.length, -1);
  return `{"log":${escaped.replace(/[<>&'=]/g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`).replaceAll("/", "\\/")}}`;
}
