import { describe, expect, test } from "vitest";
import { failed, read, readLog, syslog, worked } from "./read.ts";

const END = "tried to login with wrong password";
const pop3 = (name: string, from = "203.0.113.7") =>
  syslog("dbmail/pop3d", `Error:[pop3] pop3(+472): user [${name}] coming from [${from}] ${END}`);
const AUTH = "Notice:[imap] dbmail_imap_session_handle_auth(+1289): [0x7f3a5c0018b0] login";
const imap = (name: string, from = "203.0.113.7:50118") =>
  syslog("dbmail/imap4d", `${AUTH} rejected: user [${name}] from [${from}]`);
const dbmail = { daemon: "dbmail", user: "bob" } as const;

test("a refused password, POP3", () => {
  expect(read(pop3("bob"))).toEqual(failed({ ...dbmail, service: "pop3" }));
  expect(read(pop3("bob", "2001:db8::7"))?.ip).toBe("2001:db8::7");
});

test("a refused password, IMAP", () => {
  expect(read(imap("bob"))).toEqual(failed({ ...dbmail, service: "imap" }));
  expect(read(imap("bob", "::ffff:203.0.113.7:50118"))).toEqual(failed({ ...dbmail, service: "imap" }));
});

test.each(["", "id [12] "])("a proper login, IMAP: %s", (id) => {
  const message = `${AUTH} accepted: ${id}user [bob] from [203.0.113.7:50118]`;
  expect(read(syslog("dbmail/imap4d", message))).toEqual(worked({ ...dbmail, service: "imap" }));
});

test("an IPv6 address before a port is reported, as the port could be a part of it", () => {
  const { events, unread } = readLog([imap("bob", "2001:db8::7:5011")]);
  expect(events).toEqual([]);
  expect(unread).toHaveLength(1);
});

test.each([
  ["what a client sends, at level debug", `Debug:[pop3] pop3(+300): incoming buffer: [${pop3("x")}]`],
  ["the same, to its end", `Debug:[x] y(+1): user [x] coming from [192.0.2.1] ${END}`],
])("other lines tell of nobody: %s", (_name, message) => {
  expect(readLog([syslog("dbmail/pop3d", message)])).toEqual({ events: [], unread: [] });
});

describe("what a client types moves no address", () => {
  const names = [
    `x] coming from [192.0.2.1] ${END}`,
    "x] coming from [192.0.2.1",
    "x] from [192.0.2.1:1]",
    "x] from [192.0.2.1:1",
    "]",
    "x y",
  ];
  test.each(names)("POP3: %s", (name) => {
    expect(read(pop3(name))).toEqual(failed({ ...dbmail, service: "pop3", user: name }));
  });

  test.each(names)("IMAP, it is reported: %s", (name) => {
    const { events, unread } = readLog([imap(name)]);
    expect(events).toEqual([]);
    expect(unread).toHaveLength(1);
  });

  test.each([pop3, imap])("where the message is cut within a name", (line) => {
    const tail = line("", "192.0.2.1").replace(/^.*?user \[/, "");
    const whole = line("");
    const room = 4094 - whole.slice(0, whole.indexOf("user [") + 6).replace(/^.*\(\+\d+\): /, "").length;
    const name = "x".repeat(room - tail.length) + tail;
    const cut = whole.slice(0, whole.indexOf("user [") + 6) + name;
    expect(readLog([cut])).toMatchObject({ events: [], unread: [expect.anything()] });
  });
});
