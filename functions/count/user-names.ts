import { createHash } from "node:crypto";

/** Different users kept per address and day; further ones count as attempts only. */
export const USERS_TRACKED = 256;

/** Different users kept per tally, over all addresses: an attacker can make up any number of names. */
const USERS_IN_ALL = 262_144;

/** Characters kept of a user's name. Clients type what they like; longer ones go on with their hash. */
const LONGEST_NAME = 128;

/** Names of users, numbered from 1. */
export interface UserNames {
  numbers: Map<string, number>;
  /** The name of number n at n - 1, and its hash. */
  names: string[];
  hashes: number[];
}

export function createUserNames(): UserNames {
  return { numbers: new Map(), names: [], hashes: [] };
}

/** The number of a user; 0 for a new one where there are too many. */
export function userNumber({ numbers, names, hashes }: UserNames, user: string): number {
  const name = boundedName(user);
  const known = numbers.get(name);
  if (known !== undefined) return known;
  if (names.length === USERS_IN_ALL) return 0;
  const number = names.push(name);
  hashes.push(hashOf(name));
  numbers.set(name, number);
  return number;
}

/** Whether further names have no number. */
export function isFull({ names }: UserNames): boolean {
  return names.length === USERS_IN_ALL;
}

/** FNV-1a. */
function hashOf(name: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** A name no longer than LONGEST_NAME; by way of bytes, as a part of a string would keep the whole in memory. */
function boundedName(user: string): string {
  if (user.length <= LONGEST_NAME) return user;
  const hash = createHash("sha256").update(user).digest("hex").slice(0, 16);
  return Buffer.from(`${user.slice(0, LONGEST_NAME - 17)}~${hash}`).toString();
}
