import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder, writeLog } from "./folder.ts";
import { rowsOf, run } from "./run.ts";

const ARTICLE = await readFile("test/fixtures/article.log", "utf8");

test("user names are hashed unless told, and stay as told", { timeout: 120_000 }, async () => {
  const folder = await temporaryFolder();
  const named =
    "2026-11-24T03:00:00+00:00 mx1 dovecot: imap-login: Disconnected (auth failed, 1 attempts in 2 secs): user=<alice>, method=PLAIN, rip=192.0.2.7, lip=192.0.2.25, session=<x>\n";
  const log = await writeLog(folder, "maillog", named);
  const by = async (data: string) =>
    rowsOf((await run(["totals", "--by", "user", "--local", data, "--format", "tsv"])).stdout).map(
      (row) => row.user,
    );
  await run(["local", log, "--data", join(folder, "a")]);
  expect(await by(join(folder, "a"))).toEqual([expect.stringMatching(/^[0-9a-f]{16}$/)]);
  await run(["local", log, "--data", join(folder, "b"), "--user-names", "plain"]);
  expect(await by(join(folder, "b"))).toEqual(["alice"]);
  expect((await run(["replay", "", "--all", "--local", join(folder, "b")])).code).toBe(0);
  expect(await by(join(folder, "b"))).toEqual(["alice"]);
});

test("fleet tells of each host, verify and replay of its counters", { timeout: 120_000 }, async () => {
  const folder = await temporaryFolder();
  const data = join(folder, "data");
  const log = await writeLog(folder, "maillog", ARTICLE);
  const odd = await writeLog(folder, "odd.log", Buffer.from(Array.from({ length: 4096 }, (_, n) => n % 31)));
  await run(["local", log, odd, "--data", data, "--host", "main", "--time-zone", "UTC"]);

  const fleet = await run(["fleet", "--local", data, "--format", "tsv"]);
  expect(rowsOf(fleet.stdout)).toMatchObject([
    { host: "main", newest: "2026-08-11T03:45:34Z", gaps: "0", conflicts: "0", failed: "1", dead: "0" },
  ]);
  const good = await run(["verify", "--local", data]);
  expect([good.code, good.stdout]).toEqual([0, ""]);
  expect(good.stderr).toMatch(/^2 rows from 1 logs compared, 0 differences$/m);

  expect((await run(["replay", "main/", "--all", "--local", data])).stdout).toMatch(/^counted again: 1 logs/);
  expect((await run(["verify", "main", "--local", data])).code).toBe(0);
  await rm(join(data, "s3", "logs"), { recursive: true, force: true });
  const gone = await run(["verify", "--local", data, "--format", "tsv"]);
  expect(gone.code).toBe(1);
  expect(gone.stderr).toMatch(/maillog: the object is gone/);
});

test("fleet warns of a host that sees a proxy instead of its clients", { timeout: 60_000 }, async () => {
  const folder = await temporaryFolder();
  const line = (n: number, what: string) =>
    `2026-11-24T02:${String(n).padStart(2, "0")}:00+00:00 mx1 dovecot: imap-login: ${what}: user=<u${n}>, method=PLAIN, rip=192.0.2.7, lip=192.0.2.25, session=<${n}>\n`;
  const lines = Array.from({ length: 30 }, (_, n) =>
    line(n, "Disconnected (auth failed, 1 attempts in 2 secs)"),
  );
  const log = await writeLog(folder, "mail.log", [...lines, line(31, "Login")].join(""));
  const data = join(folder, "data");
  await run(["local", log, "--data", data, "--host", "mx1"]);
  const { stderr } = await run(["fleet", "--local", data]);
  expect(stderr).toMatch(/mx1: real address hidden\? 100 % .* 192\.0\.2\.7/);
});
