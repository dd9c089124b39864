import { expect, test } from "vitest";
import { defaultPolicy, type Policy } from "../../functions/decide/policy.ts";
import { daysNeeded, retentionProblem } from "../../functions/decide/retention.ts";

const DAY = 86_400;
const short: Policy = {
  ...defaultPolicy,
  bantimeIncrement: { factor: 2, max: 14 * DAY },
  spray: { ...defaultPolicy.spray, findtime: DAY },
  allowAfterSuccess: { ...defaultPolicy.allowAfterSuccess, for: DAY },
};

test.each<[string, Policy, number]>([
  ["the default policy", defaultPolicy, 97],
  ["findtime and the longest ban", short, 15],
  ["part of a day", { ...short, findtime: DAY + 3600 }, 16],
  ["the look back for sprayed guesses", { ...short, spray: { ...short.spray, findtime: 3 * DAY } }, 17],
  ["bans that do not grow", { ...short, bantimeIncrement: { factor: 1, max: 14 * DAY } }, 8],
  ["a ban of shared addresses", { ...short, shared: { ...short.shared, bantime: 20 * DAY } }, 21],
  [
    "a login that allows for longer",
    { ...short, allowAfterSuccess: { ...short.allowAfterSuccess, for: 30 * DAY } },
    30,
  ],
])("rows are needed for %s", (_, policy, days) => {
  expect(daysNeeded(policy)).toBe(days);
  expect(retentionProblem(policy, days)).toBeUndefined();
  expect(retentionProblem(policy, days - 1)).toContain(`kept for ${days - 1} days`);
  expect(retentionProblem(policy, days - 1)).toContain(`retentionDays=${days}`);
});
