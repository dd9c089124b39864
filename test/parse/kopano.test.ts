import { describe, expect, test } from "vitest";
import { failed, read, readLog, syslog, worked } from "./read.ts";

const REFUSED = "logon failed (80040111)";
const kopano = (name: string, how = REFUSED, from = "203.0.113.7:50118") =>
  syslog(
    "kopano-gateway",
    `Failed to login from [${from}] with invalid username "${name}" or wrong password: ${how}`,
  );
const zarafa = (name: string, code = "0x80040111", from = "203.0.113.7:50118") =>
  syslog(
    "zarafa-gateway",
    `Failed to login from ${from} with invalid username "${name}" or wrong password. Error: ${code}`,
  );
const bob = { daemon: "kopano", user: "bob" } as const;

test.each([
  ["Kopano", kopano("bob")],
  ["Kopano, both families", kopano("bob", REFUSED, "[::ffff:203.0.113.7]:50118")],
  ["Zarafa", zarafa("bob")],
  ["Zarafa, both families", zarafa("bob", "0x80040111", "[::ffff:203.0.113.7]:50118")],
])("a refused password: %s", (_name, line) => {
  expect(read(line)).toEqual(failed(bob));
});

test("an IPv6 address", () => {
  expect(read(kopano("bob", REFUSED, "[2001:db8::7]:50118"))?.ip).toBe("2001:db8::7");
});

test.each([
  ["imap", 'IMAP Login from [203.0.113.7:50118] for user "bob"'],
  ["pop3", 'POP3 login from [[::ffff:203.0.113.7]:50118] for user "bob"'],
  ["imap", "IMAP Login from 203.0.113.7:50118 for user bob"],
  ["pop3", "POP3 Login from 203.0.113.7:50118 for user bob"],
] as const)("a proper login, %s: %s", (service, message) => {
  expect(read(syslog("kopano-gateway", message))).toEqual(worked({ ...bob, service }));
});

test.each([kopano("bob", "network error (80040115)"), zarafa("bob", "0x80040115")])(
  "trouble is no failed login: %s",
  (line) => {
    expect(readLog([line])).toEqual({ events: [], unread: [] });
  },
);

test("another client is reported", () => {
  const { events, unread } = readLog([kopano("bob", REFUSED, "<indeterminate>")]);
  expect(events).toEqual([]);
  expect(unread).toHaveLength(1);
});

describe("what a client types moves and hides no address", () => {
  test.each([
    'x" or wrong password: network error (80040115)',
    'x" or wrong password. Error: 0x80040115',
    'x" or wrong password',
    'Failed to login from [192.0.2.1:1] with invalid username "y',
    '"',
  ])("%s", (name) => {
    expect(read(kopano(name))).toEqual(failed({ ...bob, user: name }));
    expect(read(zarafa(name))).toEqual(failed({ ...bob, user: name }));
  });
});
