import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DONE } from "../host/programs.ts";
import { type BareRoot, createBareRoot, whyNoBareRoot } from "./bare-root.ts";
import { ADDRESSES, type Fleet, startFleet, until } from "./fleet.ts";
import { USERS } from "./mail-config.ts";
import { describeInNetwork } from "./network.ts";

const why = await whyNoBareRoot();
if (why && process.env.CI === "true") throw new Error(why);
if (why) console.warn(`skipped: ${why}`);

const [BAD4, BAD6] = ADDRESSES.attacker;
const [GOOD4, GOOD6] = ADDRESSES.customer;

const describeHere = why === undefined ? describeInNetwork(["unshare", "nsenter"]) : describe.skip;

describeHere("a mail host on Debian 13", () => {
  let debian: BareRoot | undefined;
  let fleet: Fleet | undefined;

  beforeAll(async () => {
    debian = await createBareRoot({ suite: "trixie", packages: ["curl", "openssl", "nftables"] });
    // no service starts in there: https://people.debian.org/~hmh/invokerc.d-policyrc.d-specification.txt
    writeFileSync(join(debian.path, "usr/sbin/policy-rc.d"), "#!/bin/sh\nexit 101\n", { mode: 0o755 });
    await debian.runAsRoot(
      "apt-get -qq install --no-install-recommends dovecot-imapd dovecot-pop3d postfix rsyslog",
    );
    fleet = await startFleet({ mx1: { base: debian.path, dovecot: "auth_verbose = yes\n" } });
  }, 600_000);
  afterAll(async () => {
    fleet?.remove();
    await debian?.remove();
  });

  test("has Dovecot 2.4, whose lines are read, and nft, which drops", async () => {
    const { on, login, reaches, fleetban } = fleet!;
    expect((await on("mx1").run(["dovecot", "--version"])).stdout).toMatch(/^2\.4\./);
    expect((await on("mx1").run(["sh", "-c", "command -v ipset iptables"])).stdout).toBe("");
    const attacks = [BAD4, BAD6].flatMap((from) =>
      ["imap", "pop3", "submission"].map((protocol) => login(from, protocol, "mx1", "bob", "a", "b")),
    );
    for (const answers of await Promise.all(attacks)) expect(answers).toBe("refused\nrefused\n");
    const customers = [GOOD4, GOOD6].flatMap((from) =>
      ["imap", "pop3", "smtps"].map((protocol) =>
        login(from, protocol, "mx1", "alice", "mistyped", USERS.alice),
      ),
    );
    for (const answers of await Promise.all(customers)) expect(answers).toBe("refused\nok\n");
    const log = () => readFileSync(on("mx1").path("/var/log/mail.log"), "utf8");
    await until("all is logged", async () =>
      [GOOD4, GOOD6].every((ip) => log().includes(`[${ip}]: SASL PLAIN`)),
    );
    expect(await on("mx1").run(["fleetban-ship", "--now"])).toEqual(DONE);
    const counted = async () => {
      const { stdout } = await fleetban("totals", "--by", "ip", "--format", "tsv");
      const rows = stdout.split("\n").map((line) => line.split("\t"));
      return Object.fromEntries(
        rows.slice(1, -1).map(([ip, attempts, , successes]) => [ip, [attempts, successes]]),
      );
    };
    // GOOD4's third login showed that the host was up. Postfix tells of logins only with a mail.
    const expected = { [BAD4]: ["6", "0"], [BAD6]: ["6", "0"], [GOOD4]: ["3", "3"], [GOOD6]: ["3", "2"] };
    await expect.poll(counted, { timeout: 60_000 }).toEqual(expected);
    expect((await fleetban("fleet", "--format", "json")).stdout).toMatch(/"unread": ?0\b/);

    expect(await fleetban("publish")).toMatchObject({ code: 0 });
    expect(await on("mx1").run(["fleetban-apply"])).toEqual(DONE);
    for (const from of [BAD4, BAD6]) expect(await reaches(from, "mx1", 110, 143, 465, 587)).toEqual([]);
    for (const from of [GOOD4, GOOD6])
      expect((await reaches(from, "mx1", 110, 143, 465, 587)).sort()).toEqual([110, 143, 465, 587]);
  });
});
