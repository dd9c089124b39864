import { durationText } from "./duration.ts";
import type { Policy } from "./policy.ts";

/** Members that are durations, by the last word of their path. */
const DURATIONS = new Set(["findtime", "bantime", "for", "max"]);

/** A policy as policy.json writes it: all keys, durations as text. Reads back as the same policy. */
export function policyJson(policy: Policy): string {
  const written = JSON.stringify(
    policy,
    (key, value: unknown) => (DURATIONS.has(key) && typeof value === "number" ? durationText(value) : value),
    2,
  );
  return `${written}\n`;
}
