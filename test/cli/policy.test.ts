import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder, writeLog } from "./folder.ts";
import { run } from "./run.ts";

const ARTICLE = await readFile("test/fixtures/article.log", "utf8");

test("what is decided by hand is published at once, told and kept", { timeout: 120_000 }, async () => {
  const { call } = await withArticle();
  expect((await call("unban", "94.102.63.160")).code).toBe(2);
  const unbanned = await call(
    "unban",
    "94.102.63.160",
    "--reason",
    "customer 4711",
    "--by",
    "alice",
    "--for",
    "2d",
  );
  expect(unbanned.stdout).toMatch(
    /^94\.102\.63\.160: not banned until 2026-08-13T03:45:34Z.*\npublished: serial \d+, 0 networks/,
  );
  const told = JSON.parse((await call("explain", "94.102.63.160", "--format", "json")).stdout);
  expect(told).toMatchObject({
    sentence: "94.102.63.160 is not banned: we have taken it off by hand.",
    decision: { action: "allow", rule: "unban" },
    listed: null,
    unbans: [{ network: "94.102.63.160", by: "alice", reason: "customer 4711", inForce: true }],
  });

  expect((await call("pause", "--reason", "moving")).stdout).toMatch(/paused until 2026-08-12T03:45:34Z/);
  const ended = await call("unban", "94.102.63.160", "--end");
  expect(ended.stdout).toMatch(/unchanged: serial \d+, 0 networks/);
  expect(ended.stderr).toMatch(/paused by .*: moving/);
  expect((await call("explain", "94.102.63.160")).stdout).toMatch(
    /It is not on the list that is out: publishing is paused/,
  );
  await call("pause", "--end");
  expect((await call("publish")).stdout).toMatch(/^published: serial \d+, 1 networks/);
});

test("a policy is shown, checked, and put in force after its change was seen", {
  timeout: 120_000,
}, async () => {
  const { folder, call } = await withArticle();
  const file = join(folder, "policy.json");
  await writeFile(file, '{"maxretry":11,"homeMaxretry":20}');
  expect((await call("policy", "push", file)).stdout).toMatch(
    /^policy default: 1 networks; policy [0-9a-f]{12}: 0\nadded: 0\ndropped: 1: 94\.102\.63\.160\n/,
  );
  expect((await call("policy", "show")).stderr).toBe("version default\n");
  expect((await call("policy", "push", file, "--yes")).stdout).toMatch(/published: serial \d+, 0 networks/);
  expect(JSON.parse((await call("policy", "show")).stdout)).toMatchObject({ maxretry: 11, findtime: "24h" });
  expect((await call("policy", "history")).stdout).toMatch(
    /^[0-9a-f]{12}\tin force\t\ndefault\tuntil .*policy\/history\/\d{11}-default\.json\n$/,
  );
  expect(JSON.parse((await call("policy", "show", "default")).stdout)).toMatchObject({ maxretry: 5 });
  expect((await call("policy", "show", "0123456789ab")).code).toBe(1);
  expect((await call("policy", "push", file)).stdout).toMatch(/^unchanged/);
  await writeFile(file, '{"bantimeIncrement":{"factor":2,"max":"390d"}}');
  expect(await call("policy", "push", file, "--yes")).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/not put in force: counters are kept for 396 days, .* need 397:/),
  });
  expect(JSON.parse((await call("policy", "show")).stdout)).toMatchObject({ maxretry: 11 });
  await writeFile(file, '{"maxretry":0,"bantyme":"7d"}');
  const refused = await run(["policy", "check", file]);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toMatch(/bantyme: is not a key[\s\S]*maxretry: must be 1 to/);
});

test("another policy is laid beside the one in force", { timeout: 120_000 }, async () => {
  const { folder, call } = await withArticle();
  const file = join(folder, "policy.json");
  await writeFile(file, '{"maxretry":4}');
  const { stdout } = await call("compare", "--policy", file, "--step", "1h", "--format", "json");
  expect(JSON.parse(stdout)).toMatchObject({
    added: [],
    dropped: [],
    sooner: [{ network: "94.102.63.160", first: "2026-08-10T14:59:59Z", current: "2026-08-11T03:45:34Z" }],
    current: { version: "default", banned: 1 },
  });
  expect((await call("compare", "--policy", file)).stdout).toMatch(/\nadded: 0\n\ndropped: 0\n/);
});

async function withArticle() {
  const folder = await temporaryFolder();
  const data = join(folder, "data");
  const log = await writeLog(folder, "maillog", ARTICLE);
  await run(["local", log, "--data", data, "--host", "main", "--time-zone", "UTC"]);
  return { folder, data, call: (...words: string[]) => run([...words, "--local", data]) };
}

test("lists of others hold until they end", { timeout: 120_000 }, async () => {
  const { folder, call } = await withArticle();
  const file = join(folder, "drop.txt");
  await writeFile(file, "; DROP\n9.1.2.0/24 ; SBL1\n");
  expect((await call("lists", "add", "drop", file)).code).toBe(2);
  expect((await call("lists", "add", "drop", file, "--block", "--for", "2d")).stdout).toBe(
    "drop: 1 networks, block until 2026-08-13T03:45:34Z\n",
  );
  expect((await call("publish")).stdout).toMatch(/^published: serial \d+, 2 networks/);
  expect((await call("explain", "9.1.2.3")).stdout).toMatch(
    /^9\.1\.2\.3 is banned until 2026-08-13T03:45:34Z because of a list of known attackers/,
  );
  expect((await call("lists", "end", "drop")).stdout).toBe("drop: ended\n");
  expect((await call("publish")).stdout).toMatch(/^published: serial \d+, 1 networks/);
  await writeFile(file, "9.1.2.0/24\nexample.org\n");
  expect((await call("lists", "add", "drop", file, "--block")).stderr).toMatch(
    /drop\.txt: line 2: .*example\.org/,
  );
});
