import { expect, test } from "vitest";
import { AT, failed, read, readLog, syslog } from "./read.ts";

const refused = (name: string, server = "smtpserver") =>
  syslog(
    "mox",
    `l=info m="failed authentication attempt" pkg=${server} username=${name} remote=203.0.113.7 cid=18f4d2 delta=1.2s`,
  );
const mox = { daemon: "mox", service: "smtp", at: AT } as const;

test.each([
  [refused("bob@example.org"), { ...mox, user: "bob@example.org" }],
  [refused("bob", "imapserver"), { ...mox, service: "imap" as const, user: "bob" }],
  [refused('"bob baker"'), { ...mox, user: "bob baker" }],
  [refused('"x remote=192.0.2.1 cid=1"'), { ...mox, user: "x remote=192.0.2.1 cid=1" }],
  [refused("bob").replace("203.0.113.7", "2001:db8::7"), { ...mox, user: "bob", ip: "2001:db8::7" }],
  [refused(""), mox],
  [refused("bob").replace("1.2s", '"812.4µs"'), { ...mox, user: "bob" }],
  [`${refused("bob")} username=ann@example.org`, { ...mox, user: "bob" }],
])("a refused password: %s", (line, expected) => {
  expect(read(line)).toEqual(failed(expected));
});

test("the name in a certificate does not stand for the address", () => {
  const name = String.raw`"\"x\" remote=192.0.2.1 cid=1 delta=1s\"@example.org"`;
  for (const line of [`${refused("bob")} username=${name}`, `${refused('"bob baker"')} username=${name}`])
    expect(readLog([line])).toMatchObject({ events: [], unread: [expect.any(String)] });
});

test("an address that a header may have told is left open", () => {
  expect(readLog([refused("bob", "webaccount")])).toMatchObject({ events: [], unread: [expect.any(String)] });
});

test("no failed login", () => {
  const line = syslog("mox", 'l=info m="new connection" pkg=smtpserver remote=203.0.113.7:50118 cid=18f4d2');
  expect(read(line)).toBeUndefined();
});
