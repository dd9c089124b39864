import { expect, test } from "vitest";
import { CASES, exploreProtocol } from "../count/ledger-model.ts";

test.each(Object.entries(CASES))("when a function dies anywhere: %s", (_name, jobs) => {
  expect(exploreProtocol(jobs, 1).ends).toBeGreaterThan(0);
});

test.each(["a replay beside a good copy of a damaged log", "two replays"])("when two die: %s", (name) => {
  const { states, ends } = exploreProtocol(CASES[name]!, 2);
  expect(ends).toBeGreaterThan(0);
  expect(states).toBeGreaterThan(10_000);
});
