import { expect, test } from "vitest";
import { AT, failed, read, worked } from "./read.ts";

const groupoffice = { service: "webmail", user: "bob", at: AT, daemon: "groupoffice" } as const;
test.each([
  ["refused", 'LOGIN FAILED for user: "bob" from IP: 203.0.113.7', failed(groupoffice)],
  ["proper", 'LOGIN SUCCESS for user: "bob" from IP: 203.0.113.7', worked(groupoffice)],
  [
    "hostile",
    'LOGIN FAILED for user: "x" from IP: 192.0.2.1" from IP: 203.0.113.7',
    failed({ ...groupoffice, user: 'x" from IP: 192.0.2.1' }),
  ],
])("%s", (_name, message, expected) => {
  expect(read(`[2026-11-24 02:39:01]${message}`)).toEqual(expected);
});
