import { describe, expect, test } from "vitest";
import { decideAll } from "../../functions/decide/decide.ts";
import {
  BadOutsideList,
  type OutsideList,
  parseNetworks,
  parseOutsideList,
} from "../../functions/decide/outside-list.ts";
import { at, context, history, hour } from "./factories.ts";

const list = (action: "allow" | "block", ...networks: string[]): OutsideList => ({
  name: "drop",
  action,
  source: "drop.txt",
  networks,
  added: at("2026-11-20"),
  expires: at("2026-11-26"),
});
const tried = (ip: string, attempts = 1) => history(ip, [hour("2026-11-24T02", attempts)]);
const now = context("2026-11-24T10");

describe("a block list", () => {
  const lists = [list("block", "9.1.0.0/16", "9.2.0.0/24", "9.2.1.7", "2a02:1:2:3::/64", "10.0.0.0/24")];
  const decide = (...all: ReturnType<typeof tried>[]) => decideAll(all, { ...now, lists });

  test("bans its narrow networks unseen, until it ends, never private ones", () => {
    const { decisions } = decide();
    expect(decisions.map(({ network }) => network).sort()).toEqual([
      "2a02:1:2:3::/64",
      "9.2.0.0/24",
      "9.2.1.7",
    ]);
    expect(decisions[0]).toMatchObject({ rule: "blocklist", until: at("2026-11-26"), attempts: 0 });
    expect(decideAll([], { ...context("2026-11-26"), lists }).decisions).toEqual([]);
    expect(decideAll([], { ...context("2026-11-19"), lists }).decisions).toEqual([]);
  });

  test("bans each network as the list says that it stands on, though another list has a wider one", () => {
    const wide = { ...list("block", "9.2.0.0/24"), name: "wide", expires: at("2026-11-25") };
    const narrow = list("block", "9.2.0.7");
    const { decisions } = decideAll([], { ...now, lists: [wide, narrow] });
    expect(decisions.find(({ network }) => network === "9.2.0.7")).toMatchObject({
      until: at("2026-11-26"),
      reason: expect.stringContaining("on the list drop"),
    });
  });

  test("bans addresses of its wide networks with their first attempt", () => {
    const { of } = decide(tried("9.1.7.7"), tried("9.3.7.7"));
    expect(of(tried("9.1.7.7"))).toMatchObject({
      action: "ban",
      network: "9.1.7.7",
      reason: "1 failed login, and 9.1.0.0/16 is on the list drop; banned until 2026-11-26T00:00:00Z",
    });
    expect(of(tried("9.3.7.7"))).toMatchObject({ action: "watch" });
  });

  test("does not shorten what an address earns itself", () => {
    expect(decide(tried("9.1.7.7", 9)).of(tried("9.1.7.7", 9))).toMatchObject({
      rule: "maxretry",
      until: at("2026-12-01T03"),
    });
  });

  test("bans nobody who logs in, and no network around", () => {
    const user = history("9.2.0.9", [hour("2026-11-24T02", 1, { successes: 1 })]);
    const { decisions, of } = decide(user, tried("9.2.0.8"));
    expect(of(user)).toMatchObject({ action: "watch" });
    expect(decisions.map(({ network }) => network)).not.toContain("9.2.0.0/24");
    expect(of(tried("9.2.0.8"))).toMatchObject({ action: "ban", network: "9.2.0.8" });
  });

  test.each([
    ["ignoreip", { ignoreip: ["9.1.7.0/24", "9.2.0.3"] }],
    ["shared", { shared: { ...now.policy.shared, networks: ["9.1.0.0/16", "9.2.0.0/24"] } }],
  ])("gives way to %s", (_, changes) => {
    const { of, decisions } = decideAll([tried("9.1.7.7")], { ...context("2026-11-24T10", changes), lists });
    expect(of(tried("9.1.7.7")).action).not.toBe("ban");
    expect(decisions.map(({ network }) => network)).not.toContain("9.2.0.0/24");
  });
});

test("an allow list allows while it lasts", () => {
  const lists = [list("allow", "9.1.0.0/16"), list("block", "9.1.7.7")];
  const { of, decisions } = decideAll([tried("9.1.7.7", 90)], { ...now, lists });
  expect(decisions).toEqual([]);
  expect(of(tried("9.1.7.7", 90))).toMatchObject({
    action: "allow",
    rule: "allowlist",
    reason: "9.1.7.7 is on the list drop until 2026-11-26T00:00:00Z",
  });
  expect(decideAll([tried("9.1.7.7", 90)], { ...context("2026-11-26"), lists }).decisions).toHaveLength(1);
});

describe("a list's text", () => {
  test("is plain, or as Spamhaus writes it", () => {
    const text =
      '; Spamhaus DROP\n9.1.0.0/16 ; SBL1\n\n# ours\n9.2.1.7\r\n{"cidr":"9.3.0.0/20","sblid":"SBL2"}\n{"type":"metadata","records":1}\n9.2.1.7\n';
    expect(parseNetworks(text)).toEqual(["9.1.0.0/16", "9.2.1.7", "9.3.0.0/20"]);
  });

  test.each(["0.0.0.0/0", "128.0.0.0/1", "9.1.0.1/16", "example.org", "010.0.0.1", "{"])(
    "%s is refused with its line",
    (line) => {
      expect(() => parseNetworks(`9.2.1.7\n${line}`)).toThrow(/^line 2: /);
    },
  );

  test("that is stored reads back, or is refused", () => {
    const stored = list("block", "9.1.0.0/16");
    expect(parseOutsideList(JSON.stringify(stored))).toEqual(stored);
    expect(() => parseOutsideList(JSON.stringify({ ...stored, expires: "never" }))).toThrow(BadOutsideList);
  });
});
