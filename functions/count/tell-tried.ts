import type { EpochSeconds } from "../parse/event.ts";
import { WHAT } from "../parse/login.ts";
import { ENTRY, WIDTH } from "../parse/login-entry.ts";
import { WHATS } from "./code-tables.ts";
import { Distinct } from "./distinct.ts";
import { codeAt, endOfDay, userAt } from "./entries.ts";
import { SECONDS_PER_DAY, type Tally } from "./tally.ts";
import { entriesOf } from "./tally-order.ts";
import { USERS_KEPT, usersKept } from "./tally-rows.ts";
import type { TriedUsers } from "./tried-users.ts";

const tried = new Distinct();

/**
 * Tells whom rows would keep of the users that were tried on each day, of the entries of the address of that number from a midnight
 * on. One loop for all days: most addresses have a few entries a day.
 * @param told becomes the users, by their numbers in the tally's book
 */
export function tellTried(tally: Tally, address: number, midnight: EpochSeconds, told: TriedUsers): void {
  const { values, from, to } = entriesOf(tally, address);
  let first = from;
  let begin = 0;
  let until = 0;
  told.size = 0;
  for (let entry = from; entry < to; entry++) {
    const at = entry * WIDTH;
    if (values[at + ENTRY.FIRST]! < midnight) continue;
    if (values[at + ENTRY.FIRST]! >= until) {
      if (told.size - begin > USERS_KEPT) keepFew(tally, address, first, entry, begin, told);
      first = entry;
      begin = told.size;
      until = endOfDay(values, at);
      tried.begin();
    }
    const user = userAt(values, at);
    if (user > 0 && WHATS[codeAt(values, at)] === WHAT.ATTEMPT && tried.isNew(user))
      told.add(until - SECONDS_PER_DAY, user);
  }
  if (told.size - begin > USERS_KEPT) keepFew(tally, address, first, to, begin, told);
}

/** Puts those who are kept in place of a day's users, which begin at that place. */
function keepFew(
  tally: Tally,
  address: number,
  from: number,
  to: number,
  begin: number,
  told: TriedUsers,
): void {
  const day = told.day[begin]!;
  const kept = usersKept(tally, { address, day: day / SECONDS_PER_DAY, from, to });
  told.size = begin;
  for (let at = 0; at < kept.length; at++) told.add(day, kept[at]!);
}
