import type { UserDay } from "../count/counter.ts";

/** What was tried at a user from one address, and how often the user got in. */
export interface UserCount {
  user: string;
  attempts: number;
  successes: number;
}

/** Most tried first. Of each day the most tried users are known. */
export function usersOf(userDays: readonly UserDay[]): UserCount[] {
  const users = new Map<string, UserCount>();
  const named = (user: string) => {
    const found = users.get(user) ?? { user, attempts: 0, successes: 0 };
    users.set(user, found);
    return found;
  };
  for (const { tried, succeeded } of userDays) {
    for (const [user, count] of tried) named(user).attempts += count;
    for (const [user, count] of succeeded) named(user).successes += count;
  }
  return [...users.values()].sort((a, b) => b.attempts - a.attempts || (a.user < b.user ? -1 : 1));
}
