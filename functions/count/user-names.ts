import { createHash } from "node:crypto";

/** Different users kept per address and day; further ones count as attempts only. */
export const USERS_TRACKED = 256;

/** Different users kept per tally, over all addresses: an attacker can make up any number of names. */
const USERS_IN_ALL = 262_144;

/** Characters kept of a user's name. Clients type what they like; longer ones go on with their hash. */
const LONGEST_NAME = 128;

/** Names of users, numbered. */
export interface UserNames {
  ids: Map<string, number>;
  names: string[];
}

export function createUserNames(): UserNames {
  return { ids: new Map(), names: [] };
}

/** The number of a user; undefined for a new one where there are too many. */
export function userId({ ids, names }: UserNames, user: string): number | undefined {
  const name = boundedName(user);
  const known = ids.get(name);
  if (known !== undefined || names.length === USERS_IN_ALL) return known;
  const id = names.push(name) - 1;
  ids.set(name, id);
  return id;
}

/** A name no longer than LONGEST_NAME; by way of bytes, as a part of a string would keep the whole in memory. */
function boundedName(user: string): string {
  if (user.length <= LONGEST_NAME) return user;
  const hash = createHash("sha256").update(user).digest("hex").slice(0, 16);
  return Buffer.from(`${user.slice(0, LONGEST_NAME - 17)}~${hash}`).toString();
}
