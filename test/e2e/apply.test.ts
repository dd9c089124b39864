import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startHost, type TestHost } from "../host/factories.ts";
import { newKey, type Publisher, startPublisher } from "../host/lists.ts";
import { DONE, run } from "../host/programs.ts";
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
const ATTACKERS = [ATTACKER.ipv4, ATTACKER.ipv6];

for (const backend of ["ipset", "nft"]) {
  const programs = backend === "ipset" ? ["ipset", "iptables", "ip6tables"] : ["nft"];
  describeInNetwork([...programs, "curl", "openssl", "flock"])(`apply by ${backend}`, () => {
    let network: Network;
    let host: TestHost;
    let publisher: Publisher;
    let settings: Record<string, string>;

    beforeEach(async () => {
      network = createNetwork();
      settings = { backend, mode: "enforce" };
      host = await startHost(network.at("mail", ["sh"]), settings, OUTSIDE);
      publisher = await startPublisher(host);
      const server = network.start("mail", "node", here("greeter.ts"), "110", "2500");
      await once(server.stdout, "data");
    });
    afterEach(async () => {
      network.remove();
      await host.stop();
    });

    const reaches = async (place: Place, to: string, port = "110") => {
      const greeting = 'exec 3<>"/dev/tcp/$1/$2" && head -c 3 <&3 | grep -q OK'; // quicker than another Node
      return (
        (await run(network.at(place, ["timeout", "2", "bash", "-c", greeting, "bash", to, port]))).code === 0
      );
    };
    const reachable = () => Promise.all([reaches("attacker", MAIL.ipv4), reaches("attacker", MAIL.ipv6)]);
    /** All that the kernel holds, counters and running times apart. */
    const kernel = () =>
      network
        .exec(
          "mail",
          "sh",
          "-c",
          "ipset save; iptables -t raw -S; ip6tables -t raw -S; nft list ruleset 2>/dev/null",
        )
        .replace(/(timeout|expires|packets|bytes|initval) \w+/g, "$1");

    test("drops the listed at once, established connections too, and nobody else", async () => {
      const sessions = {
        bad: await openSession("attacker", MAIL.ipv4),
        good: await openSession("customer", MAIL.ipv6),
      };
      expect(await reachable()).toEqual([true, true]);
      await publisher.publish(ATTACKERS);
      expect(await host.apply()).toEqual(DONE);
      expect(await reachable()).toEqual([false, false]);
      expect(await sessions.good.echo("still here")).toBe(true);
      expect(await sessions.bad.echo("still here")).toBe(false);
      expect(await reaches("customer", MAIL.ipv4)).toBe(true);
      expect(await reaches("attacker", MAIL.ipv4, "2500")).toBe(true);
      await publisher.publish([]);
      expect(await host.apply()).toEqual(DONE);
      expect(await reachable()).toEqual([true, true]);
    });

    const openSession = async (place: Place, to: string) => {
      const child = network.start(place, "node", here("relay.ts"), to, "110");
      await once(child.stdout, "data");
      return {
        async echo(text: string) {
          child.stdin.write(text);
          const answer = once(child.stdout, "data").then(([data]) => String(data) === text);
          return Promise.race([
            answer,
            new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 1500)),
          ]);
        },
      };
    };

    test("only counts until told to enforce, and keeps one rule however the configuration changes", async () => {
      await host.configure({ ...settings, mode: "observe" });
      await publisher.publish(ATTACKERS);
      expect(await host.apply()).toEqual(DONE);
      expect(await reachable()).toEqual([true, true]);
      expect((await host.apply(["--status"])).stdout).toMatch(
        /IPv4: 1 networks, [1-9]\d* packets would have been dropped/,
      );
      await host.configure({ ...settings, ports: "110" });
      expect(await host.apply()).toEqual(DONE);
      expect(await reachable()).toEqual([false, false]);
      expect((await host.apply(["--status"])).stdout).toMatch(/IPv6: 1 networks, [1-9]\d* packets dropped/);
      await host.configure({ ...settings, ports: "143 993" });
      expect(await host.apply()).toEqual(DONE);
      expect(await reachable()).toEqual([true, true]);
      expect(kernel().match(/match-set fleetban4|@nets4_/g)).toHaveLength(1);
    });

    test("takes at once a list that is much longer than the one before, and one much shorter", async () => {
      for (const length of [1, 5000, 2]) {
        const networks = Array.from({ length }, (_, n) => `203.${n >> 8}.${n & 255}.9`);
        await publisher.publish([...networks, ATTACKER.ipv6]);
        expect(await host.apply(["--verbose"])).toMatchObject({
          code: 0,
          stderr: expect.stringContaining(` applied: ${length + 1} networks,`),
        });
        expect((await host.apply(["--status"])).stdout).toContain(`IPv4: ${length} networks`);
      }
    });

    test("unbans at once, offline, and for good", async () => {
      await publisher.publish(["198.51.100.0/24", ATTACKER.ipv6]);
      await host.apply();
      expect(await reachable()).toEqual([false, false]);
      await host.configure({ ...settings, endpoint: "http://127.0.0.1:9" });
      expect(await host.apply(["--unban", ATTACKER.ipv4])).toMatchObject({ code: 0 });
      expect(await host.apply(["--unban", "2001:DB8:BAD:0::66", "--for", "1d"])).toMatchObject({ code: 0 });
      expect(await reachable()).toEqual([true, true]);
      await host.configure(settings);
      await publisher.publish(["198.51.100.0/24", "203.0.113.9", ATTACKER.ipv6]);
      expect(await host.apply()).toEqual(DONE);
      expect(await reachable()).toEqual([true, true]);
      expect((await host.apply(["--status"])).stdout).toContain(`unbanned  ${ATTACKER.ipv4}\n`);
      expect(await host.apply(["--unban", "attacker"])).toMatchObject({ code: 2 });
    });

    test("stops at once, offline, and stays stopped until started", async () => {
      const before = kernel();
      await publisher.publish(ATTACKERS);
      await host.apply();
      await host.configure({ ...settings, endpoint: "http://127.0.0.1:9" });
      expect(await host.apply(["--stop"])).toMatchObject({ code: 0 });
      expect(await reachable()).toEqual([true, true]);
      await host.configure(settings);
      expect(await host.apply()).toEqual(DONE);
      expect(kernel().replace(/table ip6? raw \{[^}]*\{[^}]*\}\n\}\n/g, "")).toBe(before);
      expect(await host.apply(["--start"])).toEqual(DONE);
      expect(await reachable()).toEqual([false, false]);
    });

    test("bans again after a reboot or a flush, online and offline", async () => {
      await publisher.publish(ATTACKERS);
      const lost = () =>
        network.exec(
          "mail",
          "sh",
          "-c",
          "nft flush ruleset; iptables -t raw -F; ip6tables -t raw -F; ipset destroy || :",
        );
      await host.apply();
      lost();
      expect(await reachable()).toEqual([true, true]);
      expect(await host.apply()).toEqual(DONE);
      expect(await reachable()).toEqual([false, false]);
      lost();
      await host.configure({ ...settings, endpoint: "http://127.0.0.1:9" });
      expect(await host.apply(["--boot"])).toEqual(DONE);
      expect(await reachable()).toEqual([false, false]);
    });

    test("changes nothing in the kernel when a list is refused", async () => {
      const { serial } = await publisher.publish(ATTACKERS);
      await host.apply();
      const before = kernel();
      const refuse = async (reason: RegExp) => {
        expect(await host.apply()).toMatchObject({ code: 1, stderr: expect.stringMatching(reason) });
        expect(kernel()).toBe(before);
      };
      await publisher.publish([CUSTOMER.ipv4], { serial: serial - 1 });
      await refuse(/an older one, not applied/);
      await publisher.publish([CUSTOMER.ipv4], { serial });
      await refuse(/applied already with another content/);
      await publisher.publish([], { content: `${CUSTOMER.ipv4}; reboot\t9999999999\n` });
      await refuse(/the list is refused/);
      await publisher.publish([CUSTOMER.ipv4], { expires: 1 });
      await refuse(/expired/);
      await publisher.putManifest('{"format":"fleetban-manifest-1",\n', newKey().privateKey);
      await refuse(/no key of/);
      await host.configure({ ...settings, endpoint: "http://127.0.0.1:9" });
      await refuse(/no usable answer/);
    });

    test("lets no packet of a listed address pass while lists are swapped", async () => {
      await publisher.publish(ATTACKERS);
      await host.apply();
      const seen: string[] = [];
      const server = network.start("mail", "node", here("greeter.ts"), "143");
      server.stdout.on("data", (data) => seen.push(String(data)));
      await once(server.stdout, "data");
      const flood = network.start("attacker", "node", here("flood.ts"), MAIL.ipv4, "143");
      for (let round = 0; round < 40; round++) {
        await publisher.publish([...ATTACKERS.slice(0, 1), `203.0.113.${100 + round}`]);
        expect(await host.apply()).toEqual(DONE);
      }
      expect(flood.exitCode).toBe(null);
      expect(seen.join("")).toBe("listening on 143\n");
      expect(await host.apply(["--stop"])).toMatchObject({ code: 0 });
      await once(server.stdout, "data"); // the flood would have been seen
    }, 600_000);

    test("killed at any moment, keeps a whole list in the kernel", async () => {
      await publisher.publish(ATTACKERS);
      await host.apply();
      for (let round = 0; round < 25; round++) {
        await publisher.publish([...ATTACKERS.slice(0, 1), `203.0.113.${100 + round}`, ATTACKER.ipv6]);
        await host.apply([], { killAfter: 10 + round * 12 });
        expect(await reachable()).toEqual([false, false]);
      }
      expect(await host.apply()).toEqual(DONE);
      expect(kernel()).toContain("203.0.113.124");
      expect(kernel()).not.toContain("fleetban4-new");
      expect(kernel().match(/set \w+_\d+ \{/g) ?? []).toHaveLength(backend === "nft" ? 4 : 0);
    }, 600_000);

    if (backend === "nft") {
      test("takes away the sets of a run that was killed before any rule asked them", async () => {
        await publisher.publish(ATTACKERS);
        await host.apply();
        const before = kernel();
        const set = "inet fleetban nets4_9999999999";
        network.exec("mail", "nft", `add set ${set} { type ipv4_addr; flags interval, timeout; }`);
        network.exec("mail", "nft", `add element ${set} { 203.0.113.0/24 timeout 1h }`);
        expect((await host.apply(["--status"])).stdout).toMatch(/IPv4: 1 networks.*\n.*IPv6: 1 networks/);
        expect(await host.apply()).toEqual(DONE);
        expect(kernel()).toBe(before);
        expect(await reachable()).toEqual([false, false]);
      });
    }

    if (backend === "ipset") {
      test("leaves another program's set of that name alone", async () => {
        network.exec("mail", "ipset", "create", "fleetban4", "hash:ip", "timeout", "60");
        const before = kernel();
        await publisher.publish(ATTACKERS);
        expect(await host.apply()).toMatchObject({
          code: 1,
          stderr: expect.stringContaining("fleetban4 is there but not ours"),
        });
        expect(kernel()).toBe(before);
      });
    }

    test("changes nothing in the kernel when the disk is full", async () => {
      await publisher.publish(ATTACKERS);
      await host.apply();
      const before = kernel();
      const many = Array.from({ length: 4000 }, (_, number) => `203.0.${number >> 8}.${number & 255}`).slice(
        0,
        3900,
      );
      await publisher.publish([...many, ...ATTACKERS.slice(1)]);
      const state = join(host.dir, "full");
      await mkdir(state);
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=16k", "tmpfs", state]);
      try {
        await host.configure({ ...settings, state });
        for (const pages of [2, 6, 10, 14, 18, 22, 26, 30]) {
          execFileSync("mount", ["-o", `remount,size=${pages * 4}k`, state]);
          expect(await host.apply()).toMatchObject({ code: 1, stderr: expect.stringMatching(/./) });
          expect(kernel()).toBe(before);
        }
        execFileSync("mount", ["-o", "remount,size=8m", state]);
        expect(await host.apply()).toEqual(DONE);
        expect(await reachable()).toEqual([true, false]);
      } finally {
        execFileSync("umount", [state]);
      }
    });

    test("replaces wide networks and those that lie in them", async () => {
      await publisher.publish(["198.51.100.0/24", "198.51.100.64/26", ATTACKER.ipv4]);
      expect(await host.apply()).toEqual(DONE);
      expect(await reaches("attacker", MAIL.ipv4)).toBe(false);
      expect(await reaches("customer", MAIL.ipv4)).toBe(false);
      expect(await reaches("customer", MAIL.ipv6)).toBe(true);
    });
  });
}
