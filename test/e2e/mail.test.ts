import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Ended, HOST, run } from "../host/programs.ts";
import { dovecotVersion, startMailHost, USERS } from "./mail-host.ts";
import {
  ATTACKER,
  CUSTOMER,
  createNetwork,
  describeInNetwork,
  MAIL,
  type Network,
  OUTSIDE,
  type Place,
} from "./network.ts";

const here = (file: string) => new URL(file, import.meta.url).pathname;
const CLI = here("../../cli/bin.ts");
const NEEDED = ["dovecot", "rsyslogd", "unshare", "curl", "openssl", "ipset", "iptables", "ip6tables"];

describeInNetwork(NEEDED)("from a failed login to a dropped packet", () => {
  let network: Network;
  let dir: string;
  let server: { stop(): Promise<void> };

  beforeAll(async () => {
    expect(dovecotVersion()).toMatch(/^2\.3/);
    network = createNetwork();
    dir = await mkdtemp(join(tmpdir(), "fleetban-e2e-"));
    for (const folder of ["log", "keys.d"]) await mkdir(join(dir, folder));
    server = await serve(join(dir, "data"));
    await configure();
    startMailHost(network, dir);
    await until(
      async () => (await login("customer", "imap", MAIL.ipv6, "alice", USERS.alice)).stdout === "ok\n",
    );
  });
  afterAll(async () => {
    network?.remove();
    await server?.stop();
    if (dir) await rm(dir, { recursive: true });
  });

  /** What an administrator does: adds the host, writes its configuration, puts the public key there. */
  const configure = async () => {
    const { stdout } = await fleetban("host", "add", "mx1");
    const lines = [
      stdout.trimEnd(),
      `log = ${dir}/log/mail.log*`,
      `state = ${dir}/state`,
      `keys = ${dir}/keys.d`,
      "mode = enforce",
    ];
    writeFileSync(join(dir, "fleetban.conf"), `${lines.join("\n")}\n`, { mode: 0o600 });
    copyFileSync(join(dir, "data", "signing-key.pub.pem"), join(dir, "keys.d", "fleet.pem"));
  };

  const onHost = (program: string, ...args: string[]): Promise<Ended> =>
    run(network.at("mail", ["sh", join(HOST, program), "--config", join(dir, "fleetban.conf"), ...args]));
  const fleetban = (...args: string[]) => run(["node", CLI, ...args, "--local", join(dir, "data")]);
  const login = (place: Place, ...args: string[]) =>
    run(network.at(place, ["node", here("login.ts"), ...args]));

  const openSession = async (place: Place, ...args: string[]) => {
    const child = network.start(place, "node", here("login.ts"), ...args);
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
    expect((await lines.next()).value).toBe("ok");
    return {
      noop: async () => {
        child.stdin.write("\n");
        return (await lines.next()).value;
      },
    };
  };

  test("an attacker of both families is banned, a customer is not", async () => {
    const session = await openSession("customer", "imap", MAIL.ipv4, "alice", USERS.alice);
    for (let round = 0; round < 3; round++) {
      const guesses = [`a${round}`, `b${round}`];
      for (const [protocol, address] of [
        ["pop3", MAIL.ipv4],
        ["imap", MAIL.ipv6],
      ] as const)
        expect((await login("attacker", protocol, address, "bob", ...guesses)).stdout).toBe(
          "refused\nrefused\n",
        );
    }
    expect((await login("customer", "pop3", MAIL.ipv4, "alice", "mistyped")).stdout).toBe("refused\n");
    await until(async () =>
      readFileSync(join(dir, "log", "mail.log"), "utf8").includes("rip=2001:db8:bad::66"),
    );

    expect(await onHost("ship", "--now")).toEqual({ code: 0, stdout: "", stderr: "" });
    await until(async () =>
      (await fleetban("totals", "--by", "ip", "--format", "tsv")).stdout.includes(ATTACKER.ipv6),
    );
    expect(await fleetban("publish")).toMatchObject({ code: 0 });
    expect(await onHost("apply")).toEqual({ code: 0, stdout: "", stderr: "" });

    expect(network.exec("mail", "ipset", "save")).toMatch(/^add fleetban4 198\.51\.100\.66 /m);
    expect(network.exec("mail", "ipset", "save")).not.toContain(CUSTOMER.ipv4);
    expect((await login("attacker", "pop3", MAIL.ipv4, "bob", USERS.bob)).stdout).toBe("no answer\n");
    expect((await login("attacker", "imap", MAIL.ipv6, "bob", USERS.bob)).stdout).toBe("no answer\n");
    expect(await session.noop()).toBe("alive");
    expect((await login("customer", "pop3", MAIL.ipv4, "alice", USERS.alice)).stdout).toBe("ok\n");
    expect((await login("customer", "imap", MAIL.ipv6, "alice", USERS.alice)).stdout).toBe("ok\n");
  });
});

/** The embedded system as an administrator starts it, on the mail host's link. */
async function serve(data: string) {
  const child = spawn("node", [CLI, "local", "--serve", "--data", data, "--listen", OUTSIDE]);
  let said = "";
  child.stderr.on("data", (text) => (said += text));
  await until(async () => said.includes("serving on") || child.exitCode !== null);
  if (child.exitCode !== null) throw new Error(`local --serve ended: ${said}`);
  return {
    async stop() {
      child.kill("SIGTERM");
      if (child.exitCode === null) await once(child, "exit");
    },
  };
}

async function until(condition: () => Promise<boolean>) {
  const deadline = Date.now() + 60_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`a minute has passed without: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
