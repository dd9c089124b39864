/**
 * Entries: what lines tell of one address, hour, code and user, six 32-bit numbers each, in one array. Lines are put
 * down one behind the other as they come; when the array is full, entries are put in order and equal ones made one.
 * That is a fraction of the work and memory of a table in which each line looks for its row.
 */

/** Numbers an entry. */
export const WIDTH = 6;

/** Columns. FIRST and LAST are seconds since 1970, of the entry's hour. */
export const ENTRY = { ADDRESS: 0, CODE_AND_USER: 1, ATTEMPTS: 2, EVENTS: 3, FIRST: 4, LAST: 5 };

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
