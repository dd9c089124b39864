/**
 * Entries: what lines tell of one address, hour, code and user, five 32-bit numbers each, in one array. Lines are put
 * down one behind the other as they come; when the array is full, entries are put in order and equal ones made one.
 * That is a fraction of the work and memory of a table in which each line looks for its row.
 */

/** Numbers an entry. */
export const WIDTH = 5;

/** Columns. FIRST: when the first line was written, in seconds since 1970. */
export const ENTRY = { ADDRESS: 0, CODE_AND_USER: 1, ATTEMPTS: 2, FIRST: 3, EVENTS_AND_SPAN: 4 };

/** Bits of a code and of a user; with those of an hour since 1970 they are the 53 of a whole number. */
const CODE_BITS = 13;
const USER_BITS = 19;

export const HOURS_PER_DAY = 24;
const SECONDS_PER_HOUR = 3600;

/** What a code and a user together are less than. */
export const CODES_AND_USERS = 2 ** (CODE_BITS + USER_BITS);
export const MOST_CODES = 2 ** CODE_BITS;
export const MOST_USERS = 2 ** USER_BITS - 1;

/** What a number cannot be more than. */
export const MOST = 2 ** 32 - 1;

/** How many seconds after the first line the last one was written: less than an hour. */
const SPAN_BITS = 12;
const MOST_SPAN = 2 ** SPAN_BITS - 1;

/** So many lines at most are one entry. */
export const MOST_EVENTS = 2 ** (32 - SPAN_BITS) - 1;

/** An entry's code, as in `Login`, and user, 0 for none, as 32 bits. */
export function codeAndUser(code: number, user: number): number {
  return (code << USER_BITS) | user;
}

export function codeAt(values: Uint32Array, at: number): number {
  return values[at + ENTRY.CODE_AND_USER]! >>> USER_BITS;
}

export function userAt(values: Uint32Array, at: number): number {
  return values[at + ENTRY.CODE_AND_USER]! & MOST_USERS;
}

export function setUser(values: Uint32Array, at: number, user: number): void {
  values[at + ENTRY.CODE_AND_USER] = codeAndUser(codeAt(values, at), user);
}

/** How many lines an entry stands for, and its span, as 32 bits. */
export function eventsAndSpan(events: number, span: number): number {
  return ((events << SPAN_BITS) | span) >>> 0;
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

export interface Entries {
  values: Uint32Array<ArrayBuffer>;
  /** How many there are. */
  size: number;
}
