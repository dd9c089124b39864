import { expect, test } from "vitest";
import { CASES, explore } from "./ledger-model.ts";

// test/e2e explores two crashes
test.each(Object.entries(CASES))(
  "no byte is counted twice, none is lost, nothing blocks: %s",
  (_name, objects) => {
    expect(explore(objects, 1).ends).toBeGreaterThan(0);
  },
);
