import { WHAT, whatIn } from "../parse/login.ts";
import { WIDTH } from "../parse/login-entry.ts";
import { Distinct } from "./distinct.ts";
import { codeAt, HOURS_PER_DAY, hourAt, setUser, userAt } from "./entries.ts";
import { firstFew } from "./first-few.ts";
import { type NameBook, USERS_TRACKED } from "./name-book.ts";

/**
 * Takes their users from entries of one address, given in the order of time, but for USERS_TRACKED of each day: those whose
 * names have the lowest hashes, so that it does not matter in which order, or in how many parts, a log was read. Users who
 * failed and users who got in are bounded each for itself: neither kind can crowd out the other.
 *
 * @returns for `putInOrder`
 */
export function limitUsers(users: NameBook): (values: Uint32Array, from: number, to: number) => boolean {
  return (values, from, to) => {
    let isLimited = false;
    for (let day = from; to - day > USERS_TRACKED; ) {
      const next = dayAfter(values, day, to);
      if (next - day > USERS_TRACKED) {
        if (limitKind(values, day, next, users, true)) isLimited = true;
        if (limitKind(values, day, next, users, false)) isLimited = true;
      }
      day = next;
    }
    return isLimited;
  };
}

/** Where the day of entry `from` ends. */
function dayAfter(values: Uint32Array, from: number, to: number): number {
  const day = Math.floor(hourAt(values, from * WIDTH) / HOURS_PER_DAY);
  const midnight = (day + 1) * HOURS_PER_DAY;
  let next = from + 1;
  while (next < to && hourAt(values, next * WIDTH) < midnight) next++;
  return next;
}

const seen = new Distinct();

/** One day's users who got in, or those who did not. */
function limitKind(values: Uint32Array, from: number, to: number, users: NameBook, isIn: boolean): boolean {
  const all: number[] = [];
  seen.begin();
  for (let at = from * WIDTH; at < to * WIDTH; at += WIDTH) {
    const user = userAt(values, at);
    if (user > 0 && isSuccess(values, at) === isIn && seen.isNew(user)) all.push(user);
  }
  if (all.length <= USERS_TRACKED) return false;
  const byHash = (a: number, b: number) => users.hashOf(a) - users.hashOf(b) || users.compare(a, b);
  const kept = new Set(firstFew(all, USERS_TRACKED, byHash));
  for (let at = from * WIDTH; at < to * WIDTH; at += WIDTH)
    if (isSuccess(values, at) === isIn && !kept.has(userAt(values, at))) setUser(values, at, 0);
  return true;
}

function isSuccess(values: Uint32Array, at: number): boolean {
  return whatIn(codeAt(values, at)) === WHAT.SUCCESS;
}
