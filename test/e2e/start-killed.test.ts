import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { mulberry32 } from "../random.ts";

const CLI = join(import.meta.dirname, "../../dist/fleetban.js");
const KILLS = 12;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fleetban-kill-"));
});
afterAll(() => rm(folder, { recursive: true }));

test("npm start, killed anywhere and run again, gives the same totals", async () => {
  const began = performance.now();
  const undisturbed = await finish(start("undisturbed"));
  const took = performance.now() - began;
  const seed = Math.floor(Math.random() * 2 ** 31);
  console.log(`seed ${seed}`);
  const random = mulberry32(seed);
  let killed = 0;
  for (let n = 0; n < KILLS; n++) {
    const child = start("killed");
    const ended = once(child, "exit");
    await Promise.race([ended, new Promise((done) => setTimeout(done, random() * took))]);
    if (child.kill("SIGKILL")) killed++;
    await ended;
  }
  expect(await finish(start("killed"))).toBe(undisturbed);
  expect(killed).toBeGreaterThan(0);
});

function start(data: string): ChildProcess {
  const words = ["local", "--data", join(folder, data), "--format", "tsv"];
  return spawn(process.execPath, [CLI, ...words], { stdio: ["ignore", "pipe", "inherit"] });
}

/** What it prints, once it has ended well. */
async function finish(child: ChildProcess): Promise<string> {
  let printed = "";
  child.stdout?.on("data", (chunk) => {
    printed += chunk;
  });
  const [code] = await once(child, "close");
  expect(code).toBe(0);
  expect(printed).toMatch(/^address\t.*\n.+/);
  return printed;
}
