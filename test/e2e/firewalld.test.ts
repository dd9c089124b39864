import { afterAll, beforeAll, expect, test } from "vitest";
import { DONE } from "../host/programs.ts";
import { ADDRESSES, type Fleet, startFleet, until } from "./fleet.ts";
import { USERS } from "./mail-config.ts";
import { NEEDED } from "./mail-host.ts";
import { describeInNetwork } from "./network.ts";

const BAD = ADDRESSES.attacker;
const GOOD = ADDRESSES.customer;

/** What firewalld keeps its own rules with, and what fleetban keeps its with. */
const BACKENDS = ["nftables", "iptables"].flatMap((firewall) =>
  ["ipset", "nft"].map((kernel) => ({ firewall, kernel })),
);

describeInNetwork([...NEEDED, "firewalld", "firewall-cmd", "dbus-daemon"])("beside firewalld", () => {
  let fleet: Fleet | undefined;

  beforeAll(async () => {
    fleet = await startFleet({ mx1: {} });
    for (const from of BAD)
      expect(await fleet.login(from, "imap", "mx1", "bob", "a", "b", "c", "d", "e")).toBe(
        "refused\n".repeat(5),
      );
    expect(await inShell("fleetban-ship --now")).toEqual(DONE);
    await until("the attackers are listed", async () =>
      (await fleet!.fleetban("blocklist", "--format", "plain")).stdout.includes("2001:db8:bad::"),
    );
    await inShell("mkdir -p /run/dbus /run/firewalld && dbus-daemon --system --fork");
  });
  afterAll(() => fleet?.remove());

  const inShell = (line: string) => fleet!.on("mx1").run(["sh", "-euc", line]);
  const configure = (file: string, line: string) =>
    inShell(`{ cat ${file} && echo '${line}'; } >/tmp/new && cat /tmp/new >${file}`);
  const startFirewall = async () => {
    fleet!.on("mx1").start(["firewalld", "--nofork"]);
    await until("firewalld runs", async () => (await inShell("firewall-cmd --state")).code === 0);
  };
  /** As a service manager does; the pid lies in its own /run, and nobody else's is meant. */
  const stopFirewall = async () => {
    await inShell("kill $(cat /run/firewalld.pid)");
    await until("firewalld has ended", async () => (await inShell("firewall-cmd --state")).code !== 0);
  };
  const reached = async (addresses: readonly string[]) =>
    (await Promise.all(addresses.map((from) => fleet!.reaches(from, "mx1", 143)))).flat();

  test.each(BACKENDS)(
    "firewalld by $firewall, fleetban by $kernel: banned again within a poll of its reload",
    async ({ firewall, kernel }) => {
      await configure("/etc/firewalld/firewalld.conf", `FirewallBackend=${firewall}`);
      await configure("/etc/fleetban/fleetban.conf", `backend = ${kernel}`);
      await startFirewall();
      expect(
        await inShell("firewall-cmd -q --permanent --add-port=143/tcp && firewall-cmd -q --reload"),
      ).toEqual(DONE);
      expect(await inShell("fleetban-apply --start")).toEqual(DONE);
      const session = await fleet!.openSession(GOOD[0], "imap", "mx1", "alice", USERS.alice);
      expect(await reached(BAD)).toEqual([]);

      for (const disturb of [reload, restart]) {
        await disturb();
        expect(await inShell("fleetban-apply")).toEqual(DONE);
        expect(await reached(BAD)).toEqual([]);
        expect(await reached(GOOD)).toEqual([143, 143]);
      }
      expect(await session.noop()).toBe("alive");
      expect(await inShell("fleetban-apply --stop")).toMatchObject({ code: 0 });
      expect(await reached(BAD)).toEqual([143, 143, 143]);
      await stopFirewall();
    },
  );

  const reload = () => inShell("firewall-cmd -q --reload");
  const restart = async () => {
    await stopFirewall();
    await startFirewall();
  };
});
