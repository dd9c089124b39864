import { describe, expect, test } from "vitest";
import { withPause, withUnban } from "../../functions/decide/exceptions.ts";
import { changeExceptions } from "../../functions/decide/stored.ts";
import { createIngest } from "../../functions/ingest.ts";
import { publishedList } from "../../functions/list/published.ts";
import { createPublish } from "../../functions/publish.ts";
import { createQuery } from "../../functions/query.ts";
import { storedAlerts } from "../../functions/report/standing.ts";
import { sqsEvent, startSystem } from "../handlers.ts";

const NOW = Date.parse("2026-11-24T12:00:00Z") / 1000;
const SERVER = "203.0.113.5";

function line(minute: number, what: string, ip: string, user: string): string {
  const time = `2026-11-24T09:${String(minute).padStart(2, "0")}:00Z`;
  return `${time} mx1 dovecot: imap-login: ${what}: user=<${user}>, method=PLAIN, rip=${ip}, lip=${SERVER}, TLS\n`;
}

const failed = (ip: string, count: number, user = "root") =>
  Array.from({ length: count }, (_, n) =>
    line(n, "Disconnected (auth failed, 1 attempts in 2 secs)", ip, user),
  ).join("");

const LOG = [
  failed("198.51.100.7", 9),
  failed("198.51.100.8", 2),
  failed(SERVER, 30),
  failed("2001:db8:1:2::1", 3),
  failed("2001:db8:1:2::2", 3),
  failed("198.51.100.9", 4) + failed("198.51.100.9", 4, "admin") + line(59, "Login", "198.51.100.9", "carol"),
].join("");

async function system() {
  const { deployment, store, put } = await startSystem();
  await put("mx1/maillog", LOG);
  await createIngest(deployment)(sqsEvent(["mx1/maillog"]));
  return { store, publish: createPublish(deployment), query: createQuery(deployment) };
}

describe("explain", { timeout: 60_000 }, () => {
  test("agrees with the list on every address, the fleet's own among them", async () => {
    const { store, publish, query } = await system();
    await publish({ now: NOW });
    const listed = (await publishedList(store.lists))?.entries.map(({ network }) => network);
    expect(listed).toEqual(["198.51.100.7", "198.51.100.9", "2001:db8:1:2::/64"]);
    const told = async (ip: string) => (await query.explain({ ip, now: NOW })).decision;
    expect(await told("198.51.100.7")).toMatchObject({ action: "ban", rule: "maxretry" });
    expect(await told("198.51.100.8")).toMatchObject({ action: "watch", rule: "below" });
    expect(await told(SERVER)).toMatchObject({ action: "allow", rule: "own" });
    expect(await told("198.51.100.99")).toMatchObject({ action: "allow", rule: "clean" });
  });

  test("tells of a /64 whatever address of it is asked for, with the objects of all", async () => {
    const { publish, query } = await system();
    await publish({ now: NOW });
    const { decision, listed, counts, objects } = await query.explain({
      ip: "2001:db8:1:2:ffff::9",
      now: NOW,
    });
    expect(decision).toMatchObject({ action: "ban", network: "2001:db8:1:2::/64", attempts: 6 });
    expect(listed).toEqual({ network: "2001:db8:1:2::/64", until: decision.until });
    expect(counts).toMatchObject([{ day: "2026-11-24", host: "mx1", attempts: 6 }]);
    expect(objects).toMatchObject([{ key: "mx1/maillog", start: 0 }]);
  });

  test("shows alerts, which publish keeps and tells once", async () => {
    const { store, publish, query } = await system();
    expect((await publish({ now: NOW })).fresh).toMatchObject([{ kind: "guessed", ip: "198.51.100.9" }]);
    expect((await publish({ now: NOW })).fresh).toEqual([]);
    expect(await storedAlerts(store.lists)).toHaveLength(1);
    expect((await query.explain({ ip: "198.51.100.9", now: NOW })).alerts).toMatchObject([
      { kind: "guessed", hosts: ["mx1"] },
    ]);
  });

  test("says that a pause keeps an address off, and an unban one that is on", async () => {
    const { store, publish, query } = await system();
    const word = { reason: "test", by: "alice", at: NOW - 60, until: NOW + 3600 };
    await changeExceptions(store.lists, (before) => withPause(before, word));
    expect((await publish({ now: NOW })).manifest.networks).toBe(0);
    const paused = await query.explain({ ip: "198.51.100.7", now: NOW });
    expect(paused.sentence).toMatch(
      /^198\.51\.100\.7 is banned until .* It is not on the list that is out: publishing is paused\.$/,
    );
    await publish({ now: NOW + 7200 });
    await changeExceptions(store.lists, (before) =>
      withUnban(before, { network: "198.51.100.7", ...word, until: NOW + 9000 }),
    );
    const unbanned = await query.explain({ ip: "198.51.100.7", now: NOW + 7200 });
    expect(unbanned.sentence).toMatch(
      /is not banned: we have taken it off by hand\. It is still on the list that is out/,
    );
    expect((await publish({ now: NOW + 7200 })).manifest.networks).toBe(2);
  });
});
