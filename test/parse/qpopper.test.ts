import { expect, test } from "vitest";
import { failed, probed, read, syslog, worked } from "./read.ts";

const qpopper = { service: "pop3", daemon: "qpopper", user: "bob" } as const;
const told = 'bob at a.example.net (203.0.113.7): -ERR [AUTH] Password supplied for "bob" is incorrect.';

test("what the client is told counts, what is written beside it is told apart", () => {
  const beside =
    "[AUTH] Failed attempted login to bob from host (a.example.net) 203.0.113.7 [pop_pass.c:1295]";
  expect(read(syslog("popper", told))).toEqual(failed(qpopper));
  expect(read(syslog("popper", beside))).toEqual(failed({ ...qpopper, evidence: "summary" }));
});

test("a name without a password probes", () => {
  const message = "Possible probe of account bob from host a.example.net (203.0.113.7) [pop_quit.c:20]";
  expect(read(syslog("popper", message))).toEqual(probed(qpopper));
});

test("a proper login", () => {
  const message = '(v4.0.5) POP login by user "bob" at (a.example.net) 203.0.113.7 [pop_log.c:244]';
  expect(read(syslog("popper", message))).toEqual(worked(qpopper));
});

test.each([
  "bob at a.example.net (203.0.113.7): -ERR [IN-USE] bob lock busy",
  "bob at a.example.net (203.0.113.7): -ERR [AUTH] You must use stronger authentication",
  "Stats: bob 0 0 0 0 a.example.net 203.0.113.7",
])("no failed login: %s", (message) => {
  expect(read(syslog("popper", message))).toBeUndefined();
});

test("a name without spaces moves no address", () => {
  const message =
    'x(192.0.2.1):-ERR at a.example.net (203.0.113.7): -ERR [AUTH] Password supplied for "x" is incorrect.';
  expect(read(syslog("popper", message))?.ip).toBe("203.0.113.7");
});

test("a long name hides nobody", () => {
  const user = "b".repeat(1_000);
  expect(read(syslog("popper", told.replace("bob", user)))).toEqual(failed({ ...qpopper, user }));
});
