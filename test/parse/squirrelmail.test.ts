import { expect, test } from "vitest";
import { AT, failed, read, worked } from "./read.ts";

const squirrelmail = { service: "webmail", user: "bob", at: AT, daemon: "squirrelmail" } as const;
test.each([
  [
    "refused",
    "[LOGIN_ERROR] bob (example.org) from 203.0.113.7: Unknown user or password incorrect.",
    failed(squirrelmail),
  ],
  [
    "refused, in German",
    "[LOGIN_ERROR] bob (example.org) from 203.0.113.7: Unbekannter Benutzer.",
    failed(squirrelmail),
  ],
  ["proper", "[LOGIN] bob (example.org) from 203.0.113.7: ", worked(squirrelmail)],
  [
    "trouble",
    "[LOGIN_ERROR] bob (example.org) from 203.0.113.7: Connection dropped by IMAP server.",
    undefined,
  ],
])("%s", (_name, message, expected) => {
  expect(read(`11/24/2026 02:39:01 ${message}`)).toEqual(expected);
});

test("what a client types moves no address", () => {
  const message =
    "[LOGIN_ERROR] x (y) from 192.0.2.1: Unknown. (example.org) from 203.0.113.7: Unknown user.";
  expect(read(`11/24/2026 02:39:01 ${message}`)?.ip).toBe("203.0.113.7");
});
