import { copyFile, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type BareFleet, createBareFleet, LOCAL, SERVER } from "./bare-fleet.ts";
import { type Output, whyNoBareRoot } from "./bare-root.ts";
import { AFTER, ATTACKER, CUSTOMER, expectUntouched, OFFICE } from "./emergency.ts";
import { type Block, blocksOf } from "./markdown.ts";

const MINUTES = 60_000;
const reason = await whyNoBareRoot();
if (reason !== undefined) {
  if (process.env.CI === "true") throw new Error(reason);
  console.log(`installing in bare Debians skipped: ${reason}`);
}

const page = async (name: string) => blocksOf(await readFile(join("docs", name), "utf8"));
const install = await page("install.md");
const emergency = await page("emergency.md");
const SUITES = ["bookworm", "trixie"] as const;

describe.skipIf(reason !== undefined)("the pages, run as they stand", () => {
  const fleets = new Map<string, BareFleet>();

  beforeAll(async () => {
    const made = await Promise.allSettled(SUITES.map((suite, number) => prepare(suite, number as 0 | 1)));
    for (const [index, one] of made.entries())
      if (one.status === "fulfilled") fleets.set(SUITES[index]!, one.value);
    for (const one of made) if (one.status === "rejected") throw one.reason;
  }, 20 * MINUTES);

  afterAll(async () => {
    for (const fleet of fleets.values()) await fleet.remove();
  }, 2 * MINUTES);

  // beside each other: each is a machine of its own
  describe.each(SUITES)("in a bare Debian %s", { concurrent: true }, (suite) => {
    let fleet: BareFleet;
    beforeAll(() => {
      fleet = fleets.get(suite)!;
    });

    test.sequential("the tarball is installed, ships, applies, and leaves nothing", {
      timeout: 5 * MINUTES,
    }, async () => {
      await run(fleet, "Any Linux: the tarball");
      await run(fleet, "Configure");
      const tried = await run(fleet, "Try, then let it run");
      expect(tried).toMatch(/^mode +observe, ipset/m);
      expect(tried).toMatch(/shipped mx1\/.*\/mail\.log\n/);
      await run(fleet, "The tarball");
      await expectNothingLeft(fleet);
    });

    test.sequential("Ansible's role does the same, a second time nothing, and removes it", {
      timeout: 5 * MINUTES,
    }, async () => {
      const [prepares, checks, applies] = blocksBelow("With Ansible");
      await runBlock(fleet, prepares!);
      expect(await runBlock(fleet, checks!)).toMatch(/changed=\d+ .*failed=0 /);
      await expectNothingLeft(fleet);
      expect(await runBlock(fleet, applies!)).toMatch(/changed=\d+ .*failed=0 /);
      expect(await runBlock(fleet, applies!)).toMatch(/changed=0 .*failed=0 /);
      await expectAsInstalled(fleet);
      await expectStrictness(fleet, applies!.text.trim());
      expect((await fleet.host.runAsRoot("fleetban-apply; fleetban-apply --status")).stdout).toContain(
        "enforce",
      );
      expect(await run(fleet, "Ansible's")).toMatch(/changed=\d+ .*failed=0 /);
      await expectNothingLeft(fleet);
      expect(await run(fleet, "Ansible's")).toMatch(/changed=0 .*failed=0 /);
    });

    test.sequential("the package is installed, and each command for an emergency does what it says", {
      timeout: 10 * MINUTES,
    }, async () => {
      await run(fleet, "Debian, Ubuntu: the package");
      await run(fleet, "Configure");
      await run(fleet, "Try, then let it run");
      await fleet.inCheckout(`${LOCAL} publish --local ${SERVER}`);
      await fleet.host.runAsRoot("fleetban-apply");
      expect(await run(fleet, "Enforce")).toMatch(/^mode +enforce[\s\S]*IPv4: 3 networks/m);
      await runEmergencies(fleet);
    });

    test.sequential("dpkg keeps on what was on, off what was off, and purges all", {
      timeout: 5 * MINUTES,
    }, async () => {
      const { host } = fleet;
      const cron = "ls /etc/cron.d/fleetban 2>/dev/null || :";
      const deb = "dpkg -i fleetban-host_*_all.deb";
      await host.runAsRoot(`/usr/lib/fleetban/install; ${deb}`);
      expect((await host.runAsRoot(cron)).stdout).not.toBe("");
      await host.runAsRoot("dpkg -r fleetban-host");
      await expectUntouched(fleet);
      expect((await host.runAsRoot(cron)).stdout).toBe("");
      await host.runAsRoot(deb);
      expect((await host.runAsRoot(cron)).stdout).not.toBe("");
      await host.runAsRoot(`rm /etc/cron.d/fleetban; ${deb}`);
      expect((await host.runAsRoot(cron)).stdout).toBe("");
      await run(fleet, "The package");
      await expectNothingLeft(fleet);
    });
  });
});

/** Runs the blocks below a heading of install.md; returns what they print. */
async function run(fleet: BareFleet, heading: string): Promise<string> {
  let printed = "";
  for (const block of blocksBelow(heading)) printed += await runBlock(fleet, block);
  return printed;
}

function blocksBelow(heading: string): Block[] {
  const blocks = install.filter((block) => block.heading === heading && block.language === "sh");
  expect(blocks.length, heading).toBeGreaterThan(0);
  return blocks;
}

/** All of them, in order. The first block defines what those for the checkout are short for. */
async function runEmergencies(fleet: BareFleet): Promise<void> {
  const [definition, ...blocks] = emergency.filter(({ language }) => language === "sh");
  const seen = new Set<string>();
  for (const block of blocks) {
    const isCheckout = block.text.startsWith("# in the checkout");
    if (!isCheckout) expect(block.text).toMatch(/^# on the host\n/);
    const text = isCheckout ? definition!.text + block.text : block.text;
    const printed = await runBlock(fleet, { ...block, text });
    for (const [piece, holds] of AFTER) {
      if (!block.text.includes(piece)) continue;
      seen.add(piece);
      await holds(fleet, printed);
    }
  }
  expect(AFTER.map(([piece]) => piece).filter((piece) => !seen.has(piece))).toEqual([]);
}

async function runBlock(fleet: BareFleet, { text }: Block): Promise<string> {
  const running = text.startsWith("# in the checkout")
    ? fleet.inCheckout(text)
    : fleet.host.runAsRoot(`\n${text}`);
  try {
    const { stdout, stderr } = await running;
    return stdout + stderr;
  } catch (error) {
    throw new Error(`${text}${(error as Partial<Output>).stdout}`, { cause: error });
  }
}

/** A mail host that has been attacked, the packages, and their dependencies, as it has no way to the mirror later on. */
async function prepare(suite: (typeof SUITES)[number], number: 0 | 1): Promise<BareFleet> {
  const fleet = await createBareFleet(suite, number);
  const root = join(fleet.host.path, "root");
  await run(fleet, "Make the packages, register the host");
  for (const file of await readdir(join(fleet.checkout, "dist")))
    if (/^fleetban-host|^mx1.conf$|^fleet.pem$/.test(file))
      await copyFile(join(fleet.checkout, "dist", file), join(root, file));
  await writeFile(join(fleet.host.path, "var/log/mail.log"), mailLog());
  await mkdir(join(fleet.host.path, "etc/ansible"));
  await writeFile(join(fleet.host.path, "etc/ansible/ansible.cfg"), LESS_WORK);
  return fleet;
}

/** Half the processes a task. */
const LESS_WORK = "[connection]\npipelining = True\n";

function mailLog(): string {
  const failure = (ip: string, second: number) =>
    `${new Date(Date.now() - 600_000 + second * 1000).toISOString()} mx1 dovecot: imap-login: Disconnected ` +
    `(auth failed, 1 attempts in 2 secs): user=<info>, method=PLAIN, rip=${ip}, lip=203.0.113.25\n`;
  const second = (n: number) => [CUSTOMER, OFFICE, ATTACKER].map((ip) => failure(ip, n)).join("");
  return Array.from({ length: 12 }, (_, n) => second(n)).join("");
}

/** Nothing of ours, but for what was brought along. */
async function expectNothingLeft(fleet: BareFleet): Promise<void> {
  const { stdout } = await fleet.host.runAsRoot(
    "find / -xdev -name '*fleetban*' -not -path '/root/*' -not -path '/var/*/apt/*' -not -path '/proc/*'",
  );
  expect(stdout).toBe("");
  await expectUntouched(fleet);
}

/** The role puts what the tarball's install puts, no less, and with the same modes. */
async function expectAsInstalled({ host }: BareFleet): Promise<void> {
  const { stdout } = await host.runAsRoot(
    "fleetban-host/install --root /tmp/installed && cd /tmp/installed && " +
      "find usr \\( -type f -o -type l \\) -exec stat -c '%a %n' {} + | sort >/tmp/installed.txt && cd / && " +
      "cut -d ' ' -f 2 /tmp/installed.txt | xargs stat -c '%a %n' | sort | diff /tmp/installed.txt - && " +
      "diff -r /tmp/installed/usr/lib/fleetban /usr/lib/fleetban && rm -r /tmp/installed*",
  );
  expect(stdout).toBe("");
}

/** A key that is not named goes; what the programs refuse does not replace what they took; a change comes in. */
async function expectStrictness({ host }: BareFleet, play: string): Promise<void> {
  await host.runAsRoot("cp fleet.pem /etc/fleetban/keys.d/old.pem");
  const refused = host.runAsRoot(`${play} -e '{"fleetban_settings":{"ports":"22"}}'`);
  await expect(refused).rejects.toThrow();
  expect(
    (await host.runAsRoot("ls /etc/fleetban/keys.d; grep -c ports /etc/fleetban/fleetban.conf || :")).stdout,
  ).toBe("fleet.pem\n0\n");
  expect((await host.runAsRoot(`${play} -e fleetban_mode=enforce`)).stdout).toMatch(/changed=1 .*failed=0 /);
}
