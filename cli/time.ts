import { parseDuration, type Seconds } from "../functions/decide/duration.ts";
import { isoTime } from "../functions/decide/iso-time.ts";
import type { EpochSeconds } from "../functions/parse/event.ts";
import { UsageError } from "./command.ts";

const DATE = /^(\d{4}-\d\d-\d\d)(?:T(\d\d)(?::(\d\d)(?::(\d\d))?)?Z)?$/;

/**
 * A moment as options take it: `2026-11-24`, `2026-11-24T03Z`, `2026-11-24T03:00:00Z`, or `7d` for so long before now.
 * @throws UsageError
 */
export function parseMoment(option: string, text: string, now: EpochSeconds): EpochSeconds {
  const ago = parseDuration(text);
  if (ago !== undefined) return now - ago;
  const [, day, hours = "00", minutes = "00", seconds = "00"] = DATE.exec(text) ?? [];
  const at = Date.parse(`${day}T${hours}:${minutes}:${seconds}Z`) / 1000;
  if (Number.isNaN(at)) {
    throw new UsageError(
      `${option} ${text}: no such time; write 2026-11-24, 2026-11-24T03:00:00Z or, for so long ago, 7d`,
    );
  }
  return at;
}

/** Totals are kept by hours. @throws UsageError */
export function parseHour(
  option: string,
  text: string | undefined,
  now: EpochSeconds,
): EpochSeconds | undefined {
  if (text === undefined) return undefined;
  const at = parseMoment(option, text, now);
  if (parseDuration(text) !== undefined) return Math.floor(at / 3600) * 3600;
  if (at % 3600 !== 0)
    throw new UsageError(`${option} ${text}: counts are kept by the hour; give a full hour`);
  return at;
}

/** ISO 8601 with `Z`; undefined for no time. */
export function iso(at: EpochSeconds | undefined): string | undefined {
  return at === undefined ? undefined : isoTime(at);
}

/** A length of time that an option gives: `30d`, `12h`. @throws UsageError */
export function durationOf(option: string, text: string): Seconds {
  const seconds = parseDuration(text);
  if (seconds === undefined) throw new UsageError(`${option} ${text}: write 12h, 30d or 2w`);
  return seconds;
}
