import { createHash } from "node:crypto";
import { defaultPolicy, type Policy } from "./policy.ts";

/** What manifests and explanations name a policy by: `default`, or 12 hex digits of the hash of all its values. */
export function policyVersion(policy: Policy): string {
  const text = canonical(policy);
  if (text === canonical(defaultPolicy)) return "default";
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}

/** JSON with members in order of their names: equal policies have equal text. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) =>
    typeof member === "object" && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}
