import { type ChildProcess, spawn } from "node:child_process";
import { Resolver } from "node:dns/promises";
import { once } from "node:events";
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Decision } from "../../functions/decide/decision.ts";
import { blocklist } from "../../functions/list/blocklist.ts";
import { formatNamed, type ListFormat, publishedFiles, rendered } from "../../functions/list/formats.ts";
import { temporaryFolder } from "../cli/folder.ts";
import { freePort } from "../free-port.ts";
import { describeWith, run } from "../host/programs.ts";
import { ban, bans, NOW } from "../list/factories.ts";
import { codeOf } from "../list/page.ts";
import { describeInNetwork } from "./network.ts";
import { stixValidator } from "./stix-validator.ts";

const DAY = 86_400;
const LIST = [
  ban("192.0.2.7", 60 * DAY),
  ban("198.51.100.0/24", DAY),
  ban("198.51.100.9", 2 * DAY),
  ban("2001:db8::1", DAY),
  ban("2001:db8:1:2::/64", DAY),
];
const LISTED = [
  "192.0.2.7",
  "198.51.100.0",
  "198.51.100.9",
  "198.51.100.255",
  "2001:db8::1",
  "2001:db8:1:2::99",
];
const OTHERS = ["192.0.2.6", "192.0.2.8", "198.51.99.255", "198.51.101.0", "2001:db8::2", "2001:db8:1:3::99"];
const MANY = 100_000;

/** A list written in a format, in a folder that everybody may read. */
async function written(
  format: string,
  decisions: Decision[] = LIST,
  name = "list",
): Promise<{ folder: string; file: string }> {
  const folder = await temporaryFolder();
  await chmod(folder, 0o755);
  const file = join(folder, name);
  await writeFile(file, rendered(formatOf(format), blocklist(decisions, NOW), { now: NOW }));
  return { folder, file };
}

/** Published files that are no format of the command line, too. */
function formatOf(name: string): ListFormat {
  return (
    publishedFiles.map(({ format }) => format).find((format) => format.name === name) ?? formatNamed(name)
  );
}

/** Runs a shell script to its end, in a network namespace of its own. */
async function inNamespace(script: string, ...args: string[]) {
  return await run(["unshare", "--net", "sh", "-euc", script, "sh", ...args]);
}

/** The addresses that a command says yes to. */
async function accepted(addresses: string[], says: (address: string) => Promise<boolean>): Promise<string[]> {
  const found: string[] = [];
  for (const address of addresses) if (await says(address)) found.push(address);
  return found;
}

const family = (address: string) => (address.includes(":") ? 6 : 4);

describeInNetwork(["ipset", "unshare"])("ipset restore", () => {
  test("takes the sets, twice, and matches what is listed", async () => {
    const { file } = await written("ipset");
    const tests = [...LISTED, ...OTHERS].map((a) => `ipset -q test fleetban${family(a)} ${a} && echo ${a}`);
    const script = `ipset restore <"$1"; ipset -exist restore <"$1"; ${tests.map((t) => `{ ${t}; } || :`).join("; ")}`;
    expect(await inNamespace(script, file)).toEqual({
      code: 0,
      stdout: `${LISTED.join("\n")}\n`,
      stderr: "",
    });
  });

  test(`takes ${MANY} networks`, async () => {
    const { file } = await written("ipset", bans(MANY));
    expect(await inNamespace('ipset restore <"$1"; ipset save | grep -c "^add"', file)).toMatchObject({
      code: 0,
      stdout: `${MANY}\n`,
    });
  });
});

describeInNetwork(["ipset", "unshare"])("the swap of docs/blocklist.md", () => {
  test("puts one list in the place of another", async () => {
    const swap = codeOf("ipset swap fleetban4");
    const script = `cd "$1"; ${swap}\n cd "$2"; ${swap}\n ipset list -n; ipset save | grep -c "^add"`;
    const first = await written("ipset4", LIST, "v4.ipset");
    const second = await written("ipset4", bans(MANY), "v4.ipset");
    expect(await inNamespace(script, first.folder, second.folder)).toEqual({
      code: 0,
      stdout: `fleetban4\n${MANY}\n`,
      stderr: "",
    });
  });
});

describeInNetwork(["nft", "unshare"])("nft -f", () => {
  test("takes the sets, again under the administrator's own chain, and matches what is listed", async () => {
    const { file, folder } = await written("nft");
    await writeFile(join(folder, "chain"), codeOf("table inet fleetban_list"));
    const tests = [...LISTED, ...OTHERS].map(
      (a) => `nft get element inet fleetban_list banned${family(a)} "{ ${a} }" >/dev/null 2>&1 && echo ${a}`,
    );
    const script = `nft -c -f "$1"; nft -f "$2"; nft -f "$1"; nft -f "$1"; nft list table inet fleetban_list | grep -c "saddr @banned[46] drop"
      ${tests.map((t) => `{ ${t}; } || :`).join("\n")}`;
    expect(await inNamespace(script, file, join(folder, "chain"))).toEqual({
      code: 0,
      stdout: `2\n${LISTED.join("\n")}\n`,
      stderr: "",
    });
  });

  test("gives each element its end", async () => {
    const { file } = await written("nft");
    const { stdout } = await inNamespace('nft -f "$1"; nft list set inet fleetban_list banned4', file);
    expect(stdout).toMatch(/192\.0\.2\.7 timeout 24d20h31m23s/);
    expect(stdout).toMatch(/198\.51\.100\.9 timeout 2d/);
    expect(stdout).toMatch(/198\.51\.100\.10-198\.51\.100\.255 timeout 1d/);
  });

  test(`takes ${MANY} networks`, async () => {
    const { file } = await written("nft", bans(MANY));
    expect(await inNamespace('nft -f "$1"; nft list ruleset | grep -o expires | wc -l', file)).toEqual({
      code: 0,
      stdout: `${MANY}\n`,
      stderr: "",
    });
  });

  test("takes an empty list, which empties the sets", async () => {
    const { file } = await written("nft");
    const empty = await written("nft", []);
    const script = 'nft -f "$1"; nft -f "$2"; nft list table inet fleetban_list';
    const { code, stdout } = await inNamespace(script, file, empty.file);
    expect(code).toBe(0);
    expect(stdout).not.toContain("elements");
  });
});

describeWith(["postmap"])("Postfix", () => {
  test("rejects what is listed, and nothing else", async () => {
    const { file } = await written("postfix");
    const found = await accepted([...LISTED, ...OTHERS], async (address) => {
      const { stdout, stderr } = await run(["postmap", "-q", address, `cidr:${file}`]);
      expect(stderr).toBe("");
      return stdout === "REJECT blocked after failed logins\n";
    });
    expect(found).toEqual(LISTED);
  });
});

describeWith(["rbldnsd"])("rbldnsd", () => {
  test("answers for what is listed and for the test entries, and for nothing else", async () => {
    const { folder } = await written("rbldnsd");
    const port = await freePort();
    const command = [
      "-n",
      "-u",
      "nobody",
      "-w",
      folder,
      "-b",
      `127.0.0.1/${port}`,
      "bl.example:combined:list",
    ];
    const { said } = await started("rbldnsd", command, /started/);
    expect(said()).not.toMatch(/invalid|error|unrecognized/i);
    const resolver = new Resolver({ timeout: 2000, tries: 2 });
    resolver.setServers([`127.0.0.1:${port}`]);
    const found = await accepted(
      [...LISTED, ...OTHERS, "127.0.0.1", "127.0.0.2", "::ffff:7f00:2"],
      async (address) => {
        const answer = await resolver.resolve4(`${reversed(address)}.bl.example`).catch((): string[] => []);
        return answer.includes("127.0.0.2");
      },
    );
    expect(found).toEqual([...LISTED, "127.0.0.2", "::ffff:7f00:2"]);
    expect(await resolver.resolveTxt("7.2.0.192.bl.example")).toEqual([
      ["192.0.2.7 is blocked after failed logins"],
    ]);
  });
});

describeWith(["nginx", "curl"])("nginx", () => {
  test("takes the list, and refuses clients that are on it", async () => {
    const { folder } = await written("nginx", [...LIST, ban("127.0.0.7", DAY)]);
    const port = await freePort();
    const config = join(folder, "nginx.conf");
    await writeFile(
      config,
      `error_log stderr; pid ${folder}/pid; daemon off; events {}
       http { access_log off; client_body_temp_path ${folder}/t1; proxy_temp_path ${folder}/t2; fastcgi_temp_path ${folder}/t3;
         uwsgi_temp_path ${folder}/t4; scgi_temp_path ${folder}/t5; include ${folder}/list;
         server { listen 127.0.0.1:${port}; location /mail { try_files /none =404; } } }`,
    );
    expect(await run(["nginx", "-t", "-q", "-p", folder, "-c", config])).toMatchObject({ code: 0 });
    await started("nginx", ["-p", folder, "-c", config], undefined);
    const status = async (from: string) => {
      const curl = [
        "curl",
        "-s",
        "-o",
        "/dev/null",
        "-w",
        "%{http_code}",
        "--retry-connrefused",
        "--retry",
        "9",
      ];
      return (await run([...curl, "--interface", from, `http://127.0.0.1:${port}/mail`])).stdout;
    };
    expect([await status("127.0.0.8"), await status("127.0.0.7")]).toEqual(["404", "403"]);
  });
});

describeWith(["haproxy"])("HAProxy", () => {
  test.each([
    ["the list", LIST],
    [`${MANY} networks`, bans(MANY)],
    ["an empty list", []],
  ])("takes %s with -f", async (_, decisions) => {
    const { folder, file } = await written("plain", decisions);
    const config = join(folder, "haproxy.cfg");
    await writeFile(
      config,
      `defaults\n  mode tcp\n  timeout connect 5s\n  timeout client 1m\n  timeout server 1m
frontend imap\n  bind 127.0.0.1:${await freePort()}\n  tcp-request connection reject if { src -f ${file} }\n  default_backend dovecot
backend dovecot\n  server one 127.0.0.1:143\n`,
    );
    expect(await run(["haproxy", "-c", "-q", "-f", config])).toMatchObject({ code: 0 });
  });
});

describeWith(["tcpdmatch"])("libwrap", () => {
  test("denies what is listed to all daemons but sshd, and nothing else", async () => {
    const { folder, file } = await written("hosts.deny");
    // tcpdmatch -d reads hosts.allow and hosts.deny of the present folder
    await writeFile(join(folder, "hosts.allow"), "");
    await writeFile(join(folder, "inetd.conf"), "\n");
    const denied = (daemon: string) =>
      accepted([...LISTED, ...OTHERS], async (address) => {
        const script = 'cd "$1"; ln -sf "$2" hosts.deny; tcpdmatch -d -i inetd.conf "$3" "$4"';
        const { stdout } = await run(["sh", "-euc", script, "sh", folder, file, daemon, address]);
        expect(stdout).toMatch(/access: +(granted|denied)\n/);
        return /access: +denied\n/.test(stdout);
      });
    expect(await denied("dovecot")).toEqual(LISTED);
    expect(await denied("sshd")).toEqual([]);
  });
});

describe("STIX 2.1", () => {
  test("OASIS's validator finds nothing, in strict mode too", { timeout: 360_000 }, async ({ skip }) => {
    const validator = await stixValidator();
    if (validator === undefined) return skip("no validator");
    const { file } = await written("stix", LIST, "list.json");
    // 103: recommends random ids; ours are made from the network, so that an indicator is the same in each bundle
    const { code, stdout } = await run([validator, "--version", "2.1", "--strict", "--disable", "103", file]);
    expect(stdout).not.toMatch(/\[[!X]\]/);
    expect(code).toBe(0);
  });
});

/** Starts a server until the test ends; with `ready`, waits until it has said so. */
async function started(program: string, args: string[], ready: RegExp | undefined) {
  const child: ChildProcess = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
  let text = "";
  for (const stream of [child.stdout!, child.stderr!]) stream.on("data", (data) => (text += data));
  onTestFinished(async () => {
    if (child.exitCode !== null) return;
    child.kill();
    await once(child, "exit");
  });
  while (ready && !ready.test(text) && child.exitCode === null) await wait(50);
  return { said: () => text };
}

/** As DNS lists are asked: RFC 5782, 2.1 and 2.4. */
function reversed(address: string): string {
  if (family(address) === 4) return address.split(".").reverse().join(".");
  const [head = "", tail = ""] = address.split("::");
  const groups = (text: string) => (text === "" ? [] : text.split(":"));
  const zeros = 8 - groups(head).length - groups(tail).length;
  const all = [...groups(head), ...Array(address.includes("::") ? zeros : 0).fill("0"), ...groups(tail)];
  return [...all.map((group) => group.padStart(4, "0")).join("")].reverse().join(".");
}
