/**
 * Entries: what lines tell of one address, hour, code and user, five 32-bit numbers each, in one array. Lines are put
 * down one behind the other as they come; when the array is full, entries are put in order and equal ones made one.
 * That is a fraction of the work and memory of a table in which each line looks for its row.
 */

import {
  codeAndUser,
  ENTRY,
  MOST_SPAN,
  MOST_USERS,
  SPAN_BITS,
  USER_BITS,
  WIDTH,
} from "../parse/login-entry.ts";

export const HOURS_PER_DAY = 24;
export const SECONDS_PER_HOUR = 3600;

/** What a number cannot be more than. */
export const MOST = 2 ** 32 - 1;

export function codeAt(values: Uint32Array, at: number): number {
  return values[at + ENTRY.CODE_AND_USER]! >>> USER_BITS;
}

export function userAt(values: Uint32Array, at: number): number {
  return values[at + ENTRY.CODE_AND_USER]! & MOST_USERS;
}

export function setUser(values: Uint32Array, at: number, user: number): void {
  values[at + ENTRY.CODE_AND_USER] = codeAndUser(codeAt(values, at), user);
}

export function eventsAt(values: Uint32Array, at: number): number {
  return values[at + ENTRY.EVENTS_AND_SPAN]! >>> SPAN_BITS;
}

/** When the last line was written. */
export function lastAt(values: Uint32Array, at: number): number {
  return values[at + ENTRY.FIRST]! + (values[at + ENTRY.EVENTS_AND_SPAN]! & MOST_SPAN);
}

/** Since 1970. */
export function hourAt(values: Uint32Array, at: number): number {
  return Math.floor(values[at + ENTRY.FIRST]! / SECONDS_PER_HOUR);
}

/** The first second after an entry's hour. */
export function endOfHour(values: Uint32Array, at: number): number {
  return (hourAt(values, at) + 1) * SECONDS_PER_HOUR;
}

/** The midnight after an entry's hour. */
export function endOfDay(values: Uint32Array, at: number): number {
  return (Math.floor(hourAt(values, at) / HOURS_PER_DAY) + 1) * HOURS_PER_DAY * SECONDS_PER_HOUR;
}

/** The array, or a larger one where it has no room for so many entries. What it held is gone then. */
export function roomFor(entries: number, values: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const wanted = entries * WIDTH;
  if (wanted <= values.length) return values;
  const length = Math.max(wanted, 2 * values.length);
  values.buffer.transfer(0);
  return new Uint32Array(length);
}

export interface Entries {
  values: Uint32Array<ArrayBuffer>;
  /** How many there are. */
  size: number;
}
