import { expect, test } from "vitest";
import { CASES, explore } from "../count/ledger-model.ts";

test.each(Object.entries(CASES))("with two crashes: %s", (_name, objects) => {
  const { states, ends } = explore(objects, 2);
  expect(ends).toBeGreaterThan(0);
  expect(states).toBeGreaterThan(100_000);
});
