import type { EpochSeconds } from "../parse/event.ts";

/** Bans end at whole hours: a million reasons have a few thousand ends, and making the text is slow. */
const known = new Map<EpochSeconds, string>();
const MOST = 10_000;

/** ISO 8601 with `Z`. */
export function isoTime(at: EpochSeconds): string {
  const text = known.get(at);
  if (text !== undefined) return text;
  if (known.size >= MOST) known.clear();
  const made = new Date(at * 1000).toISOString().replace(".000Z", "Z");
  known.set(at, made);
  return made;
}
