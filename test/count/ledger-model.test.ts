import { expect, test } from "vitest";
import { CASES, exploreProtocol } from "./ledger-model.ts";

// test/e2e lets functions die as well
test.each(Object.entries(CASES))(
  "no byte is counted twice, none is lost, nothing blocks: %s",
  (_name, jobs) => {
    expect(exploreProtocol(jobs, 0).ends).toBeGreaterThan(0);
  },
);

test("nor if a function dies", { timeout: 60_000 }, () => {
  const jobs = CASES["a replay beside a good copy of a damaged log"]!;
  expect(exploreProtocol(jobs, 1).ends).toBeGreaterThan(0);
});
