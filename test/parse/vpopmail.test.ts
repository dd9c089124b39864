import { expect, test } from "vitest";
import { failed, read, readLog, syslog, worked } from "./read.ts";

const vpopmail = { service: "pop3", daemon: "vpopmail", user: "bob@example.org" } as const;

test.each([
  ["vchkpw-pop3: password fail bob@example.org:203.0.113.7", vpopmail],
  ["vchkpw-smtp: password fail (pass: 'a b') bob@example.org:203.0.113.7", { ...vpopmail, service: "smtp" }],
  [
    "vchkpw-imap: vpopmail user not found bob@example.org:::ffff:203.0.113.7",
    { ...vpopmail, service: "imap" },
  ],
  [
    "vchkpw-submission: null password given bob@example.org:203.0.113.7",
    { ...vpopmail, service: "submission" },
  ],
  ["vchkpw: system password fail bob:203.0.113.7", { ...vpopmail, service: "auth", user: "bob" }],
  ["vchkpw-2525: password fail bob@example.org:203.0.113.7", { ...vpopmail, service: "auth" }],
  ["vchkpw-pop3: vpopmail user not found abuse@:203.0.113.7", { ...vpopmail, user: "abuse@" }],
] as const)("a refused password: %s", (message, expected) => {
  expect(read(syslog("vpopmail", message))).toEqual(failed(expected));
});

test("a proper login", () => {
  const message = "vchkpw-pop3: (PLAIN) login success bob@example.org:203.0.113.7";
  expect(read(syslog("vpopmail", message))).toEqual(worked(vpopmail));
});

test.each([
  "vchkpw-pop3: password fail x:192.0.2.1:203.0.113.7",
  "vchkpw-pop3: password fail (pass: 'x') y:192.0.2.1') z:192.0.2.1:203.0.113.7",
])("what a client types moves no address: %s", (message) => {
  expect(read(syslog("vpopmail", message))?.ip).toBe("203.0.113.7");
});

test("IPv6 cannot be told from a name's end: it is reported", () => {
  const { events, unread } = readLog([syslog("vpopmail", "vchkpw-pop3: password fail bob:2001:db8::7")]);
  expect(events).toEqual([]);
  expect(unread).toHaveLength(1);
});
