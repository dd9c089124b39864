import { describe, expect, test } from "vitest";
import { decideAll } from "../../functions/decide/decide.ts";
import { defaultPolicy } from "../../functions/decide/policy.ts";
import { type Month, type MonthSettings, ordinaryMonth, simulateMonth } from "./month.ts";

/** The whole wave in one month; the others vary what it hides. */
const months: [string, Partial<MonthSettings>][] = [
  ["with a wave of 50,000", {}],
  ["of slow ones with a user each", { seed: 2, wave: 2000, early: 400, slowAt: "own user" }],
  [
    "of three hosts, at one user, twice a day",
    { seed: 3, wave: 2000, early: 400, hosts: 3, slowAt: "one user", slowPerDay: 2 },
  ],
  ["of slow ones in a few networks", { seed: 4, wave: 2000, early: 400, hosts: 25, slowAt: "neighbours" }],
  [
    "of small carriers and many phones",
    { seed: 5, wave: 1000, early: 400, phones: 300, carriers: 40, sharedBy: 8, officeUsers: 90 },
  ],
];

/** Ends of days, and the moments in between when somebody may be caught mistyping. */
const DAYS = [5, 10.4, 14, 20.6, 26, 27.3, 30];

describe.each(months)("a simulated month %s, with the default policy", (_, changes) => {
  test("every attacker is banned, nobody else", { timeout: 240_000 }, () => {
    const month = simulateMonth({ ...ordinaryMonth, ...changes });
    const { banned, guessed } = decidedIn(month);
    const missed = [...month.attackers].filter((ip) => !banned.has(ip));
    expect([...month.customers].filter((ip) => banned.has(ip))).toEqual([]);
    expect([...month.victims].filter((ip) => banned.has(ip))).toEqual([]);
    expect(missed.length / month.attackers.size).toBeLessThanOrEqual(0.05);
    expect(banned.has(month.guesser)).toBe(true);
    expect(guessed.get(month.guesser)).toEqual([month.guessed]);
    expect([...month.customers].filter((ip) => guessed.has(ip))).toEqual([]);
  });
});

/** Whoever was banned at any of the moments, and users whose passwords were told to be guessed. */
function decidedIn({ start, histories }: Month) {
  const banned = new Set<string>();
  const guessed = new Map<string, string[]>();
  for (const day of DAYS) {
    const now = start + day * 86_400;
    const verdicts = decideAll(histories, { policy: defaultPolicy, now, countryOf: () => undefined });
    for (const one of histories) if (verdicts.of(one).action === "ban") banned.add(one.ip);
    for (const { kind, ip, users } of verdicts.alerts) if (kind === "guessed") guessed.set(ip, users);
  }
  return { banned, guessed };
}
