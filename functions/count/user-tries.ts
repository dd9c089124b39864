import { createHash } from "node:crypto";
import type { Evidence } from "../parse/event.ts";

/** Different users kept per address and day; further ones count as attempts only. */
export const USERS_TRACKED = 256;

/** Characters kept of a user's name. Clients type what they like; longer ones go on with their hash. */
const LONGEST_NAME = 128;

/** Few users are found by looking at each; an index for every address would cost more memory than all else. */
const INDEXED_FROM = 8;

/** The users that one address tried on one day. */
export interface TriedUsers {
  tries: UserTries[];
  index: Map<string, UserTries> | undefined;
}

/** Attempts at a user as login processes and as auth processes wrote them: the same tries, so the larger counts. */
interface UserTries {
  user: string;
  login: number;
  auth: number;
}

export function countTries(tried: TriedUsers, user: string, evidence: Evidence, attempts: number): void {
  const tries = triesAt(tried, boundedName(user));
  if (tries !== undefined) tries[evidence === "auth" ? "auth" : "login"] += attempts;
}

/** Users and their attempts, the most tried first. */
export function mostTried({ tries }: TriedUsers): [user: string, attempts: number][] {
  const counts = tries.map(({ user, login, auth }): [string, number] => [user, Math.max(login, auth)]);
  return counts.sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
}

/** A name no longer than LONGEST_NAME; by way of bytes, as a part of a string would keep the whole in memory. */
export function boundedName(user: string): string {
  if (user.length <= LONGEST_NAME) return user;
  const hash = createHash("sha256").update(user).digest("hex").slice(0, 16);
  return Buffer.from(`${user.slice(0, LONGEST_NAME - 17)}~${hash}`).toString();
}

function triesAt(tried: TriedUsers, user: string): UserTries | undefined {
  const { tries, index } = tried;
  const known = index === undefined ? tries.find((one) => one.user === user) : index.get(user);
  if (known !== undefined || tries.length === USERS_TRACKED) return known;
  const made = { user, login: 0, auth: 0 };
  // a literal has room for one, a push would make it for 17
  if (tries.length === 0) tried.tries = [made];
  else tries.push(made);
  index?.set(user, made);
  if (tries.length === INDEXED_FROM) tried.index = new Map(tries.map((one) => [one.user, one]));
  return made;
}
