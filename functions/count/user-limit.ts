import { WHAT, whatIn } from "../parse/login.ts";
import { ENTRY, HOURS_PER_DAY, WIDTH } from "./entries.ts";
import { USERS_TRACKED, type UserNames } from "./user-names.ts";

/**
 * Takes their users from entries of one address, given in the order of time, but for USERS_TRACKED of each day: those whose
 * names have the lowest hashes, so that it does not matter in which order, or in how many parts, a log was read. Users who
 * failed and users who got in are bounded each for itself: neither kind can crowd out the other.
 *
 * @param entries numbers of entries; returns whether any has lost its user
 */
export function limitUsers(values: Uint32Array, entries: Uint32Array, users: UserNames): boolean {
  const dayOf = (entry: number) => Math.floor(values[entry * WIDTH + ENTRY.HOUR]! / HOURS_PER_DAY);
  let isChanged = false;
  for (let from = 0, to = 0; from < entries.length; from = to) {
    const day = dayOf(entries[from]!);
    while (to < entries.length && dayOf(entries[to]!) === day) to++;
    if (to - from <= USERS_TRACKED) continue;
    const places = Array.from(entries.subarray(from, to), (entry) => entry * WIDTH);
    const isSuccess = (at: number) => whatIn(values[at + ENTRY.CODE]!) === WHAT.SUCCESS;
    const succeeded = limitPlaces(values, places.filter(isSuccess), users);
    const tried = limitPlaces(
      values,
      places.filter((at) => !isSuccess(at)),
      users,
    );
    isChanged ||= succeeded || tried;
  }
  return isChanged;
}

function limitPlaces(values: Uint32Array, places: readonly number[], users: UserNames): boolean {
  const all = new Set(places.map((at) => values[at + ENTRY.USER]!));
  all.delete(0);
  if (all.size <= USERS_TRACKED) return false;
  const { names, hashes } = users;
  const byHash = (a: number, b: number) =>
    hashes[a - 1]! - hashes[b - 1]! || (names[a - 1]! < names[b - 1]! ? -1 : 1);
  const kept = new Set([...all].sort(byHash).slice(0, USERS_TRACKED));
  for (const at of places) if (!kept.has(values[at + ENTRY.USER]!)) values[at + ENTRY.USER] = 0;
  return true;
}
