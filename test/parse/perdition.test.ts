import { expect, test } from "vitest";
import { failed, probed, read, syslog, worked } from "./read.ts";

const ends = "203.0.113.7:50118->192.0.2.25:993";
const line = (id: string, status: string) =>
  `Auth: ${ends} client-secure=ssl authorisation_id=NONE authentication_id="${id}" server="imap.example.org:993" protocol=IMAP4S server-secure=ssl status="${status}"`;
const perdition = { service: "imap", daemon: "perdition", user: "bob", local: "192.0.2.25" } as const;

test.each(["Re-Authentication Failure", "local authentication failure"])(
  "a refused password: %s",
  (reason) => {
    expect(read(syslog("perdition.imaps", line("bob", `failed: ${reason}`)))).toEqual(failed(perdition));
  },
);

test("a proper login", () => {
  expect(read(syslog("perdition.pop3", line("bob", "ok")))).toEqual(
    worked({ ...perdition, service: "pop3" }),
  );
});

test("as older ones have it, without ports", () => {
  const old = 'Auth: 203.0.113.7->192.0.2.25 user="bob" server="imap.example.org" port="143" status=';
  expect(read(syslog("perdition", `${old}"failed: Re-Authentication Failure"`))).toEqual(failed(perdition));
  expect(read(syslog("perdition", `${old}"ok"`))).toEqual(worked(perdition));
});

test("a client that goes before it has said who it is probes", () => {
  const message = `Fatal Error reading authentication information from client ${ends}: Exiting child`;
  expect(read(syslog("perdition", message))).toEqual(probed({ ...perdition, user: undefined }));
});

test("the real server is down", () => {
  expect(read(syslog("perdition", line("bob", "failed: Could not connect to server")))).toBeUndefined();
});

test("what a client types moves nothing", () => {
  const id = 'x" server="y" status="ok';
  const event = read(syslog("perdition", line(id, "failed: Re-Authentication Failure")));
  expect(event).toEqual(failed({ ...perdition, user: id }));
});
