import type { EpochSeconds } from "./event.ts";
import type { Login } from "./login.ts";
import { ENTRY, USER_BITS, WIDTH } from "./login-entry.ts";

/** Numbers beside a login's entry, in columns: as those of `Login`, and the line in the batch. */
export const BESIDE_WIDTH = 4;
export const BESIDE = { LOCAL: 0, USER_FROM: 1, USER_TO: 2, LINE: 3 };

/** Logins that were read at once, good until more are read. */
export interface LoginBatch {
  /** How many there are. */
  size: number;
  /** An entry each; users as the taker has numbered them. */
  entries: Uint32Array;
  /** What an entry leaves out of each. */
  beside: Int32Array;
  /** When the latest was. */
  newest: EpochSeconds;
  /** How many of the lines read by the same call came before the batch's first. */
  linesBefore: number;
  /** What `Login.bytes` is. */
  bytes: Buffer;
}

/** Who counts logins that were read at once. */
export interface LoginTaker {
  /** Numbers users for the batches. */
  readonly users: UserNumbers;
  take(batch: LoginBatch): void;
}

export interface UserNumbers {
  /** Above 0, always the same for a name once it has one; 0 where it gets none. @param isProper whether the user has logged in */
  numberIn(bytes: Buffer, from: number, to: number, isProper: boolean): number;
}

/** Puts one of a batch into `login`. */
export function loginAt({ entries, beside, bytes }: LoginBatch, index: number, login: Login): Login {
  const entry = index * WIDTH;
  const other = index * BESIDE_WIDTH;
  login.at = entries[entry + ENTRY.FIRST]!;
  login.code = entries[entry + ENTRY.CODE_AND_USER]! >>> USER_BITS;
  login.attempts = entries[entry + ENTRY.ATTEMPTS]!;
  login.address = entries[entry + ENTRY.ADDRESS]!;
  login.local = beside[other + BESIDE.LOCAL]!;
  login.bytes = bytes;
  login.userFrom = beside[other + BESIDE.USER_FROM]!;
  login.userTo = beside[other + BESIDE.USER_TO]!;
  return login;
}

/** The line of one of a batch, from 0. */
export function lineAt({ beside }: LoginBatch, index: number): number {
  return beside[index * BESIDE_WIDTH + BESIDE.LINE]!;
}
