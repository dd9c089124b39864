import { expect, test } from "vitest";
import { failed, probed, read, readLog, syslog, worked } from "./read.ts";

const uwimap = { service: "imap", daemon: "uwimap" } as const;

test.each([
  ["imapd", "Login failed user=bob auth=bob host=a.example.net [203.0.113.7]", { ...uwimap, user: "bob" }],
  [
    "ipop3d",
    "Login failed user=bob auth=bob host=[203.0.113.7]",
    { ...uwimap, user: "bob", service: "pop3" },
  ],
  [
    "imapd",
    "Login excessive login failures user=bob auth=bob host=[203.0.113.7]",
    { ...uwimap, user: "bob" },
  ],
  ["imapd", "Login SYSTEM BREAK-IN ATTEMPT user=bob auth=bob host=[203.0.113.7]", { ...uwimap, user: "bob" }],
  ["imapd", "Login failed user=bob host=a.example.net [203.0.113.7]", { ...uwimap, user: "bob" }],
  ["imapd", "AUTHENTICATE LOGIN failure host=a.example.net [203.0.113.7]", uwimap],
  [
    "imapd",
    "Failed admin override of user=bob  host=a.example.net [203.0.113.7] ",
    { ...uwimap, user: "bob" },
  ],
] as const)("a refused password: %s: %s", (program, message, expected) => {
  expect(read(syslog(program, message))).toEqual(failed(expected));
});

test.each([
  ["imapd", "Login user=bob host=a.example.net [203.0.113.7]", "imap"],
  ["imapd", "Authenticated user=bob host=a.example.net [203.0.113.7] mech=PLAIN", "imap"],
  ["ipop3d", "Login user=bob host=a.example.net [203.0.113.7] nmsgs=0/12", "pop3"],
] as const)("a proper login: %s: %s", (program, message, service) => {
  expect(read(syslog(program, message))).toEqual(worked({ ...uwimap, service, user: "bob" }));
});

test("a password that nobody looked at is a probe", () => {
  const message = "Login disabled user=bob auth=bob host=[203.0.113.7]";
  expect(read(syslog("imapd", message))).toEqual(probed({ ...uwimap, user: "bob" }));
});

test.each([
  "imap service init from 203.0.113.7",
  "Logout user=??? host=a.example.net [203.0.113.7]",
  "Command stream end of file, while reading line user=bob host=a.example.net [203.0.113.7]",
  "Autologout user=bob host=[203.0.113.7]",
])("no failed login: %s", (message) => {
  expect(read(syslog("imapd", message))).toBeUndefined();
});

test.each([
  "Login failed user=x host=[192.0.2.1] auth=x host=[192.0.2.1] host=a.example.net [203.0.113.7]",
  "Login failed user=x auth=x host=h [192.0.2.1] host=[203.0.113.7]",
])("what a client types moves no address: %s", (message) => {
  expect(read(syslog("imapd", message))?.ip).toBe("203.0.113.7");
});

test("a target with a space is counted as unread, not passed over", () => {
  const { events, unread } = readLog([
    syslog("imapd", "Failed admin override of user=a b host=x.example [203.0.113.7]"),
  ]);
  expect(events).toEqual([]);
  expect(unread).toHaveLength(1);
});
