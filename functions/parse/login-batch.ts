import type { EpochSeconds } from "./event.ts";
import type { Login } from "./login.ts";

/** Numbers a login of a batch, in columns: as those of `Login`, the user's as the taker has numbered it, and the line in the batch. */
export const LOGIN_WIDTH = 9;
export const LOGIN = {
  AT: 0,
  CODE: 1,
  ATTEMPTS: 2,
  ADDRESS: 3,
  LOCAL: 4,
  USER: 5,
  USER_FROM: 6,
  USER_TO: 7,
  LINE: 8,
};

/** Logins that were read at once, good until more are read. */
export interface LoginBatch {
  numbers: Uint32Array;
  /** How many of them there are. */
  end: number;
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

/** Puts the login at place `at` of a batch into `login`. */
export function loginAt({ numbers, bytes }: LoginBatch, at: number, login: Login): Login {
  login.at = numbers[at + LOGIN.AT]! satisfies EpochSeconds;
  login.code = numbers[at + LOGIN.CODE]!;
  login.attempts = numbers[at + LOGIN.ATTEMPTS]!;
  login.address = numbers[at + LOGIN.ADDRESS]!;
  // -1 stands there as 32 bits
  login.local = numbers[at + LOGIN.LOCAL]! | 0;
  login.bytes = bytes;
  login.userFrom = numbers[at + LOGIN.USER_FROM]! | 0;
  login.userTo = numbers[at + LOGIN.USER_TO]!;
  return login;
}
