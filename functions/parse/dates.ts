/** Times as single daemons write them in logs of their own: local time, unless they say otherwise. */
import { digits, secondOfDay } from "./digits.ts";
import type { TimeForm } from "./envelope.ts";
import type { EpochSeconds } from "./event.ts";
import { monthOf, offsetAt } from "./syslog.ts";
import type { Clock } from "./time.ts";

const SPACE = 0x20;
const AFTERNOON = 0x50;
const HALF_DAY = 43_200;

/** `22-Jan-2013 22:28:21 +0200` (PHP), also with a fraction, `17/May/2017 19:45:27`. */
export const dayMonthNameTime: TimeForm = {
  at(bytes, from, to, clock) {
    const wall = midnightOf(
      clock,
      digits(bytes, from + 7, 4),
      monthOf(bytes, from + 3),
      digits(bytes, from, 2),
    );
    const second = secondOfDay(bytes, from + 12);
    let zone = from + 20;
    while (zone < to && bytes[zone] !== SPACE) zone++;
    // Without a fraction the space is the one behind the seconds
    if (bytes[from + 20] === SPACE) zone = from + 20;
    return moment(clock, wall, second, offsetAt(bytes, zone + 1, to));
  },
};

/** `22-06-2014 09:56:12`. */
export const dayMonthTime: TimeForm = {
  at(bytes, from, _to, clock) {
    const wall = midnightOf(
      clock,
      digits(bytes, from + 6, 4),
      digits(bytes, from + 3, 2),
      digits(bytes, from, 2),
    );
    return moment(clock, wall, secondOfDay(bytes, from + 11));
  },
};

/** `10/06/2013 15:50:41`, and `06/22/2014 09:56:12 PM`. */
export const monthDayTime: TimeForm = {
  at(bytes, from, to, clock) {
    const wall = midnightOf(
      clock,
      digits(bytes, from + 6, 4),
      digits(bytes, from, 2),
      digits(bytes, from + 3, 2),
    );
    const second = secondOfDay(bytes, from + 11);
    if (to < from + 22) return moment(clock, wall, second);
    const early = second >= HALF_DAY ? second - HALF_DAY : second;
    return moment(clock, wall, bytes[from + 20] === AFTERNOON ? early + HALF_DAY : early);
  },
};

/** `Dec 28 19:03:53 2013` (ctime). */
export const ctimeTime = datedTime({ year: 16, month: 0, day: 4, clock: 7 });

/** `Jul-30-16 17:07:25`. */
export const shortYearTime: TimeForm = {
  at(bytes, from, _to, clock) {
    const year = digits(bytes, from + 7, 2);
    const wall = midnightOf(
      clock,
      year < 0 ? -1 : 2000 + year,
      monthOf(bytes, from),
      digits(bytes, from + 4, 2),
    );
    return moment(clock, wall, secondOfDay(bytes, from + 10));
  },
};

/** `2026 Nov 24 02:39:01`. */
export const yearFirstTime = datedTime({ year: 0, month: 5, day: 9, clock: 12 });
/** `Nov 24 2026 02:39:01`. */
export const yearThirdTime = datedTime({ year: 7, month: 0, day: 4, clock: 12 });

/** @param places where in the text each begins */
function datedTime(places: { year: number; month: number; day: number; clock: number }): TimeForm {
  return {
    at(bytes, from, _to, clock) {
      const tens = bytes[from + places.day] === SPACE ? 1 : 0;
      const day = digits(bytes, from + places.day + tens, 2 - tens);
      const month = monthOf(bytes, from + places.month);
      const wall = midnightOf(clock, digits(bytes, from + places.year, 4), month, day);
      return moment(clock, wall, secondOfDay(bytes, from + places.clock));
    },
  };
}

function midnightOf(clock: Clock, year: number, month: number | undefined, day: number): number | undefined {
  return month === undefined || month < 0 || day < 0 ? undefined : clock.wall(year, month, day, 0);
}

/** `offset`: seconds east of UTC, where the line says. */
function moment(
  clock: Clock,
  midnight: number | undefined,
  second: number,
  offset?: number,
): EpochSeconds | undefined {
  if (midnight === undefined || second < 0) return undefined;
  return offset === undefined ? clock.utc(midnight + second) : midnight + second - offset;
}
