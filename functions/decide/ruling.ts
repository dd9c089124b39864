import type { EpochSeconds } from "../parse/event.ts";
import type { Action } from "./decision.ts";

/** What a rule says, where it speaks. `until` goes with a ban. */
export interface Ruling {
  action: Action;
  rule: string;
  /** Put together when somebody asks: of most decisions nobody does. */
  reason: () => string;
  until?: EpochSeconds;
}

export function allow(rule: string, reason: () => string): Ruling {
  return { action: "allow", rule, reason };
}
