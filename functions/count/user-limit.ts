import { WHAT, whatIn } from "../parse/login.ts";
import { codeAt, type Entries, HOURS_PER_DAY, hourAt, setUser, userAt, WIDTH } from "./entries.ts";
import { type NameBook, USERS_TRACKED } from "./name-book.ts";

/**
 * Takes their users from entries of one address, given in the order of time, but for USERS_TRACKED of each day: those whose
 * names have the lowest hashes, so that it does not matter in which order, or in how many parts, a log was read. Users who
 * failed and users who got in are bounded each for itself: neither kind can crowd out the other.
 *
 * @returns for `putInOrder`
 */
export function limitUsers({
  entries: { values },
  users,
}: {
  entries: Entries;
  users: NameBook;
}): (from: number, to: number) => boolean {
  const dayAt = (at: number) => Math.floor(hourAt(values, at) / HOURS_PER_DAY);
  const isSuccess = (at: number) => whatIn(codeAt(values, at)) === WHAT.SUCCESS;
  const limitDay = (places: number[]) => {
    const succeeded = limitPlaces(values, places.filter(isSuccess), users);
    const tried = limitPlaces(
      values,
      places.filter((at) => !isSuccess(at)),
      users,
    );
    return succeeded || tried;
  };
  return (from, to) => {
    if (to - from <= USERS_TRACKED) return false;
    const places = Array.from({ length: to - from }, (_, n) => (from + n) * WIDTH);
    const days = [...Map.groupBy(places, dayAt).values()];
    return days
      .filter((day) => day.length > USERS_TRACKED)
      .map(limitDay)
      .includes(true);
  };
}

function limitPlaces(values: Uint32Array, places: readonly number[], users: NameBook): boolean {
  const all = new Set(places.map((at) => userAt(values, at)));
  all.delete(0);
  if (all.size <= USERS_TRACKED) return false;
  const byHash = (a: number, b: number) =>
    users.hashOf(a) - users.hashOf(b) || (users.nameOf(a) < users.nameOf(b) ? -1 : 1);
  const kept = new Set([...all].sort(byHash).slice(0, USERS_TRACKED));
  for (const at of places) if (!kept.has(userAt(values, at))) setUser(values, at, 0);
  return true;
}
