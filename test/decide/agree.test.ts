import fc from "fast-check";
import { expect, test } from "vitest";
import type { AddressHistory, HourCount } from "../../functions/count/counter.ts";
import { decideAll } from "../../functions/decide/decide.ts";
import { contains, parseNetwork } from "../../functions/decide/network.ts";
import { blocklist } from "../../functions/list/blocklist.ts";
import { at, context, history, hour, users } from "./factories.ts";

const START = at("2026-11-18");
const DAY = 86_400;

/** Few networks, users and hosts, so that rules over several addresses come to speak. */
const address = fc.oneof(
  fc.tuple(fc.nat(1), fc.nat(11)).map(([net, n]) => `198.51.${100 + net}.${n}`),
  fc.tuple(fc.nat(9), fc.nat(2)).map(([net, n]) => `2a02:1:2:${net + 1}::${n + 1}`),
);
const counted = fc
  .record({
    n: fc.nat(150),
    attempts: fc.nat(9),
    host: fc.constantFrom("liar", "liar", "mx1", "mx2", "mx3", "mx4", "mx5", "mx6"),
    successes: fc.constantFrom(0, 0, 0, 0, 0, 2),
  })
  .map(({ n, ...counts }) => hour(START + n * 3600, counts.attempts, counts));
const one = fc
  .tuple(
    address,
    fc.array(counted, { minLength: 1, maxLength: 8 }),
    fc.constantFrom("a", "b", "c"),
    fc.constantFrom("a", "d"),
  )
  .map(
    ([ip, hours, tried, known]) => [ip, /[67]$/.test(ip) ? hours.map(alone) : hours, tried, known] as const,
  )
  .map(([ip, hours, tried, known]) =>
    historyOf(ip, ip.startsWith("198.51.100.") ? hours.map(withoutLogin) : hours, tried, known),
  );
const fleet = fc.uniqueArray(one, { selector: ({ ip }) => ip, minLength: 5, maxLength: 40 });

const policy = {
  escalate: { ipv4: 24, addresses: 4 },
  spray: { findtime: 7 * DAY, addresses: 4, neighbours: 4, hours: 2, maxretry: 8 },
  guard: { maxEntries: 1000, maxShrink: 1, maxGrowth: 100, from: 1 },
};
const unbans = [{ network: "198.51.101.3", reason: "", by: "", at: START, until: START + 30 * DAY }];

test("what an address is told agrees with the list, on every address and whatever the rule", () => {
  const rules = new Set<string>();
  fc.assert(
    fc.property(fleet, (all) => {
      const now = { ...context("2026-11-25", { ...policy, ignoreip: ["198.51.101.5"] }), unbans };
      const { decisions, of } = decideAll(all, now);
      const list = blocklist(decisions, now.now);
      for (const known of all) {
        const range = parseNetwork(known.ip);
        const decision = of(known);
        rules.add(decision.rule);
        const entries = list.filter((entry) => contains(entry.range, range));
        expect(entries.length > 0, `${known.ip}: ${decision.rule}`).toBe(decision.action === "ban");
        if (decision.action === "ban") expect(entries.map(({ until }) => until)).toContain(decision.until);
      }
    }),
    { numRuns: 300, seed: 11 },
  );
  // otherwise the property says little
  expect([...rules]).toEqual(
    expect.arrayContaining(["maxretry", "spray", "escalate", "maxHostShare", "unban", "ignoreip"]),
  );
});

test("whoever asks for actions only is told the same ones, and alerted with the same words", () => {
  const told = new Set<string>();
  fc.assert(
    fc.property(fleet, fc.constantFrom<string[]>([], ["DE"]), fc.boolean(), (all, home, isKnown) => {
      const shared = { networks: ["198.51.101.8/30"], starter: [], users: 2, maxretry: 20, bantime: 3600 };
      const unknownCountry = isKnown ? "ban" : "report";
      const countryOf = (ip: string) => (ip.endsWith("3") ? "DE" : isKnown ? "US" : undefined);
      const now = {
        ...context("2026-11-25", { ...policy, home, unknownCountry, shared }),
        unbans,
        countryOf,
      };
      const [whole, bare] = [decideAll(all, now), decideAll(all, { ...now, actionsOnly: true })];
      expect(all.map(bare.actionOf)).toEqual(all.map((known) => whole.of(known).action));
      expect(bare.alerts).toEqual(whole.alerts);
      for (const known of all) told.add(whole.of(known).action);
      for (const { kind } of whole.alerts) told.add(kind);
    }),
    { numRuns: 300, seed: 12 },
  );
  // otherwise the property says little
  expect([...told]).toEqual(expect.arrayContaining(["ban", "report", "allow", "watch", "shared", "guessed"]));
});

/** Only one host tells of some. */
function alone(counts: HourCount): HourCount {
  return { ...counts, host: "liar", attempts: counts.attempts + 9, successes: 0 };
}

/** Nobody logs in from one of the networks: otherwise none would ever be banned as a whole. */
function withoutLogin(counts: HourCount): HourCount {
  return { ...counts, successes: 0 };
}

function historyOf(ip: string, hours: HourCount[], tried: string, known: string): AddressHistory {
  const sorted = hours.toSorted((a, b) => a.hour - b.hour || (a.host < b.host ? -1 : 1));
  const days = Map.groupBy(sorted, (counts) => Math.floor(counts.hour / DAY) * DAY);
  const sum = (own: HourCount[], of: "attempts" | "successes") =>
    own.reduce((all, counts) => all + counts[of], 0);
  return history(ip, sorted, {
    userDays: [...days].map(([day, own]) => {
      const succeeded = sum(own, "successes");
      const iso = new Date(day * 1000).toISOString().slice(0, 10);
      return users(iso, { [tried]: sum(own, "attempts") }, succeeded > 0 ? { [known]: succeeded } : {});
    }),
  });
}
