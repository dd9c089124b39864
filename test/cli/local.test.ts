import { appendFile, cp, readFile, utimes } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { BINARY, LOG_TIME, temporaryFolder, writeLog } from "./folder.ts";
import { rowsOf, run } from "./run.ts";

const ARTICLE = await readFile("test/fixtures/article.log", "utf8");

test("ships, counts, decides and publishes; again changes nothing", { timeout: 60_000 }, async () => {
  const folder = await temporaryFolder();
  const log = await writeLog(folder, "maillog", ARTICLE);
  const data = join(folder, "data");
  const words = ["local", log, "--data", data, "--host", "main", "--time-zone", "UTC", "--format", "tsv"];
  const first = await run(words);
  expect(first.stdout).toBe(
    "address\tattempts\thosts\tservices\tfirst\tlast\tcountry\tdecision\n" +
      "94.102.63.160\t10\tmain\tpop3\t2026-08-10T14:25:01Z\t2026-08-11T03:45:34Z\tNL\tban\n",
  );
  expect(first.stderr).toMatch(
    /blocklist: 1 network, serial \d+, as of 2026-08-11T03:45:34Z, in .*\/blocklist\//,
  );
  expect(await readFile(join(data, "blocklist/plain.txt"), "utf8")).toBe("94.102.63.160\n");
  expect(await run(words)).toEqual(first);

  const totals = await run(["totals", "--local", data, "--by", "ip,host,service", "--format", "tsv"]);
  expect(totals.stdout).toBe(
    "ip\thost\tservice\tattempts\tevents\tsuccesses\n94.102.63.160\tmain\tpop3\t10\t10\t0\n",
  );
  const explained = await run(["explain", "94.102.63.160", "--local", data]);
  expect(explained.stdout).toMatch(/^94\.102\.63\.160 is banned until 2026-08-18T04:00:00Z/);
  expect(explained.stdout).toMatch(/main\/[0-9a-f]{16}-maillog +0 +1400/);
  const list = await run(["blocklist", "--local", data, "--format", "plain"]);
  expect(list.stdout).toBe("94.102.63.160\n");
  const reasons = await run(["blocklist", "--local", data, "--format", "json"]);
  expect(JSON.parse(reasons.stdout).networks).toMatchObject([
    { network: "94.102.63.160", rule: "maxretry", attempts: 10, hosts: ["main"], country: "NL" },
  ]);
  expect((await run(["blocklist", "--local", data, "--format", "ods"])).code).toBe(2);
  expect((await run(["publish", "--local", data])).stdout).toMatch(/^unchanged: serial /);
});

test("what was readable of bad input counts, and is said", { timeout: 60_000 }, async () => {
  const folder = await temporaryFolder();
  const data = join(folder, "data");
  const log = await writeLog(folder, "maillog", ARTICLE);
  const cut = await writeLog(
    folder,
    "cut.gz",
    gzipSync(ARTICLE.replaceAll("94.102.63.160", "198.51.100.7")).subarray(0, -12),
  );
  const binary = await writeLog(folder, "x.bin", BINARY);
  const { code, stdout, stderr } = await run([
    "local",
    log,
    cut,
    binary,
    join(folder, "none"),
    "--data",
    data,
    "--format",
    "tsv",
  ]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/none: no such file/);
  expect(stderr).toMatch(/cut\.gz: partial: .*truncated/);
  expect(stderr).toMatch(/x\.bin: failed: .*not a log/);
  const attempts = Object.fromEntries(rowsOf(stdout).map((row) => [row.address, Number(row.attempts)]));
  expect(attempts["94.102.63.160"]).toBe(10);
  expect(attempts["198.51.100.7"]).toBeGreaterThan(0);

  // the good copy takes the place of what was counted from the damaged one
  const good = await writeLog(
    folder,
    "good.gz",
    gzipSync(ARTICLE.replaceAll("94.102.63.160", "198.51.100.7")),
  );
  const mended = await run(["local", good, "--data", data, "--format", "tsv"]);
  expect(rowsOf(mended.stdout).map((row) => row.attempts)).toEqual(["10", "10"]);
  expect(mended.code).toBe(0);
});

test("a log that grows, is rotated and packed counts each line once", { timeout: 60_000 }, async () => {
  const folder = await temporaryFolder();
  const data = join(folder, "data");
  const lines = ARTICLE.split(/(?<=\n)/);
  const log = await writeLog(folder, "maillog", lines.slice(0, 4).join(""));
  const attempts = async (path: string) =>
    rowsOf((await run(["local", path, "--data", data, "--format", "tsv"])).stdout).map((row) => row.attempts);
  expect(await attempts(log)).toEqual(["4"]);
  await appendFile(log, lines.slice(4, 7).join(""));
  await utimes(log, LOG_TIME, LOG_TIME);
  expect(await attempts(log)).toEqual(["7"]);
  await appendFile(log, lines.slice(7).join(""));
  await utimes(log, LOG_TIME, LOG_TIME);
  await cp(log, join(folder, "maillog.1"), { preserveTimestamps: true });
  expect(await attempts(join(folder, "maillog.1"))).toEqual(["10"]);
  expect(await attempts(await writeLog(folder, "maillog.2.gz", gzipSync(ARTICLE)))).toEqual(["10"]);
});

test("limits stay with the data; once they are higher, a replay counts what was cut off", async () => {
  const folder = await temporaryFolder();
  const data = join(folder, "data");
  const log = await writeLog(folder, "maillog", ARTICLE);
  const bytes = ARTICLE.split(/(?<=\n)/)
    .slice(0, 3)
    .join("").length;
  const attemptsAfter = async (...options: string[]) => {
    const { stdout, stderr } = await run(["local", log, "--data", data, "--format", "tsv", ...options]);
    return { attempts: rowsOf(stdout)[0]!.attempts, stderr };
  };
  const cut = { attempts: "3", stderr: expect.stringContaining(`longer than ${bytes} bytes`) };
  expect(await attemptsAfter("--limits", `bytes=${bytes}`)).toEqual(cut);
  expect(await attemptsAfter()).toEqual(cut);
  expect(await attemptsAfter("--limits", "")).toMatchObject({ attempts: "3" });
  expect((await run(["replay", "", "--local", data])).code).toBe(0);
  expect(await attemptsAfter()).toMatchObject({ attempts: "10" });
});
