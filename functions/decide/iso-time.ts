import type { EpochSeconds } from "../parse/event.ts";

const HOUR = 3600;
const DAY = 86_400;

/** Days repeat, and making the text of a date is slow. */
const dates = new Map<number, string>();
const MOST = 10_000;

/** ISO 8601 with `Z`, of whole seconds. */
export function isoTime(at: EpochSeconds): string {
  const day = Math.floor(at / DAY);
  const second = at - day * DAY;
  const hours = Math.floor(second / HOUR);
  const minutes = Math.floor((second % HOUR) / 60);
  return `${dateOf(day)}T${twoDigits(hours)}:${twoDigits(minutes)}:${twoDigits(second % 60)}Z`;
}

function dateOf(day: number): string {
  const known = dates.get(day);
  if (known !== undefined) return known;
  if (dates.size >= MOST) dates.clear();
  const made = new Date(day * DAY * 1000).toISOString().replace("T00:00:00.000Z", "");
  dates.set(day, made);
  return made;
}

const TWO_DIGITS = Array.from({ length: 60 }, (_, number) => `${number}`.padStart(2, "0"));

function twoDigits(number: number): string {
  return TWO_DIGITS[number]!;
}
