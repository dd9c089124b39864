import { describe, expect, test } from "vitest";
import { countsOf, formsOf, hasRecorded, runs, truthOf } from "./recorded.ts";

if (!hasRecorded) console.warn("skipped: the recorded logs are not beside this checkout");

/** They stand in text that clients sent; nobody ever connected from there. */
const FORGED = ["192.0.2.1", "198.51.100.250", "2001:db8:dead::1"];

describe.skipIf(!hasRecorded).each(runs)("%s", (run) => {
  test.each(formsOf(run).map((logs) => [logs.join(", "), logs] as const))("%s", async (_name, logs) => {
    const { counts, events, unread } = await countsOf(run, logs);
    const truth = truthOf(run);
    const wrong = [...truth]
      .map(([ip, { failed, tried, ok }]) => ({
        ip,
        failed,
        tried,
        ok,
        ...(counts.get(ip) ?? { attempts: 0, successes: 0 }),
      }))
      .filter(({ failed, tried, attempts }) => attempts < failed || attempts > tried);
    expect(wrong).toEqual([]);
    expect(events.filter(({ ip }) => FORGED.includes(ip) || !truth.has(ip))).toEqual([]);
    expect(unread).toEqual([]);
  });
});
