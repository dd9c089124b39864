import { describe, expect, test } from "vitest";
import type { AddressHistory } from "../../functions/count/counter.ts";
import { decideAll } from "../../functions/decide/decide.ts";
import type { OutsideList } from "../../functions/decide/outside-list.ts";
import { defaultPolicy } from "../../functions/decide/policy.ts";
import { at, context, history, hour, users } from "./factories.ts";

const NOW = "2026-11-24T10";
const site = "2001:db8:1:2::/64".replace("db8", "678"); // the documentation's own range is never banned
const inSite = (end: string) => site.replace("/64", end);

describe("a /64 of which one address is named somewhere is looked at as a whole, whoever else tried from it", () => {
  const tried = history(inSite("9"), [hour("2026-11-24T09", 40)]);
  const neighbour = history(inSite("1"), [hour("2026-11-24T09", 1)]);

  test("as shared", () => {
    const shared = { ...defaultPolicy.shared, networks: [inSite("9")] };
    for (const all of [[tried], [neighbour, tried]]) {
      const verdicts = decideAll(all, context(NOW, { shared }));
      expect(verdicts.decisions).toEqual([]);
      expect(verdicts.of(tried)).toMatchObject({ action: "allow", rule: "shared" });
    }
  });

  test("as listed", () => {
    const times = { added: at("2026-11-24"), expires: at("2027-01-01") };
    const block: OutsideList = {
      ...times,
      name: "known",
      action: "block",
      source: "known.txt",
      networks: [inSite("9")],
    };
    for (const all of [[tried], [neighbour, tried]]) {
      const bans = decideAll(all, { ...context(NOW), lists: [block] }).decisions.filter(
        ({ network }) => network === site,
      );
      expect(bans).toMatchObject([{ action: "ban", rule: "blocklist", until: at("2027-01-01") }]);
    }
  });
});

test("a liar's word weighs as little if it is put on a neighbour in the customer's /64", () => {
  const days = ["18", "19", "20", "21", "22", "23"].map((day) => `2026-11-${day}`);
  const own = days.map((day) => hour(`${day}T08`, 8, { host: "good", successes: 1 }));
  const alice = history(inSite("a"), own, {
    userDays: days.map((day) => users(day, { alice: 8 }, { alice: 1 })),
  });
  const lies = Object.fromEntries(Array.from({ length: 16 }, (_, n) => [`user${n}`, 20]));
  const lie = history(inSite("b"), [hour("2026-11-23T09", 320, { host: "evil" })], {
    userDays: [users("2026-11-23", lies)],
  });
  const verdicts = decideAll([alice, lie], context(NOW));
  expect(verdicts.of(alice)).toMatchObject({ action: "allow", rule: "otherHost" });
  expect(verdicts.decisions).toEqual([]);
});

describe("spraying", () => {
  const sprayer = (n: number, more: number): AddressHistory => {
    const ip = `198.18.0.${n}`.replace("198.18.0", "45.9.20");
    const hours = [hour("2026-11-20T01", 15)];
    for (let k = 0; k < more; k++) hours.push(hour(`2026-11-22T0${k + 1}`, 1));
    const hosts = hours.map((one) => ({ ...one, host: n % 2 ? "mx1" : "mx2" }));
    const tries = [users("2026-11-20", { root: 15 }), users("2026-11-22", { root: more })];
    return history(ip, hosts, { userDays: more > 0 ? tries : tries.slice(0, 1) });
  };

  test("takes no network's ban away: more attempts, never less of a ban", () => {
    for (const more of [0, 4]) {
      const all = Array.from({ length: 30 }, (_, n) => sprayer(n, more));
      const found = decideAll(all, context(NOW)).decisions.filter(({ rule }) => rule === "escalate");
      expect(found.map(({ network }) => network)).toEqual(["45.9.20.0/24"]);
    }
  });

  test("a ban ends when it is said to end, however long bantime is", () => {
    const all = Array.from({ length: 30 }, (_, n) => sprayer(n, 4)).map((one) => ({
      ...one,
      hours: one.hours.filter(({ attempts }) => attempts === 1),
      userDays: one.userDays.slice(1),
    }));
    const long = { bantime: 365 * 86_400, escalate: { ...defaultPolicy.escalate, addresses: 1000 } };
    const [one] = decideAll(all, context(NOW, long)).decisions;
    expect(one).toMatchObject({ rule: "spray" });
    const end = new Date(one!.until! * 1000 - 1000).toISOString();
    expect(decideAll(all, context(end, long)).decisions).toHaveLength(30);
    expect(decideAll(all, { ...context(NOW, long), now: one!.until! }).decisions).toEqual([]);
  });
});
