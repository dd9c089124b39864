import { captured, USER } from "./captured.ts";
import type { Login } from "./login.ts";
import { isAt } from "./places.ts";

/** What daemons write where there is no name. */
const QUESTION = Buffer.from("?");
const UNAVAILABLE = Buffer.from("(unavailable)");

/** Says where the user's name stands, if a shape has captured one. */
export function placeUser(login: Login, bytes: Buffer): void {
  const from = captured[USER]!;
  const to = captured[USER + 1]!;
  const isNoName = is(bytes, from, to, QUESTION) || is(bytes, from, to, UNAVAILABLE);
  login.userFrom = from >= to || isNoName ? -1 : from;
  login.userTo = to;
}

function is(bytes: Buffer, from: number, to: number, name: Buffer): boolean {
  return to - from === name.length && isAt(bytes, from, name);
}
