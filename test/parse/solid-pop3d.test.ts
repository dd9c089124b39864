import { expect, test } from "vitest";
import { failed, read, syslog } from "./read.ts";

test.each([
  "authentication failed: no such user: bob - 203.0.113.7",
  "authentication failed: can't map user name: bob - 203.0.113.7",
  "authentication failed for user bob - 203.0.113.7",
  "APOP authentication failed for user bob - 203.0.113.7",
  "APOP authentication failed for mapped user bob - 203.0.113.7",
  "can't find APOP secret for user bob - 203.0.113.7",
  "authentication failed for mapped user bob - 203.0.113.7",
  "authentication failed for user bob - a.example.net [203.0.113.7]",
])("%s", (message) => {
  expect(read(syslog("solid-pop3d", message))).toEqual(
    failed({ service: "pop3", daemon: "solid-pop3d", user: "bob" }),
  );
});

test("root, whatever the password is", () => {
  expect(read(syslog("solid-pop3d", "root login not allowed - 203.0.113.7"))).toEqual(
    failed({ service: "pop3", daemon: "solid-pop3d" }),
  );
});

test("what a client types moves no address", () => {
  const message = "authentication failed for user x - 192.0.2.1 - 203.0.113.7";
  expect(read(syslog("solid-pop3d", message))?.ip).toBe("203.0.113.7");
});
