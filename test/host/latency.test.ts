import { expect, test } from "vitest";
import { installedTimers, latencies } from "./latency.ts";

/** Promise 6 of docs/design.md, in seconds. */
test.each([
  { log: "growing by 64 KB a minute", growing: true, bound: 180 },
  { log: "of a quiet host", growing: false, bound: 420 },
])(
  "by the timers as installed, 95 % of what a log $log tells is dropped within $bound s",
  ({ growing, bound }) => {
    const all = latencies(installedTimers(), growing);
    const [median, most] = [0.5, 0.95].map((share) => all[Math.floor(all.length * share)]!);
    console.log(
      `half within ${median?.toFixed(0)} s, 95 % within ${most?.toFixed(0)} s, all within ${all.at(-1)?.toFixed(0)} s`,
    );
    expect(most).toBeLessThan(bound);
  },
);
