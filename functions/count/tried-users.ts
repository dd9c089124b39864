import type { EpochSeconds } from "../parse/event.ts";

/**
 * Who was tried on which day, as columns of numbers, in the order of days. Used again and again, so that nothing of it is kept: a
 * list for each day of a million addresses would be garbage.
 */
export class TriedUsers {
  size = 0;
  /** Midnight. */
  readonly day: EpochSeconds[] = [];
  /** A user's number, once for each day. */
  readonly user: number[] = [];

  add(day: EpochSeconds, user: number): void {
    const at = this.size++;
    this.day[at] = day;
    this.user[at] = user;
  }
}
