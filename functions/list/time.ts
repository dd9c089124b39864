import type { EpochSeconds } from "../parse/event.ts";

/** `2026-11-24T03:00:00Z`. */
export function isoTime(at: EpochSeconds): string {
  return new Date(Math.floor(at) * 1000).toISOString().replace(".000Z", "Z");
}

/** Reads what `isoTime` writes; undefined for anything else, and for days that do not exist. */
export function readIsoTime(text: string): EpochSeconds | undefined {
  const at = Date.parse(text) / 1000;
  return Number.isNaN(at) || isoTime(at) !== text ? undefined : at;
}
