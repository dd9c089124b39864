import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { type BareRoot, createBareRoot, type Output } from "./bare-root.ts";
import { output, removeNamespace } from "./network.ts";

/** A bare Debian that is a mail host, an embedded system that it reaches, and a checkout to command that from. */
export interface BareFleet {
  host: BareRoot;
  /** The system's data folder, `/var/lib/fleetban-server` in the checkout. */
  data: string;
  /** Runs a shell line in the checkout. Rejects, with its output, if it fails. */
  inCheckout(line: string): Promise<Output>;
  /** A path in the checkout. */
  checkout: string;
  startServer(): Promise<void>;
  stopServer(): Promise<void>;
  remove(): Promise<void>;
}

const execute = promisify(execFile);
const REPOSITORY = join(import.meta.dirname, "../..");
const PORT = "9000";
/** What the pages install: the namespace has no way to a mirror. */
const DOWNLOADS = ["curl", "openssl", "ipset", "iptables", "cron", "ansible-core", "python3-apt"];

/** `number` tells the fleets of one process apart: 0 or 1. */
export async function createBareFleet(suite: "bookworm" | "trixie", number: 0 | 1): Promise<BareFleet> {
  const folder = await mkdtemp(join(tmpdir(), "fleetban-fleet-"));
  const [checkout, data] = [join(folder, "checkout"), join(folder, "data")];
  const namespace = `fbbare${process.pid}${number}`;
  const address = link(namespace, number);
  const root = createBareRoot({ suite, packages: [], downloads: DOWNLOADS, namespace });
  let server: ChildProcess | undefined;
  const fleet = {
    data,
    checkout,
    inCheckout: (line: string) => inCheckout(checkout, data, line),
    async startServer() {
      const words = ["local", "--serve", "--listen", address, "--port", PORT, "--data", data];
      server = spawn(process.execPath, [join(checkout, "dist/fleetban.js"), ...words], { stdio: "ignore" });
      await until(() => fetch(`http://${address}:${PORT}/`));
      await until(() => fleet.inCheckout(`${LOCAL} blocklist --format plain --local ${SERVER}`));
    },
    async stopServer() {
      if (server === undefined || server.exitCode !== null) return;
      const ended = once(server, "exit");
      server.kill("SIGTERM");
      await ended;
    },
    async remove() {
      await fleet.stopServer();
      removeNamespace(namespace);
      await (await root).remove();
      await rm(folder, { recursive: true, force: true });
    },
  };
  try {
    await clone(checkout);
    await mkdir(data);
    await fleet.startServer();
    return { ...fleet, host: await root };
  } catch (error) {
    await fleet.remove();
    throw error;
  }
}

export const SERVER = "/var/lib/fleetban-server";
export const LOCAL = "npm run -s fleetban --";

/** A namespace with a link to this one; returns this end's address. Of RFC 2544's range, other ones for each process. */
function link(namespace: string, number: number): string {
  const address = (end: number) =>
    `198.19.${(process.pid >> 5) & 255}.${(process.pid & 31) * 8 + number * 4 + end}`;
  const inside = (...words: string[]) => output(["ip", "-n", namespace, ...words]);
  output(["ip", "netns", "add", namespace]);
  output(["ip", "link", "add", namespace, "type", "veth", "peer", "name", "uplink", "netns", namespace]);
  output(["ip", "addr", "add", `${address(1)}/30`, "dev", namespace]);
  output(["ip", "link", "set", namespace, "up"]);
  inside("link", "set", "lo", "up");
  inside("addr", "add", `${address(2)}/30`, "dev", "uplink");
  inside("link", "set", "uplink", "up");
  return address(1);
}

/** The last commit, built. */
async function clone(checkout: string): Promise<void> {
  await execute("git", ["clone", "--quiet", "--shared", REPOSITORY, checkout]);
  await symlink(join(REPOSITORY, "node_modules"), join(checkout, "node_modules"));
  await execute("npm", ["run", "-s", "build"], { cwd: checkout });
}

/** With the system's data where the pages say that they are; nothing of that outlives the command. */
async function inCheckout(checkout: string, data: string, line: string): Promise<Output> {
  const mounts = `mount -t tmpfs tmpfs /var/lib && mkdir ${SERVER} && mount --bind '${data}' ${SERVER}`;
  const words = ["--mount", "sh", "-euc", `${mounts}\n${line}`];
  return await execute("unshare", words, { cwd: checkout, maxBuffer: 64 * 1024 * 1024 });
}

/** Waits until `attempt` succeeds: half a minute at most. */
async function until(attempt: () => Promise<unknown>): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      await attempt();
      return;
    } catch (error) {
      if (tries === 60) throw error;
      await sleep(500);
    }
  }
}
