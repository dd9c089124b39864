/** Debian's fail2ban itself on a recorded log, with actions that only write down: what `compare --fail2ban` says of it. */
import { execFileSync, spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll, describe, expect, test } from "vitest";
import { type Fail2banRule, fail2banBans } from "../../functions/report/fail2ban.ts";
import { run } from "../cli/run.ts";

const isInstalled = existsSync("/usr/bin/fail2ban-server");
if (!isInstalled) console.log("skipped: fail2ban is not installed");

const MARKER = "203.0.113.254";
const MAXRETRY = 5;
const folder = mkdtempSync(join(tmpdir(), "fail2ban-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe.skipIf(!isInstalled)("compare --fail2ban", () => {
  test.each(["mx2", "mx3"])("bans on the log of %s whom fail2ban bans", async (name) => {
    const log = join(folder, `${name}.log`);
    const findtime = writeRecent(name, log);
    const theirs = await bannedByServer(name, log, findtime);
    const words = ["--maxretry", String(MAXRETRY), "--findtime", `${findtime}s`, "--format", "json"];
    const { code, stdout } = await run(["compare", "--fail2ban", log, ...words]);
    expect(code).toBe(0);
    const rows = JSON.parse(stdout) as { ip: string; fail2ban: string | null }[];
    const ours = rows.filter(({ fail2ban }) => fail2ban !== null).map(({ ip }) => ip);
    expect(theirs.length).toBeGreaterThan(1);
    expect(ours.sort()).toEqual(theirs);
  });

  test("counts beyond findtime as fail2ban's own FailManager does", () => {
    const cases = Array.from({ length: 300 }, (_, seed) => timesOf(seed));
    const input = JSON.stringify({ findtime: RULE.findtime, maxretry: RULE.maxretry, cases });
    const theirs = JSON.parse(execFileSync("fail2ban-python", ["-c", ORACLE], { input, encoding: "utf8" }));
    const ours = cases.map((times) => {
      const matches = times.map((at) => ({ jail: "one", ip: MARKER, at }));
      return fail2banBans(matches, RULE).get(MARKER) ?? null;
    });
    expect(new Set(ours.map((at) => at === null)).size).toBe(2);
    expect(ours).toEqual(theirs);
  });
});

const RULE: Fail2banRule = { findtime: 600, maxretry: 4 };

/** When a failure makes maxretry, for each list of times. The server cleans up each five seconds (Filter.performSvc). */
const ORACLE = `
import json, sys
from fail2ban.server.failmanager import FailManager
from fail2ban.server.ticket import FailTicket
job = json.load(sys.stdin)
def first(times):
  manager = FailManager()
  manager.setMaxRetry(job["maxretry"])
  manager.setMaxTime(job["findtime"])
  for at in times:
    manager.cleanup(at)
    if manager.addFailure(FailTicket("${MARKER}", at)) >= job["maxretry"]:
      return at
print(json.dumps([first(times) for times in job["cases"]]))
`;

/** Up to 12 times over some findtimes. */
function timesOf(seed: number): number[] {
  let state = seed + 1;
  const below = (most: number) => {
    state = (Math.imul(state, 48_271) >>> 0) % 2_147_483_647;
    return state % most;
  };
  const count = 3 + below(10);
  const span = 300 + below(3000);
  const times = Array.from({ length: count }, () => 1_795_000_000 + below(span));
  return times.sort((a, b) => a - b);
}

/**
 * The recorded log as if it ended now, since fail2ban takes no old lines; at its end a client that both jails ban.
 * Returns how many seconds it spans.
 */
function writeRecent(name: string, to: string): number {
  const path = new URL(`../../samples/${name}/mail.log`, import.meta.url);
  const lines = readFileSync(path, "utf8").trimEnd().split("\n");
  const times = lines.map((line) => Date.parse(line.split(" ", 1)[0]!));
  const end = times.reduce((latest, at) => Math.max(latest, at));
  const start = times.reduce((earliest, at) => Math.min(earliest, at));
  const shift = Date.now() - 5000 - end;
  const recent = lines.map(
    (line, n) => new Date(times[n]! + shift).toISOString() + line.slice(line.indexOf(" ")),
  );
  const now = new Date().toISOString();
  const marks = Array.from({ length: MAXRETRY }).flatMap(() => [
    `${now} mail dovecot: imap-login: Disconnected: Connection closed (auth failed, 1 attempts in 2 secs): user=<mark>, method=PLAIN, rip=${MARKER}, lip=192.0.2.9, TLS, session=<mark>`,
    `${now} mail postfix/smtpd[1]: warning: unknown[${MARKER}]: SASL LOGIN authentication failed: mark`,
  ]);
  writeFileSync(to, `${[...recent, ...marks].join("\n")}\n`);
  return Math.ceil((end - start) / 1000) + 600;
}

/** Whom the server bans, after it has read the log to its end. */
async function bannedByServer(name: string, log: string, findtime: number): Promise<string[]> {
  const config = configOf(name, log, findtime);
  const socket = join(config, "socket");
  const words = ["-f", "-x", "-c", config, "-s", socket, "-p", join(config, "pid")];
  const server = spawn("fail2ban-server", [...words, "--logtarget", join(config, "log"), "start"]);
  try {
    const bans = () => JAILS.map((jail) => bansIn(config, jail));
    for (let tries = 0; tries < 300 && !bans().every((own) => own.includes(MARKER)); tries++)
      await setTimeout(200);
    expect(
      bans().every((own) => own.includes(MARKER)),
      readFileSync(join(config, "log"), "utf8"),
    ).toBe(true);
    return [...new Set(bans().flat())].sort();
  } finally {
    server.kill();
    await new Promise((resolve) => server.once("exit", resolve));
  }
}

const JAILS = ["dovecot", "postfix-sasl"];

/** Debian's own filters and jails; the action writes bans into a file. */
function configOf(name: string, log: string, findtime: number): string {
  const config = join(folder, name);
  mkdirSync(config);
  cpSync("/etc/fail2ban", config, { recursive: true });
  rmSync(join(config, "jail.d"), { recursive: true, force: true });
  writeFileSync(join(config, "fail2ban.local"), "[Definition]\ndbfile = None\n");
  writeFileSync(
    join(config, "action.d", "note.conf"),
    "[Definition]\nactionban = echo <ip> >> <target>\nactionunban =\nactionstart =\nactionstop =\n",
  );
  const jails = JAILS.map(
    (jail) =>
      `[${jail}]\nenabled = true\nbackend = polling\nlogpath = ${log}\naction = note[target=${join(config, jail)}]\n`,
  );
  const common = `[DEFAULT]\nignoreself = false\nmaxretry = ${MAXRETRY}\nfindtime = ${findtime}\nbantime = 86400\n`;
  writeFileSync(join(config, "jail.local"), [common, ...jails].join("\n"));
  return config;
}

function bansIn(config: string, jail: string): string[] {
  const path = join(config, jail);
  return existsSync(path) ? readFileSync(path, "utf8").trim().split("\n") : [];
}
