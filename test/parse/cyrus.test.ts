import { describe, expect, test } from "vitest";
import type { LoginEvent } from "../../functions/parse/event.ts";
import { failed, read, readLog, syslog, worked } from "./read.ts";

const cyrus = (given: Partial<LoginEvent>) => ({ service: "imap", daemon: "cyrus", ...given }) as const;

describe("a refused password", () => {
  test.each([
    [
      "LOGIN",
      "badlogin: a.example.net [203.0.113.7] plaintext bob SASL(-13): authentication failure: checkpass failed",
      "bob",
    ],
    [
      "LOGIN, 3.x",
      "badlogin: a.example.net [203.0.113.7] plaintext (bob) [SASL(-13): authentication failure: checkpass failed]",
      "bob",
    ],
    ["an unknown user, 3.x", "badlogin: [203.0.113.7] plaintext (bob) invalid user", "bob"],
    ["an unknown user, 2.x", "badlogin: [203.0.113.7] plaintext bob invalid user", "bob"],
    [
      "a mechanism",
      "badlogin: [203.0.113.7] PLAIN [SASL(-13): authentication failure: Password verification failed]",
      undefined,
    ],
    [
      "a mechanism with name",
      "badlogin: [203.0.113.7] CRAM-MD5 (bob) [SASL(-13): authentication failure: incorrect digest response]",
      "bob",
    ],
    [
      "no such user",
      "badlogin: a.example.net [203.0.113.7] OTP [SASL(-20): user not found: no secret in database]",
      undefined,
    ],
    [
      "no such user, in words",
      "badlogin: a.example.net[203.0.113.7] plain [SASL(-13): user not found: bob not found in sasldb]",
      undefined,
    ],
    [
      "a mechanism, 2.x",
      "badlogin: a.example.net [203.0.113.7] CRAM-MD5 SASL(-13): authentication failure: incorrect digest response",
      undefined,
    ],
    [
      "httpd, Digest",
      "badlogin: [203.0.113.7] Digest SASL(-13): authentication failure: client response is wrong",
      undefined,
    ],
    [
      "APOP, what it was challenged with",
      "badlogin: [203.0.113.7] APOP (<4711.1795487941@mail.example.org>) SASL(-13): authentication failure",
      undefined,
    ],
    ["2.0", "badlogin: a.example.net[203.0.113.7] PLAIN authentication failure", undefined],
    ["timsieved, a name too long", "badlogin: [203.0.113.7] PLAIN overflowed buffer", undefined],
    ["pop3d", "badlogin: a.example.net [203.0.113.7] PLAIN (bob) [authentication failure]", "bob"],
    [
      "httpd",
      "badlogin: a.example.net [203.0.113.7] Basic bob SASL(-13): authentication failure: checkpass failed",
      "bob",
    ],
    [
      "a name too long",
      "badlogin: [203.0.113.7] Basic bob SASL(-3): overflowed buffer: buffer overflow while canonicalizing",
      "bob",
    ],
    [
      "a name of spaces",
      "badlogin: [203.0.113.7] plaintext ( ) [SASL(-1): generic failure: All-whitespace username.]",
      " ",
    ],
    [
      "APOP",
      "badlogin: [203.0.113.7] APOP (<13452422653596692357.1796061120@mail>) SASL(-13): authentication failure: login incorrect",
      undefined,
    ],
    [
      "2.0 with text",
      "badlogin: a.example.net[203.0.113.7] DIGEST-MD5 authentication failure [bad response]",
      undefined,
    ],
  ])("%s", (_name, message, user) => {
    expect(read(syslog("cyrus/imap", message))).toEqual(failed(cyrus({ user })));
  });

  test.each([
    ["cyrus/pop3", "pop3"],
    ["cyrus/pop3s", "pop3"],
    ["pop3d", "pop3"],
    ["imaps", "imap"],
    ["cyrus/sieve", "sieve"],
    ["timsieved", "sieve"],
    ["cyrus/https", "webmail"],
    ["cyrus/pop3proxyd", "pop3"],
  ] as const)("as %s", (program, service) => {
    const line = syslog(program, "badlogin: [203.0.113.7] PLAIN [SASL(-13): authentication failure: no]");
    expect(read(line)).toEqual(failed(cyrus({ service })));
  });
});

test.each([
  ["3.x", "login: a.example.net [203.0.113.7] bob PLAIN+TLS User logged in SESSIONID=<mail-4711-1-2>"],
  ["2.x", "login: a.example.net [203.0.113.7] bob plaintext User logged in"],
  ["without a name", "login: [203.0.113.7] bob plaintext+TLS User logged in"],
])("a proper login, %s", (_name, message) => {
  expect(read(syslog("cyrus/imap", message))).toEqual(worked(cyrus({ user: "bob" })));
});

test.each([
  [
    "no such mechanism",
    "badlogin: [203.0.113.7] NTLM [SASL(-4): no mechanism available: No worthy mechs found]",
  ],
  [
    "trouble of our own",
    "badlogin: [203.0.113.7] PLAIN [SASL(-1): generic failure: unable to open Berkeley db]",
  ],
  [
    "trouble of our own, with the name",
    "badlogin: [203.0.113.7] plaintext (bob) [SASL(-1): generic failure: checkpass failed]",
  ],
  [
    "trouble of our own, 2.x",
    "badlogin: [203.0.113.7] plaintext bob SASL(-1): generic failure: checkpass failed",
  ],
  [
    "no password without TLS",
    "badlogin: [203.0.113.7] PLAIN (bob) [SASL(-16): encryption needed to use mechanism: security flags do not match]",
  ],
  ["malformed", "badlogin: a.example.net[203.0.113.7] PLAIN error base64 decoding string"],
  ["TLS", "imaps TLS negotiation failed: [203.0.113.7]"],
  ["a name of spaces", "badlogin: [203.0.113.7] Basic   SASL(-1): generic failure"],
  [
    "no digest",
    "badlogin: [203.0.113.7] APOP (<13452422653596692357.1796061120@mail>) SASL(-5): bad protocol / cancel: Bad Digest",
  ],
  [
    "a long mechanism",
    `badlogin: [203.0.113.7] ${"A".repeat(300)} (-notset-) [SASL(-6): can't request info until later in exchange]`,
  ],
  ["a long mechanism, sieve", `badlogin: [203.0.113.7] ${"A".repeat(300)} no mechanism available`],
])("no failed login: %s", (_name, message) => {
  expect(readLog([syslog("cyrus/imap", message)])).toEqual({ events: [], unread: [] });
});

test.each([
  [
    "name",
    "badlogin: [203.0.113.7] plaintext (x) [SASL(-13): x [192.0.2.1] y) [SASL(-13): authentication failure: no]",
  ],
  [
    "name with a line's beginning",
    "badlogin: [203.0.113.7] plaintext (badlogin: h [192.0.2.1] PLAIN x) invalid user",
  ],
  [
    "name, 2.x",
    "badlogin: [203.0.113.7] plaintext x [192.0.2.1] PLAIN SASL(-13): authentication failure: no",
  ],
])("what a client types moves no address: %s", (_name, message) => {
  expect(read(syslog("cyrus/imap", message))?.ip).toBe("203.0.113.7");
});

test("a refusal in new words is reported", () => {
  const { events, unread } = readLog([syslog("cyrus/imap", "badlogin: from 203.0.113.7, mechanism PLAIN")]);
  expect(events).toEqual([]);
  expect(unread).toHaveLength(1);
});
