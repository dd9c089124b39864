import { expect, test } from "vitest";
import { failed, read, readLog, syslog } from "./read.ts";

test.each([
  "User 'bob' - failed auth, from=203.0.113.7",
  "User 'bob' - failed auth, domain=example.org, from=203.0.113.7",
])("a refused password: %s", (message) => {
  expect(read(syslog("vm-pop3d", message))).toEqual(
    failed({ service: "pop3", daemon: "vm-pop3d", user: "bob" }),
  );
});

test("what a client types moves no address", () => {
  const message = "User 'x' - failed auth, from=192.0.2.1' - failed auth, from=203.0.113.7";
  expect(read(syslog("vm-pop3d", message))?.ip).toBe("203.0.113.7");
});

test("a domain that holds an address leaves it open who it was", () => {
  const message = "User 'x' - failed auth, domain=y, from=192.0.2.1, from=203.0.113.7";
  const { events, unread } = readLog([syslog("vm-pop3d", message)]);
  expect(events).toEqual([]);
  expect(unread).toHaveLength(1);
});
