import { userInfo } from "node:os";
import type { Word } from "../functions/decide/exceptions.ts";
import type { EpochSeconds } from "../functions/parse/event.ts";
import { type Given, type Option, UsageError } from "./command.ts";
import { durationOf } from "./time.ts";

/** What is decided by hand has an end and a reason. */
export const WORD_OPTIONS: Record<string, Option> = {
  reason: { value: "TEXT", help: "why; shown by explain" },
  by: { value: "NAME", help: "who says so (default: this machine's user)" },
};

const LONGEST_REASON = 500;

/** @throws UsageError where the reason is missing */
export function wordOf({ options }: Given, length: string, now: EpochSeconds): Word {
  const { reason = "", by = userName() } = options;
  if (reason.trim() === "") throw new UsageError("--reason TEXT is needed: somebody will ask why");
  if (reason.length > LONGEST_REASON) throw new UsageError(`--reason: at most ${LONGEST_REASON} characters`);
  return { reason: reason.trim(), by, at: now, until: now + durationOf("--for", options.for ?? length) };
}

/** A container's user may have a number only. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? "unknown"}`;
  }
}
