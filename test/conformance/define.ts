import { expect, test } from "vitest";
import { runCheck } from "./check.ts";
import { suite } from "./suite.ts";
import type { Target } from "./target.ts";

/** What the checks run against, or why they cannot. */
export type Subject = { target: Target; known: Record<string, string> } | { missing: string };

/** One vitest test for each check; what is skipped or known to differ says why. */
export function defineChecks(subject: () => Subject): void {
  for (const check of suite) {
    test(`${check.topic}: ${check.name}`, async ({ skip }) => {
      const current = subject();
      if ("missing" in current) return skip(current.missing);
      const { outcome, reason } = await runCheck(check, current.target, current.known);
      if (outcome === "skip" || outcome === "known") {
        console.info(`${outcome === "known" ? "differs" : "skipped"}: ${check.name}: ${reason}`);
        skip(reason);
      }
      expect(reason).toBe("");
    });
  }
}
