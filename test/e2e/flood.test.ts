import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { DONE, HOST, run } from "../host/programs.ts";
import { ATTACKER, createNetwork, describeInNetwork, MAIL, type Network } from "./network.ts";

const here = (file: string) => new URL(file, import.meta.url).pathname;
const SWAPS = 200;

/**
 * Two lists that take turns. Each holds the attackers: one as single addresses, the other in networks, so that nft finds them in
 * another set each time.
 */
const LISTS = {
  addresses: ["4 198.51.100.66", "4 203.0.113.99", "6 2001:db8:bad::66"],
  networks: ["4 198.51.100.64/30", "4 203.0.113.98", "6 2001:db8:bad::/64"],
};

/** Counts at port 143, before any other hook sees a packet and behind the rules of raw. */
const WITNESS = `table inet witness {
  counter arrived4 {}
  counter arrived6 {}
  counter passed4 {}
  counter passed6 {}
  chain before {
    type filter hook prerouting priority -500
    tcp dport 143 ip saddr ${ATTACKER.ipv4} counter name arrived4
    tcp dport 143 ip6 saddr ${ATTACKER.ipv6} counter name arrived6
  }
  chain behind {
    type filter hook prerouting priority -250
    tcp dport 143 ip saddr ${ATTACKER.ipv4} counter name passed4
    tcp dport 143 ip6 saddr ${ATTACKER.ipv6} counter name passed6
  }
}
`;

for (const kernel of ["ipset", "nft"]) {
  const programs = kernel === "ipset" ? ["ipset", "iptables", "ip6tables"] : [];
  describeInNetwork([...programs, "nft"])(`under a flood, ${kernel}`, () => {
    let network: Network;
    let dir: string;

    beforeEach(async () => {
      dir = mkdtempSync(join(tmpdir(), "fleetban-flood-"));
      network = createNetwork();
      const server = network.start("mail", "node", here("greeter.ts"), "143");
      await once(server.stdout, "data");
      writeFileSync(join(dir, "witness.nft"), WITNESS);
      for (const [name, networks] of Object.entries(LISTS))
        writeFileSync(join(dir, name), networks.map((network) => `${network} 3600\n`).join(""));
    });
    afterEach(() => {
      network?.remove();
      rmSync(dir, { recursive: true });
    });

    test(`lets no packet of a listed address pass during ${SWAPS} swaps`, async () => {
      expect(await swap(2)).toEqual(DONE);
      network.exec("mail", "nft", "-f", join(dir, "witness.nft"));
      const floods = [MAIL.ipv4, MAIL.ipv6].map((address) =>
        network.start("attacker", "node", here("flood.ts"), address, "143"),
      );
      await expect.poll(witnessed, { timeout: 30_000 }).toMatchObject({ arrived4: ANY, arrived6: ANY });
      const before = witnessed();
      expect(await swap(SWAPS)).toEqual(DONE);
      const { arrived4 = 0, arrived6 = 0, ...passed } = witnessed();
      console.log(`${kernel}: during ${SWAPS} swaps ${arrived4} IPv4 and ${arrived6} IPv6 packets arrived`);
      expect(arrived4 - before.arrived4!).toBeGreaterThan(SWAPS);
      expect(arrived6 - before.arrived6!).toBeGreaterThan(SWAPS);
      expect(passed).toEqual({ passed4: 0, passed6: 0 });
      for (const flood of floods) expect(flood.exitCode).toBe(null);
      // and were it not for the rules, they would have passed
      network.exec(
        "mail",
        "sh",
        "-c",
        "ipset flush 2>/dev/null; nft delete table inet fleetban 2>/dev/null; :",
      );
      await expect.poll(witnessed, { timeout: 30_000 }).toMatchObject({ passed4: ANY, passed6: ANY });
    });

    const swap = (count: number) => {
      const [first, second] = Object.keys(LISTS).map((name) => join(dir, name));
      return run(
        network.at("mail", ["sh", here("swaps.sh"), join(HOST, "lib"), kernel, `${count}`, first!, second!]),
      );
    };
    /** Packets by the names of WITNESS. */
    const witnessed = (): Record<string, number> => {
      const listed = network.exec("mail", "nft", "list", "counters", "table", "inet", "witness");
      const counters = listed.matchAll(/counter (\w+) \{\s*packets (\d+)/g);
      return Object.fromEntries([...counters].map(([, name, packets]) => [name, Number(packets)]));
    };
  });
}

const ANY = expect.toSatisfy((packets: number) => packets > 0);
