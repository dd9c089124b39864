import { describe, expect, test } from "vitest";
import { defaultPolicy, parsePolicy } from "../../functions/decide/policy.ts";
import { BadPolicy } from "../../functions/decide/policy-reader.ts";
import { policyVersion } from "../../functions/decide/policy-version.ts";

describe("a policy", () => {
  test("has defaults for what is left out", () => {
    expect(parsePolicy({})).toEqual(defaultPolicy);
  });

  test("is read with its units", () => {
    const read = parsePolicy({
      findtime: "2d",
      maxretry: 3,
      bantime: "90m",
      bantimeIncrement: { factor: 1.5 },
      ignoreip: ["192.0.2.0/24", "2001:DB8::/32", "198.51.100.7/32"],
      home: ["JP"],
      homeMaxretry: 20,
    });
    expect(read).toEqual({
      ...defaultPolicy,
      findtime: 172_800,
      maxretry: 3,
      bantime: 5400,
      bantimeIncrement: { factor: 1.5, max: defaultPolicy.bantimeIncrement.max },
      ignoreip: ["192.0.2.0/24", "2001:db8::/32", "198.51.100.7"],
      home: ["JP"],
      homeMaxretry: 20,
    });
  });

  test.each([
    [null, "policy: must be an object"],
    [[], "policy: must be an object"],
    [{ maxRetry: 5 }, "maxRetry: is not a key"],
    [{ bantimeIncrement: { facter: 2 } }, "bantimeIncrement.facter: is not a key"],
    [{ __proto__: null, constructor: 1 }, "constructor: is not a key"],
    [{ maxretry: "5" }, "maxretry: must be a whole number"],
    [{ maxretry: 0 }, "maxretry: must be 1 to"],
    [{ maxretry: 2.5 }, "maxretry: must be a whole number"],
    [{ maxretry: Number.NaN }, "maxretry: must be a whole number"],
    [{ findtime: 600 }, "findtime: must be a duration"],
    [{ findtime: "90m" }, "findtime: must be a multiple of 1h"],
    [{ findtime: "10m" }, "findtime: must be 1h to"],
    [{ findtime: "1 d" }, "findtime: must be a duration"],
    [{ bantime: "-1" }, "bantime: must be a duration"],
    [{ bantime: "99999d" }, "bantime: must be 1m to"],
    [{ bantime: "100d" }, "bantimeIncrement.max: is below bantime"],
    [{ ignoreip: "127.0.0.1" }, "ignoreip: must be a list"],
    [{ ignoreip: ["192.0.2.1", "192.0.2.1/24"] }, "ignoreip[1]: "],
    [{ ignoreip: ["0.0.0.0/0"] }, "ignoreip[0]: is the whole Internet"],
    [{ ignoreip: ["mail.example.com"] }, "ignoreip[0]: "],
    [{ own: [7] }, "own[0]: must be an address or network in quotes"],
    [{ home: ["jp"] }, "home[0]: must be an ISO 3166-1"],
    [{ homeMaxretry: 3 }, "homeMaxretry: is below maxretry"],
    [{ unknownCountry: "allow" }, 'unknownCountry: must be "ban" or "report"'],
    [{ countProbes: "yes" }, "countProbes: must be true or false"],
    [{ prefix: { ipv6: 32 } }, "prefix.ipv6: must be 48 to 128"],
  ])("%j is refused", (json, problem) => {
    expect(() => parsePolicy(json)).toThrow(BadPolicy);
    expect(() => parsePolicy(json)).toThrow(problem);
  });

  test("is refused with everything that is wrong", () => {
    const problems = problemsOf({ maxretry: 0, bantimeIncrement: { factor: 0, what: 1 }, more: 1 });
    expect(problems).toHaveLength(4);
    expect(problems.map((problem) => problem.split(":")[0]).sort()).toEqual([
      "bantimeIncrement.factor",
      "bantimeIncrement.what",
      "maxretry",
      "more",
    ]);
  });
});

describe("a policy's version", () => {
  test("is default, or tells different policies apart", () => {
    expect(policyVersion(parsePolicy({}))).toBe("default");
    expect(policyVersion(parsePolicy({ maxretry: 6 }))).toMatch(/^[0-9a-f]{12}$/);
    expect(policyVersion(parsePolicy({ maxretry: 6 }))).not.toBe(policyVersion(parsePolicy({ maxretry: 7 })));
  });

  test("does not depend on the order of the keys", () => {
    expect(policyVersion(parsePolicy({ maxretry: 6, bantime: "1d" }))).toBe(
      policyVersion(parsePolicy({ bantime: "24h", maxretry: 6 })),
    );
  });
});

function problemsOf(json: unknown): readonly string[] {
  try {
    parsePolicy(json);
  } catch (error) {
    if (error instanceof BadPolicy) return error.problems;
    throw error;
  }
  return [];
}
