import { type ChildProcess, execFile, spawn } from "node:child_process";
import { access, mkdir, mkdtemp, rm } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";
import { freePort } from "../free-port.ts";
import type { ServerName } from "./known.ts";
import type { Server } from "./target.ts";

const run = promisify(execFile);
const VERSITYGW = "1.8.0";
const MOTO = "5.2.5";
/** Building versitygw takes minutes on a small machine, once. */
const INSTALL_TIMEOUT = 20 * 60_000;
const START_TIMEOUT = 30_000;

/** An S3 server that is not ours, on loopback, with data in a temporary folder. */
export interface Independent {
  name: ServerName;
  server: Server;
  stop(): Promise<void>;
}

/** No independent server can be had here; says of each why. */
export class NoIndependentServerError extends Error {
  override readonly name = "NoIndependentServerError";
}

/**
 * Installs (once, in the user's cache folder) and starts versitygw where there is Go, else moto where there is Python.
 * @throws NoIndependentServerError
 */
export async function startIndependent(): Promise<Independent> {
  const reasons: string[] = [];
  for (const { name, start } of [
    { name: "versitygw", start: startVersitygw },
    { name: "moto", start: startMoto },
  ]) {
    try {
      return await start();
    } catch (error) {
      reasons.push(
        `${name}: ${error instanceof Error ? error.message.trim().split("\n")[0] : String(error)}`,
      );
    }
  }
  throw new NoIndependentServerError(
    `no independent S3 server can be installed here (${reasons.join("; ")})`,
  );
}

/** versitygw, Apache-2.0, from the Go module proxy; with its posix backend. */
async function startVersitygw(): Promise<Independent> {
  const bin = await cacheFolder(`versitygw-${VERSITYGW}`);
  const program = join(bin, "versitygw");
  if (!(await exists(program))) {
    const module = `github.com/versity/versitygw/cmd/versitygw@v${VERSITYGW}`;
    await run("go", ["install", module], { env: { ...process.env, GOBIN: bin }, timeout: INSTALL_TIMEOUT });
  }
  const data = await mkdtemp(join(tmpdir(), "fleetban-versitygw-"));
  await Promise.all(["data", "iam"].map((name) => mkdir(join(data, name))));
  const server = await newServer();
  const address = new URL(server.endpoint).host;
  // with an IAM folder, unknown keys are refused as S3 refuses them
  const args = ["--quiet", "--port", address, "--iam-dir", join(data, "iam"), "posix", join(data, "data")];
  const env = { ROOT_ACCESS_KEY_ID: server.accessKey, ROOT_SECRET_ACCESS_KEY: server.secretKey };
  return await started("versitygw", server, spawn(program, args, { env, stdio: "ignore" }), data);
}

/** moto, Apache-2.0, from PyPI; keeps its objects in memory. */
async function startMoto(): Promise<Independent> {
  const environment = await cacheFolder(`moto-${MOTO}`);
  const program = join(environment, "bin", "moto_server");
  if (!(await exists(program))) {
    await run("python3", ["-m", "venv", environment], { timeout: INSTALL_TIMEOUT });
    const pip = join(environment, "bin", "pip");
    await run(pip, ["install", "--quiet", `moto[server]==${MOTO}`], { timeout: INSTALL_TIMEOUT });
  }
  const data = await mkdtemp(join(tmpdir(), "fleetban-moto-"));
  const server = await newServer();
  const { hostname, port } = new URL(server.endpoint);
  return await started(
    "moto",
    server,
    spawn(program, ["-H", hostname, "-p", port], { cwd: data, stdio: "ignore" }),
    data,
  );
}

async function started(
  name: ServerName,
  server: Server,
  child: ChildProcess,
  data: string,
): Promise<Independent> {
  const ended = new Promise<void>((resolve) => {
    child.once("error", () => resolve());
    child.once("exit", () => resolve());
  });
  const stop = async () => {
    child.kill();
    await ended;
    await rm(data, { recursive: true, force: true });
  };
  for (const end = Date.now() + START_TIMEOUT; Date.now() < end && child.exitCode === null; await wait(200)) {
    const answers = await fetch(server.endpoint).then(
      () => true,
      () => false,
    );
    if (answers) return { name, server, stop };
  }
  await stop();
  throw new Error(`${name} did not answer on ${server.endpoint} within ${START_TIMEOUT / 1000} s`);
}

async function newServer(): Promise<Server> {
  const port = await freePort();
  return {
    endpoint: `http://127.0.0.1:${port}`,
    region: "us-east-1",
    accessKey: "conformance",
    secretKey: "conformance-secret",
  };
}

async function cacheFolder(name: string): Promise<string> {
  const dir = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "fleetban-test", name);
  await mkdir(dir, { recursive: true });
  return dir;
}

async function exists(file: string): Promise<boolean> {
  return await access(file).then(
    () => true,
    () => false,
  );
}
