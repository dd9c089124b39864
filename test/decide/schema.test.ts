import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { defaultPolicy, parsePolicy, policySchema } from "../../functions/decide/policy.ts";
import { policyJson } from "../../functions/decide/policy-text.ts";

test("policy.schema.json is the schema of what the reader reads", () => {
  const file = new URL("../../functions/decide/policy.schema.json", import.meta.url);
  expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(JSON.parse(JSON.stringify(policySchema)));
});

test("a policy that is written reads back as the same", () => {
  const policy = parsePolicy({
    findtime: "48h",
    bantime: "90m",
    spray: { findtime: "3d" },
    allowAfterSuccess: { for: "2w" },
    guard: { from: 7 },
  });
  expect(parsePolicy(JSON.parse(policyJson(policy)))).toEqual(policy);
  expect(parsePolicy(JSON.parse(policyJson(defaultPolicy)))).toEqual(defaultPolicy);
});
