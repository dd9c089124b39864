import { copyFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { type BareFleet, LOCAL, SERVER } from "./bare-fleet.ts";

/** Addresses that fail to log in: a customer, an office, and an attacker. */
export const CUSTOMER = "192.0.2.7";
export const OFFICE = "203.0.113.9";
export const ATTACKER = "192.0.2.66";

/** What must be so after a block of docs/emergency.md, which is known by a piece of it. */
export const AFTER: [piece: string, holds: (fleet: BareFleet, printed: string) => Promise<void> | void][] = [
  [`--unban ${CUSTOMER}`, (fleet) => expectBanned(fleet, [OFFICE, ATTACKER])],
  [`unban ${CUSTOMER} --reason`, (fleet) => expectListed(fleet, [ATTACKER, OFFICE])],
  ["explain", (_, printed) => expect(printed).toContain(`${CUSTOMER} is not banned`)],
  [">>/etc/fleetban/never", (fleet) => expectBanned(fleet, [ATTACKER])],
  ["lists add office", (fleet) => expectListed(fleet, [ATTACKER])],
  ["ipset test", (_, printed) => expect(printed).toContain("not banned here")],
  ["fleetban-apply --stop\n", (fleet) => expectUntouched(fleet)],
  ["fleetban-apply --start", (fleet) => expectRules(fleet, "-j DROP")],
  ["rm -f /etc/cron.d/fleetban", (fleet) => expectUntouched(fleet)],
  ["/usr/lib/fleetban/install && fleetban-apply", (fleet) => expectRules(fleet, "-j DROP")],
  ["mode = observe", (fleet) => expectRules(fleet, "--match-set fleetban4 src\n")],
  ["policy push everybody.json", (fleet) => expectListed(fleet, [])],
  ["policy push before.json", (fleet) => expectListed(fleet, [ATTACKER])],
  ["fleetban-ship --now", (_, printed) => expect(printed).not.toContain("shipped")],
  ["genpkey", (fleet) => changeSigningKey(fleet)],
  ["openssl dgst", (_, printed) => expect(printed).toMatch(/^Verified OK\n"blocklist.tsv":/)],
  ["ipset list fleetban4 |", (_, printed) => expect(printed).toBe(`${ATTACKER}\n${ATTACKER}\n`)],
];

/** Whom the host's kernel has, after a poll. */
async function expectBanned({ host }: BareFleet, addresses: string[]) {
  await host.runAsRoot("fleetban-apply");
  const { stdout } = await host.runAsRoot("ipset list fleetban4 | sed -n '/^[0-9]/s/ timeout .*//p'");
  expect(stdout.split("\n").filter(Boolean).sort()).toEqual(addresses.toSorted());
}

/** Whom the published list has, and with it the host. */
async function expectListed(fleet: BareFleet, addresses: string[]) {
  const { stdout } = await fleet.inCheckout(`${LOCAL} blocklist --format plain --local ${SERVER}`);
  expect(
    stdout
      .split("\n")
      .filter((line) => /^\d/.test(line))
      .sort(),
  ).toEqual(addresses.toSorted());
  await expectBanned(
    fleet,
    addresses.filter((address) => address !== OFFICE || !stdout.includes(CUSTOMER)),
  );
}

async function expectRules({ host }: BareFleet, text: string) {
  expect((await host.runAsRoot("iptables -t raw -S PREROUTING")).stdout).toContain(text);
}

/** No rule, no set. */
export async function expectUntouched({ host }: BareFleet) {
  const rules = ["iptables", "ip6tables"].map((iptables) => `${iptables} -t raw -S PREROUTING`);
  const { stdout } = await host.runAsRoot(`${rules.join("; ")}; ipset list -n`);
  expect(stdout).toBe("-P PREROUTING ACCEPT\n".repeat(2));
}

/** The steps below the block: hosts know the next key, the system signs with it, hosts forget the old one. */
async function changeSigningKey(fleet: BareFleet) {
  const { data, checkout, host } = fleet;
  const keys = join(host.path, "etc/fleetban/keys.d");
  await copyFile(join(checkout, "next.pem"), join(keys, "next.pem"));
  await fleet.stopServer();
  await rename(join(checkout, "next-key.pem"), join(data, "signing-key.pem"));
  await fleet.startServer();
  await fleet.inCheckout(`${LOCAL} unban ${ATTACKER} --reason test --local ${SERVER}`); // another list
  await rm(join(keys, "fleet.pem"));
  await expectListed(fleet, []);
  await fleet.inCheckout(`${LOCAL} unban ${ATTACKER} --end --local ${SERVER}`);
  await copyFile(join(keys, "next.pem"), join(keys, "fleet.pem")); // the page goes on with this name
  await expectListed(fleet, [ATTACKER]);
}
