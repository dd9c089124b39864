import type { EpochSeconds } from "../parse/event.ts";

const HOUR = 3600;

/** Hours repeat, and making the text of a date is slow. */
const hours = new Map<number, string>();
const MOST = 10_000;

/** What follows an hour, by its second; made when somebody asks. */
const rests: string[] = new Array(HOUR).fill("");

/** ISO 8601 with `Z`, of whole seconds. */
export function isoTime(at: EpochSeconds): string {
  const hour = Math.floor(at / HOUR);
  return hourText(hour) + restText(at - hour * HOUR);
}

/** `2026-11-24T03:` */
function hourText(hour: number): string {
  const known = hours.get(hour);
  if (known !== undefined) return known;
  if (hours.size >= MOST) hours.clear();
  const made = new Date(hour * HOUR * 1000).toISOString().slice(0, -"00:00.000Z".length);
  hours.set(hour, made);
  return made;
}

/** `04:05Z` */
function restText(second: number): string {
  const known = rests[second]!;
  if (known !== "") return known;
  const made = `${twoDigits(Math.floor(second / 60))}:${twoDigits(second % 60)}Z`;
  rests[second] = made;
  return made;
}

function twoDigits(number: number): string {
  return `${number}`.padStart(2, "0");
}
