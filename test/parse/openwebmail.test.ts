import { expect, test } from "vitest";
import { AT, failed, read, worked } from "./read.ts";

const openwebmail = { service: "webmail", user: "bob", at: AT, daemon: "openwebmail" } as const;
test.each([
  ["wrong password", "bob - login error - auth_unix.pl, ret -4, Password incorrect", failed(openwebmail)],
  ["no such user", "bob - login error - no such user - loginname=bob", failed(openwebmail)],
  [
    "the same once more",
    "bob - userinfo error - auth_unix.pl, ret -4, User bob doesn't exist",
    failed({ ...openwebmail, evidence: "summary" }),
  ],
  ["proper", "bob - login - bob*mail-session-0.123 - active=1,0,0", worked(openwebmail)],
  ["trouble", "bob - login error - auth_unix.pl, ret -3, passwd not readable", undefined],
])("%s", (_name, message, expected) => {
  expect(read(`Tue Nov 24 02:39:01 2026 - [4711] (203.0.113.7) ${message}`)).toEqual(expected);
});

test("what a client types moves no address", () => {
  const message = "x - [1] (192.0.2.1) y - login error - no such user - loginname=x";
  expect(read(`Tue Nov 24 02:39:01 2026 - [4711] (203.0.113.7) ${message}`)?.ip).toBe("203.0.113.7");
});
