import { expect, test } from "vitest";
import { failed, read, readLog, syslog } from "./read.ts";

const refused = (name: string, service = "IMAP", remote = "h.example.net / 203.0.113.7") =>
  syslog(
    "citserver",
    `user_ops: bad password specified for <${name}> Service <${service}> Port <143> Remote <${remote}>`,
  );
const citadel = { daemon: "citadel", user: "bob" } as const;

test.each([
  ["IMAP", "imap"],
  ["POP3", "pop3"],
  ["citadel-TCP", "auth"],
] as const)("a refused password, %s", (spoken, service) => {
  expect(read(refused("bob", spoken))).toEqual(failed({ ...citadel, service }));
});

test("an IPv6 address, and a client without a name", () => {
  expect(read(refused("bob", "IMAP", "h / 2001:db8::7"))?.ip).toBe("2001:db8::7");
  expect(read(refused("bob", "IMAP", " / 203.0.113.7"))?.ip).toBe("203.0.113.7");
});

test("nobody counts where no address is told", () => {
  expect(readLog([refused("bob", "Citadel-UDS", "localhost / ")])).toEqual({ events: [], unread: [] });
});

test.each([
  ["x> Service <IMAP> Port <143> Remote <h / 192.0.2.1>", "h / 203.0.113.7"],
  ["x> Service <IMAP> Port <143> Remote <h / >", "h / 203.0.113.7"],
  ["bob", "h / 192.0.2.1> Service <IMAP> Port <143> Remote <h / 203.0.113.7"],
  ["bob", "h / 192.0.2.1 / 203.0.113.7"],
])("what a client says moves and hides no address: %s, %s", (name, remote) => {
  expect(read(refused(name, "IMAP", remote))).toMatchObject({ outcome: "failure", ip: "203.0.113.7" });
});
