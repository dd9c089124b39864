import { expect, test } from "vitest";
import { parseNetwork } from "../../functions/decide/network.ts";
import { parsePolicy } from "../../functions/decide/policy.ts";
import { BadPolicy } from "../../functions/decide/policy-reader.ts";
import { STARTER, staleStarters, starterNetworks } from "../../functions/decide/shared-starter.ts";

test("each entry names proper networks, its source, and a day to look again after it was stated", () => {
  for (const [name, { networks, source, stated, review }] of Object.entries(STARTER)) {
    expect(networks.length, name).toBeGreaterThan(0);
    for (const network of networks) expect(() => parseNetwork(network), network).not.toThrow();
    expect(source).toMatch(/^https:/);
    expect(Date.parse(review)).toBeGreaterThan(Date.parse(stated));
  }
});

test("no entry is taken before the policy names it", () => {
  expect(parsePolicy({}).shared.starter).toEqual([]);
  expect(starterNetworks([])).toEqual([]);
  expect(starterNetworks(["outlook-mobile"])).toContain("52.125.128.0/20");
  expect(() => parsePolicy({ shared: { starter: ["nobody"] } })).toThrow(BadPolicy);
});

test("an entry that should be looked at again is said, once it is old", () => {
  const at = (day: string) => Date.parse(day) / 1000;
  expect(staleStarters(["gmail"], at("2027-04-13"))).toEqual([]);
  expect(staleStarters(["gmail"], at("2027-04-14"))).toEqual([
    expect.stringContaining("shared.starter gmail: its networks are those of 2026-10-14"),
  ]);
});
