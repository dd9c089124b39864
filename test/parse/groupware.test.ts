import { describe, expect, test } from "vitest";
import { AT, failed, read, worked } from "./read.ts";

const webmail = { service: "webmail", user: "bob", at: AT } as const;

describe("SquirrelMail", () => {
  const squirrelmail = { ...webmail, daemon: "squirrelmail" } as const;
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
});

describe("Open WebMail", () => {
  const openwebmail = { ...webmail, daemon: "openwebmail" } as const;
  test.each([
    ["wrong password", "bob - login error - auth_unix.pl, ret -4, Password incorrect", failed(openwebmail)],
    ["no such user", "bob - login error - no such user - loginname=bob", failed(openwebmail)],
    [
      "the same once more",
      "bob - userinfo error - auth_unix.pl, ret -4, User bob doesn't exist",
      failed({ ...openwebmail, evidence: "summary" }),
    ],
    ["proper", "bob - login - bob*mail-session-0.123 - active=1,0,0", undefined],
    ["trouble", "bob - login error - auth_unix.pl, ret -3, passwd not readable", undefined],
  ])("%s", (_name, message, expected) => {
    expect(read(`Tue Nov 24 02:39:01 2026 - [4711] (203.0.113.7) ${message}`)).toEqual(expected);
  });

  test("what a client types moves no address", () => {
    const message = "x - [1] (192.0.2.1) y - login error - no such user - loginname=x";
    expect(read(`Tue Nov 24 02:39:01 2026 - [4711] (203.0.113.7) ${message}`)?.ip).toBe("203.0.113.7");
  });
});

describe("Group-Office", () => {
  const groupoffice = { ...webmail, daemon: "groupoffice" } as const;
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
});

describe("Tine 2.0", () => {
  const login = "WARN (4): Tinebase_Controller::login::106 Login with username";
  const tine20 = { ...webmail, daemon: "tine20" } as const;
  test.each([
    ["wrong password", "-- none -- -", `${login} bob from 203.0.113.7 failed (-3)!`, failed(tine20)],
    ["no such user", "-- none -- -", `${login} bob from 203.0.113.7 failed (-1)!`, failed(tine20)],
    ["with durations", "-- none -- 0ms 10ms -", `${login} bob from 203.0.113.7 failed (-3)!`, failed(tine20)],
    ["with a user", "alice -", `${login} bob from 203.0.113.7 failed (-3)!`, failed(tine20)],
    ["the directory is down", "-- none -- -", `${login} bob from 203.0.113.7 failed (-4)!`, undefined],
    [
      "hostile",
      "-- none -- -",
      `${login} x from 192.0.2.1 failed (-3)! from 203.0.113.7 failed (-3)!`,
      failed({ ...tine20, user: "x from 192.0.2.1 failed (-3)!" }),
    ],
  ])("%s", (_name, who, message, expected) => {
    expect(read(`8e035 ffff3 ${who} 2026-11-24T02:39:01+00:00 ${message}`)).toEqual(expected);
  });
});
