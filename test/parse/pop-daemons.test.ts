import { describe, expect, test } from "vitest";
import { failed, probed, read, readLog, syslog, worked } from "./read.ts";

describe("qpopper", () => {
  const qpopper = { service: "pop3", daemon: "qpopper", user: "bob" } as const;
  const told = 'bob at a.example.net (203.0.113.7): -ERR [AUTH] Password supplied for "bob" is incorrect.';

  test("what the client is told counts, what is written beside it is told apart", () => {
    const beside =
      "[AUTH] Failed attempted login to bob from host (a.example.net) 203.0.113.7 [pop_pass.c:1295]";
    expect(read(syslog("popper", told))).toEqual(failed(qpopper));
    expect(read(syslog("popper", beside))).toEqual(failed({ ...qpopper, evidence: "summary" }));
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
});

describe("Solid POP3 daemon", () => {
  test.each([
    "authentication failed: no such user: bob - 203.0.113.7",
    "authentication failed: can't map user name: bob - 203.0.113.7",
    "authentication failed for user bob - 203.0.113.7",
    "APOP authentication failed for user bob - 203.0.113.7",
    "can't find APOP secret for user bob - 203.0.113.7",
    "authentication failed for user bob - a.example.net [203.0.113.7]",
  ])("%s", (message) => {
    expect(read(syslog("solid-pop3d", message))).toEqual(
      failed({ service: "pop3", daemon: "solid-pop3d", user: "bob" }),
    );
  });

  test("what a client types moves no address", () => {
    const message = "authentication failed for user x - 192.0.2.1 - 203.0.113.7";
    expect(read(syslog("solid-pop3d", message))?.ip).toBe("203.0.113.7");
  });
});

test("cucipop", () => {
  expect(read(syslog("cucipop", "authentication failure bob 2001:db8::7"))).toEqual(
    failed({ service: "pop3", daemon: "cucipop", user: "bob", ip: "2001:db8::7" }),
  );
});

describe("vpopmail", () => {
  const vpopmail = { service: "pop3", daemon: "vpopmail", user: "bob@example.org" } as const;

  test.each([
    ["vchkpw-pop3: password fail bob@example.org:203.0.113.7", vpopmail],
    [
      "vchkpw-smtp: password fail (pass: 'a b') bob@example.org:203.0.113.7",
      { ...vpopmail, service: "smtp" },
    ],
    [
      "vchkpw-imap: vpopmail user not found bob@example.org:::ffff:203.0.113.7",
      { ...vpopmail, service: "imap" },
    ],
    [
      "vchkpw-submission: null password given bob@example.org:203.0.113.7",
      { ...vpopmail, service: "submission" },
    ],
    ["vchkpw: system password fail bob:203.0.113.7", { ...vpopmail, service: "auth", user: "bob" }],
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
});

describe("Perdition", () => {
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
});
