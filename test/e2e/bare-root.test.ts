import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type BareRoot, createBareRoot, whyNoBareRoot } from "./bare-root.ts";

const MINUTES = 60_000;
const reason = await whyNoBareRoot();
if (reason !== undefined) console.log(`bare Debian 12 skipped: ${reason}`);

describe.skipIf(reason !== undefined)("in a bare Debian 12 with only Node and npm", () => {
  let root: BareRoot;

  beforeAll(async () => {
    root = await createBareRoot();
    await cloneInto(join(root.path, "srv/fleetban"));
    await writeMaillog(join(root.path, "srv/logs"));
  }, 20 * MINUTES);

  afterAll(async () => await root?.remove(), 2 * MINUTES);

  test("npm ci && npm start -- PATH says who attacked and bans him", { timeout: 10 * MINUTES }, async () => {
    const { stdout } = await root.run("cd fleetban && npm ci && npm start -- /srv/logs");
    const line = stdout.split("\n").find((line) => line.includes("94.102.63.160"));
    expect(line?.split(/\s+/)).toEqual(expect.arrayContaining(["94.102.63.160", "10", "NL", "ban"]));
  });

  test("npm cit passes", { timeout: 20 * MINUTES }, async () => {
    const { stdout } = await root.run("cd fleetban && npm cit");
    expect(stdout).toMatch(/Tests .*\d+ passed/);
  });
});

/** What a clone would have: the files of the last commit. */
async function cloneInto(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const archive = spawn("git", ["archive", "HEAD"], { stdio: ["ignore", "pipe", "inherit"] });
  const extract = spawn("tar", ["-x", "-C", folder], { stdio: [archive.stdout, "inherit", "inherit"] });
  const [[archived], [extracted]] = await Promise.all([once(archive, "exit"), once(extract, "exit")]);
  expect([archived, extracted]).toEqual([0, 0]);
  await promisify(execFile)("chown", ["-R", "1000:1000", folder]);
}

/** Ten failed logins of one address, as Dovecot writes them. */
async function writeMaillog(folder: string): Promise<void> {
  await mkdir(folder);
  const times = [
    "Aug 10 14:25:01",
    "Aug 10 14:59:41",
    "Aug 10 14:59:42",
    "Aug 11 03:11:39",
    "Aug 11 03:45:33",
  ];
  const failure =
    "main dovecot: pop3-login: Disconnected (auth failed, 1 attempts): user=<>, method=PLAIN, rip=94.102.63.160, lip=192.168.10.23";
  await writeFile(join(folder, "maillog"), times.map((time) => `${time} ${failure}\n`.repeat(2)).join(""));
}
