import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect } from "vitest";
import { type Ended, run } from "../host/programs.ts";
import { createInternet } from "./internet.ts";
import { USERS } from "./mail-config.ts";
import { type MailHost, type MailHostOptions, startMailHost } from "./mail-host.ts";
import type { Machines } from "./network.ts";

/** Of the ranges for documentation. The attacker changes its IPv6 address within its /64, as anybody can. */
export const ADDRESSES = {
  server: ["192.0.2.9"],
  mx1: ["203.0.113.1", "2001:db8:25::1"],
  mx2: ["203.0.113.2", "2001:db8:25::2"],
  mx3: ["203.0.113.3", "2001:db8:25::3"],
  attacker: ["198.51.100.66", "2001:db8:bad::66", "2001:db8:bad::67"],
  customer: ["198.51.100.80", "2001:db8:c::80"],
} as const;

export type Place = keyof typeof ADDRESSES;
export type Mx = "mx1" | "mx2" | "mx3";

export interface HostOptions extends MailHostOptions {
  /** Lines of its fleetban.conf that differ from what a host has that enforces. */
  settings?: readonly string[];
}

export type Fleet = Awaited<ReturnType<typeof startFleet>>;

const here = (file: string) => new URL(file, import.meta.url).pathname;

/** Seconds between two runs of a program, where an installed fleet has a minute. */
const PERIOD = 2;

interface Pace {
  /** Words for fleet-server.ts: seconds from one list to the next. */
  publish: readonly string[];
  /** Lines of fleetban.conf. */
  ship: readonly string[];
}

const QUICK: Pace = { publish: [String(PERIOD)], ship: ["ship-bytes = 1"] };

/** Nothing is quicker than in an installed fleet. */
export const INSTALLED: Pace = { publish: [], ship: [] };

/** Mail hosts, the system that they ship to, an attacker and a customer, each a machine of its own. Nothing runs by timer yet. */
export async function startFleet(hosts: Partial<Record<Mx, HostOptions>>, pace = QUICK) {
  const internet = createInternet<Place>(ADDRESSES);
  const data = mkdtempSync(join(tmpdir(), "fleetban-fleet-"));
  const machines = new Map<Mx, MailHost>();
  const remove = () => {
    internet.remove();
    for (const machine of machines.values()) machine.remove();
    rmSync(data, { recursive: true });
  };
  try {
    await startServer(internet, data, pace);
    for (const [mx, options] of Object.entries(hosts) as [Mx, HostOptions][])
      machines.set(mx, startMailHost(internet, mx, options));
    const fleet = { ...clientsOf(internet), ...administrator(internet, data, machines), internet, remove };
    for (const [mx, { settings = [] }] of Object.entries(hosts) as [Mx, HostOptions][]) {
      await until(
        `${mx} is up`,
        async () => (await fleet.login(ADDRESSES.customer[0], "imap", mx, "bob", USERS.bob)) === "ok\n",
      );
      await fleet.join(mx, [...pace.ship, ...settings]);
    }
    return fleet;
  } catch (error) {
    remove();
    throw error;
  }
}

async function startServer(internet: Machines<Place>, data: string, { publish }: Pace) {
  const program = here("fleet-server.ts");
  const server = internet.start("server", "node", program, data, ADDRESSES.server[0], ...publish);
  let said = "";
  server.stderr.on("data", (text) => (said += text));
  const ended = once(server, "exit").then(() =>
    Promise.reject(new Error(`the fleet's server ended: ${said}`)),
  );
  await Promise.race([once(server.stdout, "data"), ended]);
  ended.catch(() => undefined);
}

/** What people do outside of the fleet, from one of their addresses. */
function clientsOf(internet: Machines<Place>) {
  const at = (from: string, ...command: string[]) => internet.at(placeOf(from), command);
  const addressOf = (mx: Mx, from: string) => ADDRESSES[mx][from.includes(":") ? 1 : 0];
  const login = (from: string, protocol: string, mx: Mx, user: string, ...passwords: string[]) =>
    at(from, "node", here("login.ts"), from, protocol, addressOf(mx, from), user, ...passwords);
  return {
    /** Tries passwords, one after the other: `ok`, `refused` or `no answer` for each, a line each. */
    login: async (...args: Parameters<typeof login>) => (await run(login(...args))).stdout,
    /** Logs in and stays. */
    async openSession(...args: Parameters<typeof login>) {
      const [program, ...rest] = login(...args);
      const child = spawn(program!, rest);
      const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
      expect((await lines.next()).value).toBe("ok");
      return {
        async noop() {
          child.stdin.write("\n");
          return (await lines.next()).value;
        },
      };
    },
    /** On which of the ports a new connection comes about. */
    async reaches(from: string, mx: Mx, ...ports: number[]): Promise<number[]> {
      const { stdout } = await run(
        at(from, "node", here("knock.ts"), from, addressOf(mx, from), ...ports.map(String)),
      );
      return stdout.split("\n").filter(Boolean).map(Number);
    },
  };
}

function placeOf(address: string): Place {
  const machines = Object.entries(ADDRESSES) as [Place, readonly string[]][];
  return machines.find(([, addresses]) => addresses.includes(address))![0];
}

/** What its administrator does. */
function administrator(internet: Machines<Place>, data: string, machines: Map<Mx, MailHost>) {
  const fleetban = (...args: string[]) =>
    run(internet.at("server", ["node", here("../../cli/bin.ts"), ...args, "--local", data]));
  const on = (mx: Mx) => machines.get(mx)!;
  return {
    fleetban,
    on,
    /** As docs/host.md says: adds the host, writes its configuration, copies the public key. */
    async join(mx: Mx, settings: readonly string[]) {
      const { stdout } = await fleetban("host", "add", mx);
      const lines = [stdout.trimEnd(), "mode = enforce", "time-zone = Etc/UTC", ...settings];
      appendFileSync(on(mx).path("/etc/fleetban/fleetban.conf"), `${lines.join("\n")}\n`);
      copyFileSync(join(data, "signing-key.pub.pem"), on(mx).path("/etc/fleetban/keys.d/fleet.pem"));
    },
    /** Runs the programs on a host as cron does, only more often. */
    startTimers: (mx: Mx) =>
      on(mx).start(["sh", "-c", `while :; do fleetban-ship; fleetban-apply; sleep ${PERIOD}; done`]),
    /** Runs the lines for cron as they are installed, each full minute. */
    startCron: (mx: Mx) => on(mx).start(["sh", "-c", CRON]),
    async pushPolicy(policy: object): Promise<Ended> {
      writeFileSync(join(data, "next-policy.json"), JSON.stringify(policy));
      return await fleetban("policy", "push", join(data, "next-policy.json"), "--yes");
    },
    /** No packet reaches the server any more, until `connect` is called. */
    cutOff() {
      internet.exec("server", "iptables", "-I", "INPUT", "!", "-i", "lo", "-j", "DROP");
      return { connect: () => internet.exec("server", "iptables", "-F", "INPUT") };
    },
  };
}

const CRON = `sed -n 's/^\\* \\* \\* \\* \\* root //p' /usr/lib/fleetban/cron.d-fleetban >/tmp/lines
while sleep $((60 - $(date +%s) % 60)); do
  while read -r line; do sh -c "$line" & done </tmp/lines
done`;

/** Waits until something is so, a minute at most. */
export async function until(what: string, condition: () => Promise<boolean>, seconds = 60) {
  const deadline = Date.now() + seconds * 1000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`after ${seconds} s it is still not so that ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
