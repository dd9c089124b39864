/**
 * Wall clock to UTC, as the host that wrote the log had it. No clock is read here: what is missing in a line comes
 * from the log's own time.
 */
import type { EpochSeconds } from "./event.ts";
import { LastText } from "./last-text.ts";

/** A host's zone: seconds east of UTC, always or at a moment, or an IANA name. */
export type Zone = { offset: number } | { offsetAt: (at: EpochSeconds) => number } | { name: string };

/** A zone that does not exist. */
export class UnknownZone extends Error {
  override name = "UnknownZone";
  constructor(zone: string, options?: ErrorOptions) {
    super(
      `${JSON.stringify(zone)} is no time zone: give an IANA name (Europe/Berlin) or an offset (+02:00)`,
      options,
    );
  }
}

/** `Europe/Berlin`, `UTC`, or `+02:00`, `-0330` up to 14 hours. Throws `UnknownZone`. */
export function parseZone(text: string): Zone {
  const offset = /^([+-])(\d\d):?(\d\d)$/.exec(text);
  if (offset !== null) {
    const seconds = Number(offset[2]) * 3600 + Number(offset[3]) * 60;
    if (seconds > 14 * 3600 || Number(offset[3]) > 59) throw new UnknownZone(text);
    return { offset: offset[1] === "-" ? -seconds : seconds };
  }
  try {
    return { name: new Intl.DateTimeFormat("en", { timeZone: text }).resolvedOptions().timeZone };
  } catch (cause) {
    throw new UnknownZone(text, { cause });
  }
}

/** A year that a log can have been written in; anything else is a slip or a lie. */
const YEARS = { first: 1990, last: 2105 };
const DAY = 86_400;

/** Seconds are counted in 32 bits. */
const LATEST = 2 ** 32 - 1;

export interface Clock {
  /** A line is not from later than this: 24 hours after the log's own time. */
  latest: EpochSeconds;
  /** Seconds since the epoch as if the wall clock showed UTC; undefined where there is no such date. */
  wall(year: number, month: number, day: number, second: number): number | undefined;
  /** For forms of time to use: when the minute of the line before was. */
  minute: LastText;
  /** What UTC was when the zone's wall clock showed `wall`. */
  utc(wall: number): EpochSeconds;
  /** The latest year that puts the line at `latest` or before. */
  yearless(month: number, day: number, second: number): EpochSeconds | undefined;
}

/** Dates are 1 to 12, 1 to 31, and seconds of the day, a leap second taken as the second after it. */
export function createClock(logTime: EpochSeconds, zone: Zone): Clock {
  const utc = toUtc(zone);
  const latest = Math.min(logTime + DAY, LATEST);
  const midnight = remembering();
  const wall = (year: number, month: number, day: number, second: number) => {
    const date = midnight(year, month, day);
    return date === undefined || second < 0 || second > DAY ? undefined : date + second;
  };
  let last = Number.NaN;
  const yearless = (month: number, day: number, second: number) => {
    // The year of the line before will do, unless the same date a year later would also be early enough
    const probable = wall(last, month, day, second);
    const at = probable === undefined ? undefined : utc(probable);
    if (at !== undefined && at <= latest && at + 364 * DAY > latest) return at;
    last = new Date((latest + DAY) * 1000).getUTCFullYear();
    // 29 February is missed for eight years around 1900 and 2100
    for (const oldest = last - 8; last >= oldest; last--) {
      const found = wall(last, month, day, second);
      if (found !== undefined && utc(found) <= latest) return utc(found);
    }
    return undefined;
  };
  return { latest, minute: new LastText(), wall, utc, yearless };
}

function toUtc(zone: Zone): (wall: number) => EpochSeconds {
  if ("offset" in zone) return (wall) => wall - zone.offset;
  return zoned("offsetAt" in zone ? zone.offsetAt : offsetsOf(zone.name));
}

/** Midnight of a date as `wall`; the date asked for last is remembered. */
function remembering(): (year: number, month: number, day: number) => number | undefined {
  let known = { year: 0, month: 0, day: 0 };
  let midnight: number | undefined;
  return (year, month, day) => {
    if (year === known.year && month === known.month && day === known.day) return midnight;
    known = { year, month, day };
    midnight = midnightOf(year, month, day);
    return midnight;
  };
}

function midnightOf(year: number, month: number, day: number): number | undefined {
  if (!(year >= YEARS.first && year <= YEARS.last)) return undefined;
  const midnight = Date.UTC(year, month - 1, day);
  const date = new Date(midnight);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? midnight / 1000 : undefined;
}

/**
 * A zone's wall clock to UTC. Of an hour that comes twice the first is meant (a line does not tell which, and a
 * parser without memory cannot know); one that never came is read as if the change had not been made yet.
 */
function zoned(offsetAt: (at: EpochSeconds) => number): (wall: number) => EpochSeconds {
  let known = Number.NaN;
  let before = 0;
  let after = 0;
  return (wall) => {
    const day = Math.floor(wall / DAY);
    if (day !== known) {
      known = day;
      // Wall clocks are at most 14 hours off, so a day before and after the change lies outside
      before = offsetAt((day - 1) * DAY);
      after = offsetAt((day + 2) * DAY);
    }
    if (before === after || offsetAt(wall - before) === before) return wall - before;
    return offsetAt(wall - after) === after ? wall - after : wall - before;
  };
}

/** Seconds east of UTC at a moment. */
function offsetsOf(timeZone: string): (at: EpochSeconds) => number {
  const format = new Intl.DateTimeFormat("en", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  return (at) => {
    const parts = new Map(format.formatToParts(at * 1000).map(({ type, value }) => [type, Number(value)]));
    const of = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
    const wall = Date.UTC(of("year"), of("month") - 1, of("day"), of("hour"), of("minute"), of("second"));
    return wall / 1000 - at;
  };
}
