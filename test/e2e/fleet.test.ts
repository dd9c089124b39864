import { afterAll, beforeAll, expect, test } from "vitest";
import { ADDRESSES, type Fleet, type Mx, startFleet, until } from "./fleet.ts";
import { USERS } from "./mail-config.ts";
import { NEEDED } from "./mail-host.ts";
import { describeInNetwork } from "./network.ts";

const HOSTS = ["mx1", "mx2", "mx3"] as const;
/** What is closed of the ports that are served here. On 25 other servers bring mail: that stays open. */
const LOGIN_PORTS = [110, 143, 465, 587];
const [BAD4, BAD6, NEIGHBOUR6] = ADDRESSES.attacker;
const BAD = [BAD4, BAD6, NEIGHBOUR6];
const DAY = 86_400;
const [GOOD4, GOOD6] = ADDRESSES.customer;

/** Who tries two passwords where, how: of nobody does any host see as many as maxretry, 5. */
const ATTACKS = {
  mx1: [
    [BAD4, "imap"],
    [BAD6, "smtps"],
  ],
  mx2: [
    [BAD4, "pop3"],
    [NEIGHBOUR6, "imap"],
  ],
  mx3: [
    [BAD4, "submission"],
    [BAD6, "pop3"],
  ],
} as const;

describeInNetwork(NEEDED)("a fleet of three mail hosts", () => {
  let fleet: Fleet;
  let timers: Record<Mx, { said(): string }>;

  beforeAll(async () => {
    fleet = await startFleet({
      mx1: { settings: ["backend = ipset"] },
      mx2: { settings: ["backend = nft"], dovecot: "auth_verbose = yes\n" }, // tells each attempt twice
      mx3: {},
    });
  });
  afterAll(() => fleet?.remove());

  const everywhere = async <T>(ask: (mx: Mx) => Promise<T>): Promise<T[]> =>
    await Promise.all(HOSTS.map(ask));
  /** The hosts where new connections come about. */
  const reached = async (from: string) =>
    (await everywhere(async (mx) => ((await fleet.reaches(from, mx, 143)).length > 0 ? mx : ""))).filter(
      Boolean,
    );
  const untilReached = (from: string, hosts: readonly Mx[]) =>
    until(`${from} reaches ${hosts.length} hosts`, async () => (await reached(from)).length === hosts.length);
  const status = async (mx: Mx) => (await fleet.on(mx).run(["fleetban-apply", "--status"])).stdout;

  test("bans on all hosts who has tried a little on each, by their packets, and nobody else", async () => {
    const sessions = await Promise.all([
      fleet.openSession(GOOD4, "imap", "mx1", "alice", USERS.alice),
      fleet.openSession(GOOD6, "pop3", "mx2", "alice", USERS.alice),
      fleet.openSession(GOOD4, "smtps", "mx3", "alice", USERS.alice),
    ]);
    await everywhere(async (mx) => {
      const mistyped = fleet.login(GOOD4, "imap", mx, "alice", "mistyped", "again");
      const attacks = ATTACKS[mx].map(([from, protocol]) => fleet.login(from, protocol, mx, "bob", "a", "b"));
      for (const answer of await Promise.all([mistyped, ...attacks]))
        expect(answer).toBe("refused\nrefused\n");
    });
    timers = Object.fromEntries(HOSTS.map((mx) => [mx, fleet.startTimers(mx)])) as typeof timers;
    for (const from of BAD) await untilReached(from, []);

    expect(await attempts()).toEqual(
      HOSTS.flatMap((mx) =>
        [GOOD4, ...ATTACKS[mx].map(([from]) => from)].map((ip) => `${ip} ${mx} 2`),
      ).sort(),
    );
    await everywhere(async (mx) => {
      for (const from of BAD) expect(await fleet.reaches(from, mx, 25, ...LOGIN_PORTS)).toEqual([25]);
      expect(await fleet.login(BAD4, "smtps", mx, "bob", USERS.bob)).toBe("no answer\n");
      expect(await status(mx)).toMatch(
        /IPv4: 1 networks, [1-9]\d* packets dropped\n.*IPv6: 1 networks, [1-9]\d* packets/,
      );
    });
    for (const session of sessions) expect(await session.noop()).toBe("alive");
    await everywhere(async (mx) => {
      for (const [from, protocol] of [
        [GOOD4, "pop3"],
        [GOOD6, "imap"],
        [GOOD6, "submission"],
        [GOOD4, "smtps"],
      ] as const)
        expect(await fleet.login(from, protocol, mx, "alice", USERS.alice)).toBe("ok\n");
    });
  });

  /** "ADDRESS HOST ATTEMPTS" of all that failed. */
  const attempts = async () => {
    const { stdout } = await fleet.fleetban("totals", "--by", "ip,host", "--format", "tsv");
    const rows = stdout
      .trimEnd()
      .split("\n")
      .slice(1)
      .map((line) => line.split("\t"));
    return rows
      .filter((row) => row[2] !== "0")
      .map(([ip, host, tries]) => `${ip} ${host} ${tries}`)
      .sort();
  };

  test("an unban lets packets pass everywhere with the next poll, and its end stops them again", async () => {
    expect(await fleet.fleetban("unban", BAD4, "--reason", "a test")).toMatchObject({ code: 0 });
    await untilReached(BAD4, HOSTS);
    expect(await reached(BAD6)).toEqual([]);
    expect(await fleet.fleetban("unban", BAD4, "--end")).toMatchObject({ code: 0 });
    await untilReached(BAD4, []);
  });

  test("an unban on a host lets packets pass there at once, while the fleet's server cannot be reached", async () => {
    const server = fleet.cutOff();
    expect(await fleet.on("mx1").run(["fleetban-apply", "--unban", BAD4])).toMatchObject({ code: 0 });
    expect(await reached(BAD4)).toEqual(["mx1"]);
    server.connect();
  });

  test("a ban ends by itself: in the kernel, without any word of the server, and on the list", async () => {
    const before = serialIn(await status("mx1"));
    const { stdout } = await fleet.fleetban("blocklist", "--format", "tsv");
    const ends = stdout.split("\n").map((line) => Number(line.split("\t")[1] ?? 0));
    const hourEnd = Math.max(...ends) - 7 * DAY;
    const bantime = Math.floor(Date.now() / 1000) + 20 - hourEnd;
    const policy = { bantime: `${bantime}s`, bantimeIncrement: { factor: 1 } };
    expect(await fleet.pushPolicy(policy)).toMatchObject({ code: 0 });
    await until("all hosts have the list of that policy", async () =>
      (await everywhere(status)).every((text) => serialIn(text) > before),
    );
    const server = fleet.cutOff();
    expect(await reached(BAD6)).toEqual([]);
    for (const from of BAD) await untilReached(from, HOSTS);
    server.connect();
    await until("the list is empty", async () =>
      (await everywhere(status)).every((text) => /serial \d+.* 0 networks\n/.test(text)),
    );
    for (const from of BAD) expect(await reached(from)).toEqual(HOSTS);
    expect(await fleet.login(BAD4, "imap", "mx3", "bob", USERS.bob)).toBe("ok\n");
  });

  const serialIn = (text: string) => Number(/serial (\d+)/.exec(text)?.[1]);

  test("no host has had anything to complain of but the server that could not be reached", () => {
    for (const mx of HOSTS)
      expect(timers[mx].said().replace(/^fleetban-(ship|apply): .*no usable answer.*\n/gm, "")).toBe("");
  });
});
