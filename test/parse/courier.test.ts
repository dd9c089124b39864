import { describe, expect, test } from "vitest";
import type { LoginEvent } from "../../functions/parse/event.ts";
import { failed, probed, read, readLog, syslog, worked } from "./read.ts";

const courier = (given: Partial<LoginEvent>) => ({ service: "imap", daemon: "courier", ...given }) as const;

describe("a refused password", () => {
  test.each([
    ["imapd", "LOGIN FAILED, user=bob@example.org, ip=[::ffff:203.0.113.7]", "imap", "bob@example.org"],
    ["imapd-ssl", "LOGIN FAILED, user=bob, ip=[::ffff:203.0.113.7], port=[50118]", "imap", "bob"],
    ["pop3d", "LOGIN FAILED, method=PLAIN, ip=[::ffff:203.0.113.7]", "pop3", undefined],
    ["pop3d-ssl", "LOGIN FAILED, user=bob, ip=[203.0.113.7]", "pop3", "bob"],
    ["courierpop3d-ssl", "LOGIN FAILED, user=bob, ip=[::ffff:203.0.113.7]", "pop3", "bob"],
    ["courier-imapd-ssl", "LOGIN FAILED, user=bob, ip=[::ffff:203.0.113.7]", "imap", "bob"],
    ["imaplogin", "LOGIN FAILED: ip=[::ffff:203.0.113.7]", "imap", undefined],
    ["courierpop3login", "LOGIN FAILED, ip=[::ffff:203.0.113.7]", "pop3", undefined],
    ["imaplogin", "LOGIN FAILED, ip=[::ffff:203.0.113.7]", "imap", undefined],
    [
      "courieresmtpd",
      'error,relay=::ffff:203.0.113.7,msg="535 Authentication failed.",cmd: Ym9i',
      "smtp",
      undefined,
    ],
    [
      "courieresmtpd",
      'error,relay=::ffff:203.0.113.7,port=44655,ident="x [192.0.2.1]",msg="535 Authentication failed.",cmd: AUTH PLAIN root',
      "smtp",
      undefined,
    ],
    [
      "courieresmtpd",
      'error,relay=::ffff:203.0.113.7,port=50118,msg="535 Authentication failed.",cmd: AUTH LOGIN',
      "smtp",
      undefined,
    ],
    [
      "courieresmtpd",
      'error,relay=::ffff:203.0.113.7,msg="535 5.7.8 Authentication failed.",cmd: AUTH LOGIN',
      "smtp",
      undefined,
    ],
    [
      "courieresmtpd",
      'error,relay=::ffff:203.0.113.7,from=<a@example.net>,msg="535 Authentication failed.",cmd: x',
      "smtp",
      undefined,
    ],
  ] as const)("%s: %s", (program, message, service, user) => {
    expect(read(syslog(program, message))).toEqual(failed(courier({ service, user })));
  });
});

test.each([
  ["imapd", "LOGIN, user=bob, ip=[::ffff:203.0.113.7], port=[50118], protocol=IMAP", "imap"],
  ["pop3d", "LOGIN, user=bob, ip=[::ffff:203.0.113.7], port=[50118]", "pop3"],
  ["pop3d-ssl", "LOGIN, user=bob, ip=[::ffff:203.0.113.7]", "pop3"],
  [
    "courierd",
    "newmsg,id=000000000000009C.000000006B0DB7F8.0000012D, auth=bob: dns; client.example ([::ffff:203.0.113.7])",
    "smtp",
  ],
  [
    "courierd",
    "newmsg,id=000000000000009C.000000006B0DB7F8.0000012D, auth=bob: dns; x ([192.0.2.1]) (client.example.net [203.0.113.7])",
    "smtp",
  ],
] as const)("a proper login: %s", (program, message, service) => {
  expect(read(syslog(program, message))).toEqual(worked(courier({ service, user: "bob" })));
});

test.each([
  ["imapd", "DISCONNECTED, user=bob, ip=[::ffff:203.0.113.7], headers=0, body=0, rcvd=9, sent=9, time=1"],
  ["imapd", "LOGOUT, ip=[::ffff:203.0.113.7], rcvd=9, sent=9"],
  ["imapd", "Connection, ip=[::ffff:203.0.113.7]"],
  ["imapd", "couriertls: accept: error:1408A0C1:SSL routines"],
  ["pop3d", "Maximum connection limit reached for ::ffff:203.0.113.7"],
  [
    "courieresmtpd",
    "error,relay=::ffff:203.0.113.7,from=<a@example.net>,to=<b@example.org>: 550 User unknown.",
  ],
])("no failed login: %s: %s", (program, message) => {
  expect(read(syslog(program, message))).toBeUndefined();
});

test.each(["method=FOO", "method=", "method=PLAIN,RIP=192.0.2.1,LIP=1", "method=PLAIN, ip=[192.0.2.1]"])(
  "a probe, as no password is read for such a mechanism: %s",
  (method) => {
    const line = syslog("imapd", `LOGIN FAILED, ${method}, ip=[::ffff:203.0.113.7], port=[50118]`);
    expect(read(line)).toEqual(probed(courier({})));
  },
);

describe("what a client types moves no address", () => {
  test.each([
    ["imapd", "LOGIN FAILED, user=x, ip=[192.0.2.1], ip=[::ffff:203.0.113.7]"],
    ["imapd", "LOGIN FAILED, user=x, ip=[192.0.2.1], port=[1], ip=[::ffff:203.0.113.7], port=[50118]"],
    ["imapd", "LOGIN FAILED, user=LOGIN, user=y, ip=[192.0.2.1], protocol=IMAP, ip=[::ffff:203.0.113.7]"],
    [
      "courieresmtpd",
      'error,relay=::ffff:203.0.113.7,msg="535 Authentication failed.",cmd: error,relay=192.0.2.1,msg="535 Authentication failed.",cmd: x',
    ],
  ])("%s: %s", (program, message) => {
    expect(read(syslog(program, message))?.ip).toBe("203.0.113.7");
  });

  test("where courierlogger cut the line off, nobody counts", () => {
    const name = `${"x".repeat(478 - 37)}, ip=[192.0.2.1]`;
    const { events, unread } = readLog([syslog("imapd", `LOGIN FAILED, user=${name}${"y".repeat(40)}`)]);
    expect(events).toEqual([]);
    expect(unread).toEqual(["courier: LOGIN FAILED"]);
  });
});

test.each(['"a b"@c.example', `${"a".repeat(200)}@c.example`])(
  "a refusal with the sender %s is at least counted as unread",
  (sender) => {
    const line = `error,relay=203.0.113.7,from=<${sender}>,msg="535 Authentication failed.",cmd: AUTH LOGIN`;
    expect(readLog([syslog("courieresmtpd", line)]).unread).toHaveLength(1);
  },
);
