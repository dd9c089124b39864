import { describe, expect, test } from "vitest";
import { decideAll } from "../../functions/decide/decide.ts";
import {
  BadExceptions,
  type Exceptions,
  NO_EXCEPTIONS,
  parseExceptions,
  pauseAt,
  unbansOf,
  withoutPause,
  withoutUnban,
  withPause,
  withUnban,
} from "../../functions/decide/exceptions.ts";
import { at, context, history, hour } from "./factories.ts";

const word = { reason: "customer 4711", by: "alice", at: at("2026-11-24T08"), until: at("2026-12-24T08") };
const attack = (ip: string) =>
  history(ip, [hour("2026-11-24T02", 90, { host: "mx1" }), hour("2026-11-24T02", 9, { host: "mx2" })]);

describe("an unban", () => {
  const unbans = [{ network: "198.51.100.7", ...word }];
  const decide = (now: string) => decideAll([attack("198.51.100.7")], { ...context(now), unbans });

  test("is in force from its beginning to its end", () => {
    expect(decide("2026-11-24T07").decisions).toHaveLength(1);
    expect(decide("2026-11-24T08").decisions).toEqual([]);
    expect(decide("2026-11-24T08").of(attack("198.51.100.7"))).toMatchObject({
      action: "allow",
      rule: "unban",
      reason: "198.51.100.7 was unbanned by alice until 2026-12-24T08:00:00Z: customer 4711",
    });
    expect(decide("2026-12-24T08").of(attack("198.51.100.7"))).toMatchObject({ rule: "expired" });
  });

  test("keeps the network around it from being banned as a whole, not its neighbours", () => {
    const network = Array.from({ length: 12 }, (_, n) => attack(`198.51.100.${n + 1}`));
    const { decisions } = decideAll(network, { ...context("2026-11-24T09"), unbans });
    expect(decisions.map((decision) => decision.network)).not.toContain("198.51.100.0/24");
    expect(decisions).toHaveLength(11);
  });

  test("of a /64 is for all of its addresses", () => {
    const ipv6 = { ...context("2026-11-24T09"), unbans: [{ network: "2001:db8:1:2::/64", ...word }] };
    const { of, decisions } = decideAll([attack("2001:db8:1:2::1"), attack("2001:db8:1:2::2")], ipv6);
    expect(decisions).toEqual([]);
    expect(of(attack("2001:db8:1:2::9")).reason).toMatch(
      /^2001:db8:1:2::\/64, where 2001:db8:1:2::9 lies, was unbanned/,
    );
  });
});

describe("stored exceptions", () => {
  const stored = withPause(withUnban(NO_EXCEPTIONS, { network: "198.51.100.7", ...word }), word);

  test("read back as they were written", () => {
    expect(parseExceptions(JSON.stringify(stored))).toEqual(stored);
  });

  test("keep what has been ended, with when", () => {
    const ended = withoutUnban(withoutPause(stored, at("2026-11-25")), "198.51.100.7", at("2026-11-26"));
    expect(pauseAt(stored, at("2026-11-25"))).toEqual(word);
    expect(pauseAt(ended, at("2026-11-25"))).toBeUndefined();
    expect(unbansOf(ended, "198.51.100.7")).toEqual([
      { network: "198.51.100.7", ...word, until: at("2026-11-26") },
    ]);
  });

  test("are found by any address or network that they touch", () => {
    const wide: Exceptions = { pauses: [], unbans: [{ network: "2001:db8:1:2::/64", ...word }] };
    expect(unbansOf(wide, "2001:db8:1:2::9")).toHaveLength(1);
    expect(unbansOf(wide, "2001:db8:1::/48")).toHaveLength(1);
    expect(unbansOf(wide, "2001:db8:1:3::9")).toEqual([]);
    expect(unbansOf(wide, "32.1.13.184")).toEqual([]);
  });

  test.each([
    "",
    "{}",
    "[]",
    '{"unbans":[],"pauses":7}',
    '{"unbans":[{"network":"x"}],"pauses":[]}',
    '{"unbans":[],"pauses":[{"reason":"x"}]}',
  ])("damaged ones are refused: %s", (text) => {
    expect(() => parseExceptions(text)).toThrow(BadExceptions);
  });

  test("forget the oldest that has ended, never one in force", () => {
    const many = {
      pauses: [],
      unbans: Array.from({ length: 10_000 }, (_, n) => ({
        network: "198.51.100.7",
        ...word,
        ...(n === 3 && { until: word.at }),
      })),
    };
    const later = withUnban(many, { network: "198.51.100.8", ...word, at: word.at + 60 });
    expect(later.unbans).toHaveLength(10_000);
    expect(() => withUnban(later, { network: "198.51.100.9", ...word, at: word.at + 60 })).toThrow(
      /use ignoreip/,
    );
  });
});
