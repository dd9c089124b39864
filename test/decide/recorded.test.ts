import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { historyOf } from "../../functions/count/history.ts";
import { addEvent, createTally } from "../../functions/count/tally.ts";
import { rowsOf } from "../../functions/count/tally-rows.ts";
import { decideAll } from "../../functions/decide/decide.ts";
import { defaultPolicy } from "../../functions/decide/policy.ts";
import { eventsOf, formsOf, hasRecorded, runs } from "../parse/recorded.ts";

if (!hasRecorded) console.log("skipped: the recorded runs are not at ../shared/corpus/recorded");

const NOW = Date.parse("2026-11-24T06:00:00Z") / 1000;
const FORGED = ["192.0.2.1", "198.51.100.250", "2001:db8:dead::1"];

describe.skipIf(!hasRecorded)("of a recorded run, with the default policy", () => {
  const forms = runs.flatMap((run) =>
    formsOf(run).map((logs) => ({ run, logs, name: `${run} ${logs.join(" ")}` })),
  );

  test.each(forms)("$name: every attacker is banned, no user is", async ({ run, logs }) => {
    const banned = await bannedIn(run, logs);
    const { attackers, friends } = peopleOf(run);
    expect(attackers.length).toBeGreaterThan(5);
    expect([...friends, ...FORGED].filter((ip) => banned.has(ip))).toEqual([]);
    expect(attackers.filter((ip) => !banned.has(ip))).toEqual([]);
  });
});

/** The addresses whose network is on the list. */
async function bannedIn(run: string, logs: readonly string[]): Promise<Set<string>> {
  const { events } = await eventsOf(run, logs);
  const rows = [...Map.groupBy(events, ({ log }) => log)].flatMap(([log, own]) => {
    const tally = createTally(log.replace(/\.(?:traditional|rfc3339)$/, ""));
    for (const event of own) addEvent(tally, event);
    return [...rowsOf(tally, { ...COMMON, host: run, fingerprint: log })];
  });
  const histories = [...Map.groupBy(rows, ({ ip }) => ip)].map(([ip, own]) => historyOf(ip, own));
  const own = [...new Set(events.flatMap(({ local }) => local ?? []))];
  const verdicts = decideAll(histories, { policy: defaultPolicy, now: NOW, countryOf: () => undefined, own });
  return new Set(histories.filter((one) => verdicts.of(one).action === "ban").map(({ ip }) => ip));
}

const COMMON = { start: 0, end: 1, parser: "test", retentionDays: 100, nameUser: (user: string) => user };

/** From what the clients did, not from the logs. */
function peopleOf(run: string): { attackers: string[]; friends: string[] } {
  const path = new URL(`../../../shared/corpus/recorded/${run}/events.tsv`, import.meta.url);
  const [head, ...lines] = readFileSync(path, "utf8").trimEnd().split("\n");
  const column = (name: string) => head!.split("\t").indexOf(name);
  const rows = lines.map((line) => line.split("\t"));
  const people = Map.groupBy(rows, (row) => row[column("src_ip")]!);
  const sum = (own: string[][], name: string) =>
    own.reduce((total, row) => total + Number(row[column(name)]), 0);
  const isFriend = (own: string[][]) =>
    own.some((row) => /^(?:legit|own_host|link_local)/.test(row[column("scenario")]!));
  const addresses = [...people];
  return {
    attackers: addresses
      .filter(([, own]) => !isFriend(own) && sum(own, "failed") >= 5 && sum(own, "ok") === 0)
      .map(([ip]) => ip),
    friends: addresses.filter(([, own]) => isFriend(own)).map(([ip]) => ip),
  };
}
