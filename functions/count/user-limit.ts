import { WHAT } from "../parse/login.ts";
import { ENTRY, WIDTH } from "../parse/login-entry.ts";
import { WHATS } from "./code-tables.ts";
import { Distinct } from "./distinct.ts";
import { codeAt, endOfDay, setUser, userAt } from "./entries.ts";
import type { Limit } from "./entry-order.ts";
import { firstFew } from "./first-few.ts";
import { type NameBook, USERS_TRACKED } from "./name-book.ts";

/**
 * Takes their users from entries of one address, given in the order of time, but for USERS_TRACKED of each day: those whose
 * names have the lowest hashes, so that it does not matter in which order, or in how many parts, a log was read. Users who
 * failed and users who got in are bounded each for itself: neither kind can crowd out the other.
 *
 * @returns for `putInOrder`
 */
export function limitUsers(users: NameBook): Limit {
  return (values, from, to) => {
    let isLimited = false;
    for (let day = from; to - day > USERS_TRACKED; ) {
      const next = dayAfter(values, day, to);
      if (next - day > USERS_TRACKED) {
        if (limitKind(values, day, next, users, false)) isLimited = true;
        if (limitKind(values, day, next, users, true)) isLimited = true;
      }
      day = next;
    }
    return isLimited;
  };
}

/** Where the day of entry `from` ends. */
function dayAfter(values: Uint32Array, from: number, to: number): number {
  const midnight = endOfDay(values, from * WIDTH);
  let next = from + 1;
  while (next < to && values[next * WIDTH + ENTRY.FIRST]! < midnight) next++;
  return next;
}

const seen = new Distinct();
/** Scratch: a day's users, and the hashes of their names. */
let found = new Uint32Array(0);
let hashes = new Uint32Array(0);

/** One day's users who got in, or those who did not. */
function limitKind(values: Uint32Array, from: number, to: number, users: NameBook, isIn: boolean): boolean {
  makeRoom(Math.min(to - from, users.size));
  const count = findUsers(values, from, to, isIn);
  if (count <= USERS_TRACKED) return false;
  const highest = highestHash(users, count);
  const kept = keptOf(users, count, highest);
  for (let at = from * WIDTH; at < to * WIDTH; at += WIDTH) {
    const user = userAt(values, at);
    if (user === 0 || hasGotIn(values, at) !== isIn) continue;
    const hash = users.hashOf(user);
    if (hash > highest || (hash === highest && !kept.has(user))) setUser(values, at, 0);
  }
  return true;
}

function makeRoom(size: number): void {
  if (found.length >= size) return;
  found = new Uint32Array(size);
  hashes = new Uint32Array(size);
}

/** Puts the different users of a kind into the scratch; gives how many they are. */
function findUsers(values: Uint32Array, from: number, to: number, isIn: boolean): number {
  let count = 0;
  seen.begin();
  for (let at = from * WIDTH; at < to * WIDTH; at += WIDTH) {
    const user = userAt(values, at);
    if (user > 0 && hasGotIn(values, at) === isIn && seen.isNew(user)) found[count++] = user;
  }
  return count;
}

function hasGotIn(values: Uint32Array, at: number): boolean {
  return WHATS[codeAt(values, at)] === WHAT.SUCCESS;
}

/** The highest hash that one of those who are kept can have. */
function highestHash(users: NameBook, count: number): number {
  for (let at = 0; at < count; at++) hashes[at] = users.hashOf(found[at]!);
  // by V8's own sort, which need not be compiled first
  return hashes.subarray(0, count).sort()[USERS_TRACKED - 1]!;
}

/** Who is kept of those with that hash: where they are too many, the first by name. */
function keptOf(users: NameBook, count: number, highest: number): Set<number> {
  const least = hashes.indexOf(highest);
  const alike: number[] = [];
  for (let at = 0; at < count; at++) if (users.hashOf(found[at]!) === highest) alike.push(found[at]!);
  return new Set(firstFew(alike, USERS_TRACKED - least, (a, b) => users.compare(a, b)));
}
