/**
 * A login as an entry: what a line tells of one address, hour, code and user, as five 32-bit numbers. Counting adds up equal ones.
 */

/** Numbers an entry. */
export const WIDTH = 5;

/** Columns. FIRST: when the first line was written, in seconds since 1970. */
export const ENTRY = { ADDRESS: 0, CODE_AND_USER: 1, ATTEMPTS: 2, FIRST: 3, EVENTS_AND_SPAN: 4 };

/** Bits of a code and of a user: together those of one number. */
const CODE_BITS = 13;
export const USER_BITS = 19;

export const MOST_CODES = 2 ** CODE_BITS;
export const MOST_USERS = 2 ** USER_BITS - 1;

/** How many seconds after the first line the last one was written: less than an hour. */
export const SPAN_BITS = 12;
export const MOST_SPAN = 2 ** SPAN_BITS - 1;

/** So many lines at most are one entry. */
export const MOST_EVENTS = 2 ** (32 - SPAN_BITS) - 1;

/** An entry's code, as in `Login`, and user, 0 for none, as 32 bits. */
export function codeAndUser(code: number, user: number): number {
  return (code << USER_BITS) | user;
}

/** How many lines an entry stands for, and its span, as 32 bits. */
export function eventsAndSpan(events: number, span: number): number {
  return ((events << SPAN_BITS) | span) >>> 0;
}
