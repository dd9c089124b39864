import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { BINARY, temporaryFolder, writeLog } from "./folder.ts";
import { rowsOf, run } from "./run.ts";

const ARTICLE = readFileSync("test/fixtures/article.log", "utf8");
const HEADER = "ip\tattempts\tevents\tsuccesses\tusers\tservices\tfirst\tlast\tcountry\taction\n";
const UTC = ["--time-zone", "UTC"];

test("the article's ten lines: who tried, how often, from where, and that he is banned", async () => {
  const log = await writeLog(await temporaryFolder(), "maillog", ARTICLE);
  const { code, stdout, stderr } = await run(["scan", log, "--format", "tsv", ...UTC]);
  expect(stderr).toBe("");
  expect(stdout).toBe(
    `${HEADER}94.102.63.160\t10\t10\t0\t0\tpop3\t2026-08-10T14:25:01Z\t2026-08-11T03:45:34Z\tNL\tban\n`,
  );
  expect(code).toBe(0);
});

test("the same log under other names, packed and from standard input counts once", async () => {
  const folder = await temporaryFolder();
  await writeLog(folder, "maillog", ARTICLE);
  await writeLog(folder, "maillog.1", ARTICLE);
  await writeLog(folder, "old.gz", gzipSync(ARTICLE));
  const { code, stdout } = await run(["scan", folder, "-", "--format", "tsv"], ARTICLE);
  expect(rowsOf(stdout)).toMatchObject([{ ip: "94.102.63.160", attempts: "10" }]);
  expect(code).toBe(0);
});

test("a log that grew, beside its older copy, counts each line once", async () => {
  const folder = await temporaryFolder();
  const lines = ARTICLE.split(/(?<=\n)/);
  await writeLog(folder, "a", lines.slice(0, 4).join(""));
  await writeLog(folder, "b", ARTICLE);
  const { stdout } = await run(["scan", folder, "--format", "tsv"]);
  expect(rowsOf(stdout)).toMatchObject([{ attempts: "10" }]);
});

test("limits are those that are given: what stands behind one does not count, and that is said", async () => {
  const log = await writeLog(await temporaryFolder(), "maillog", ARTICLE);
  const lines = ARTICLE.split(/(?<=\n)/);
  const bytes = lines.slice(0, 3).join("").length;
  const { code, stdout, stderr } = await run(["scan", log, "--format", "tsv", "--limits", `bytes=${bytes}`]);
  expect(rowsOf(stdout)).toMatchObject([{ attempts: "3" }]);
  expect(stderr).toContain(`longer than ${bytes} bytes`);
  expect(code).toBe(1);
  const wrong = await run(["scan", log, "--limits", "bites=5"]);
  expect(wrong).toMatchObject({ code: 2, stdout: "" });
  expect(wrong.stderr).toContain('--limits bites=5: "bites=5" is no limit: write NAME=NUMBER');
});

test("a log that only begins like another is another log", async () => {
  const folder = await temporaryFolder();
  const [first = "", second = ""] = ARTICLE.split(/(?<=\n)/);
  await writeLog(folder, "a", first + second);
  await writeLog(folder, "b", first + second.replace("14:59:41", "15:00:00"));
  const { stdout } = await run(["scan", `${folder}/a`, `${folder}/b`, "--format", "tsv"]);
  // log names differ, so in one hour the larger counts: 14h: 2 and 1; 15h: 1
  expect(rowsOf(stdout)).toMatchObject([{ attempts: "3" }]);
});

test("an unterminated last line counts", async () => {
  const log = await writeLog(await temporaryFolder(), "maillog", ARTICLE.trimEnd());
  expect(rowsOf((await run(["scan", log, "--format", "tsv"])).stdout)).toMatchObject([{ attempts: "10" }]);
});

test("events: one JSON object a login event, with nothing left out", async () => {
  const folder = await temporaryFolder();
  const log = await writeLog(
    folder,
    "mail.log",
    `nothing\n${[
      "2026-11-24T02:48:07.168+00:00 mx1 dovecot: pop3-login: Login: user=<alice>, method=PLAIN, rip=192.0.2.80, lip=192.0.2.25, mpid=432, session=<a>",
      "2026-11-24T02:49:07+01:00 mx1 postfix/smtpd[1]: warning: unknown[2001:db8::7]: SASL LOGIN authentication failed: UGFzc3dvcmQ6, sasl_username=bob",
    ].join("\n")}\n`,
  );
  const { stdout } = await run(["scan", log, "--format", "events"]);
  expect(
    stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line)),
  ).toEqual([
    {
      ...{
        file: log,
        line: 2,
        at: "2026-11-24T02:48:07Z",
        outcome: "success",
        kind: "auth",
        evidence: "login",
      },
      ...{ ip: "192.0.2.80", user: "alice", service: "pop3", daemon: "dovecot", attempts: 0 },
    },
    {
      ...{
        file: log,
        line: 3,
        at: "2026-11-24T01:49:07Z",
        outcome: "failure",
        kind: "auth",
        evidence: "login",
      },
      ...{ ip: "2001:db8::7", user: "bob", service: "smtp", daemon: "postfix", attempts: 1 },
    },
  ]);
});

test("--unread tells what lines begin with that look like a login but were not read", async () => {
  const line =
    "Nov 24 02:39:01 mx1 dovecot: imap-login: Login refused on a Tuesday: user=<bob>, rip=192.0.2.7\n";
  const log = await writeLog(await temporaryFolder(), "maillog", line.repeat(3));
  const { code, stdout } = await run(["scan", log, "--unread", "--format", "tsv"]);
  expect(stdout).toMatch(/^lines\tbegin with\n3\tdovecot: imap-login: Login refused/);
  expect(code).toBe(0);
  expect((await run(["scan", log])).stderr).toMatch(/3 lines look like logins but were not read/);
});

test("alerts are told in the order of time, whatever address was met first", async () => {
  const folder = await temporaryFolder();
  const shared = { shared: { networks: ["198.51.100.0/24"] } };
  const policy = await writeLog(folder, "policy.json", JSON.stringify(shared));
  const refused = (time: string, ip: string) =>
    `Nov 24 ${time} mx1 dovecot: imap-login: Disconnected (auth failed, 9 attempts in 9 secs): user=<ann>, method=PLAIN, rip=${ip}, lip=192.0.2.1\n`;
  const lines = [refused("10:00:02", "198.51.100.9"), refused("10:00:01", "198.51.100.2")];
  const others = [refused("10:00:01", "198.51.100.10"), refused("10:00:00", "198.51.100.3")];
  const logs = [await writeLog(folder, "a", lines.join("")), await writeLog(folder, "b", others.join(""))];
  const { stderr } = await run(["scan", ...logs, "--policy", policy]);
  expect(stderr.match(/198\.51\.100\.\d+(?=, 2026)/g)).toEqual([
    "198.51.100.3",
    "198.51.100.10",
    "198.51.100.2",
    "198.51.100.9",
  ]);
});

test("a trusted proxy's lines tell of nobody", async () => {
  const folder = await temporaryFolder();
  const log = await writeLog(folder, "maillog", ARTICLE);
  const policy = await writeLog(folder, "policy.json", '{"trustedProxies": ["94.102.63.0/24"]}');
  const { stdout } = await run(["scan", log, "--policy", policy, "--format", "tsv"]);
  expect(stdout).toBe(HEADER);
});

describe("--list and --at", () => {
  test("the blocklist instead of totals", async () => {
    const log = await writeLog(await temporaryFolder(), "maillog", ARTICLE);
    const until = Date.parse("2026-08-18T04:00:00Z") / 1000;
    const list = async (format: string) => (await run(["scan", log, "--list", format, ...UTC])).stdout;
    expect(await list("tsv")).toBe(`94.102.63.160\t${until}\n`);
    expect(await list("plain")).toBe("94.102.63.160\n");
    expect(await list("ipset")).toContain("add fleetban4 94.102.63.160 timeout ");
  });

  test("later events are left out, and the ban ends", async () => {
    const log = await writeLog(await temporaryFolder(), "maillog", ARTICLE);
    const at = async (time: string) =>
      rowsOf((await run(["scan", log, "--at", time, "--format", "tsv", ...UTC])).stdout)[0];
    expect(await at("2026-08-10T23:00:00Z")).toMatchObject({ attempts: "4", action: "watch" });
    expect(await at("2026-08-18T03:59:59Z")).toMatchObject({ attempts: "10", action: "ban" });
    expect(await at("2026-08-18T04:00:00Z")).toMatchObject({ attempts: "10", action: "watch" });
  });

  test("times without a zone are the zone's", async () => {
    const log = await writeLog(await temporaryFolder(), "maillog", ARTICLE);
    const { stdout } = await run(["scan", log, "--time-zone", "Asia/Tokyo", "--format", "tsv"]);
    expect(rowsOf(stdout)[0]).toMatchObject({ first: "2026-08-10T05:25:01Z" });
  });
});

describe("bad input: a message that names it, exit 1, and what was readable is counted", () => {
  test.each<[string, (folder: string) => Promise<string>, RegExp]>([
    ["a missing path", async (folder) => `${folder}/none`, /none: no such file or folder/],
    ["a binary file", (folder) => writeLog(folder, "x.bin", BINARY), /x\.bin.*not a log/],
    [
      "a truncated archive",
      (folder) => writeLog(folder, "x.gz", gzipSync(ARTICLE.replaceAll("main", "host")).subarray(0, -20)),
      /x\.gz: gzip file is truncated/,
    ],
  ])("%s", async (_name, makeBad, message) => {
    const folder = await temporaryFolder();
    const log = await writeLog(folder, "maillog", ARTICLE);
    const { code, stdout, stderr } = await run(["scan", await makeBad(folder), log, "--format", "tsv"]);
    expect(stderr).toMatch(message);
    expect(Number(rowsOf(stdout)[0]?.attempts)).toBeGreaterThanOrEqual(10);
    expect(code).toBe(1);
  });

  test("a folder without logs", async () => {
    const { code, stderr, stdout } = await run(["scan", await temporaryFolder(), "--format", "tsv"]);
    expect(stderr).toMatch(/holds no text file/);
    expect([code, stdout]).toEqual([1, HEADER]);
  });

  test("a binary file in a folder is passed over", async () => {
    const folder = await temporaryFolder();
    await writeLog(folder, "maillog", ARTICLE);
    await writeLog(folder, "mail.db", BINARY);
    const { code, stderr } = await run(["scan", folder]);
    expect([code, stderr]).toEqual([0, ""]);
  });
});

describe("--explain", () => {
  test("says why an address is banned, with its hours", async () => {
    const log = await writeLog(await temporaryFolder(), "maillog", ARTICLE);
    const { code, stdout } = await run(["scan", log, ...UTC, "--explain", "94.102.63.160"]);
    expect(stdout).toMatch(
      /^94\.102\.63\.160 is banned until 2026-08-18T04:00:00Z because of 10 failed logins/,
    );
    expect(stdout).toMatch(/^2026-08-11T03:00:00Z +main +6 +6 +0 +0$/m);
    expect(code).toBe(0);
  });

  test.each([["--list", "plain"], ["--unread"], ["--format", "tsv"], ["--format", "events"]])(
    "is refused beside %s %s, which would print something else",
    async (...words) => {
      const { code, stderr } = await run(["scan", "samples", ...UTC, "--explain", "8.8.8.8", ...words]);
      expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining("--explain goes") });
    },
  );

  test("says why not, also of addresses that nobody has seen, and as JSON", async () => {
    const unseen = await run(["scan", "samples", ...UTC, "--explain", "8.8.8.8"]);
    expect(unseen.stdout).toMatch(/^8\.8\.8\.8 is not banned: no failed login from it is known\.$/m);
    const words = ["--explain", "2001:db8:1c4e::7", "--format", "json"];
    const friend = JSON.parse((await run(["scan", "samples", ...UTC, ...words])).stdout);
    expect(friend.decision).toMatchObject({ action: "watch", network: "2001:db8:1c4e::/64" });
    expect(friend.hours.length).toBeGreaterThan(0);
    expect(friend.users.length).toBeGreaterThan(0);
  });

  test("refuses what is no address", async () => {
    expect(await run(["scan", "samples", "--explain", "8.8.8"])).toMatchObject({ code: 2 });
  });
});
