import { describe, expect, test } from "vitest";
import type { LoginEvent } from "../../functions/parse/event.ts";
import { failed, probed, read, readLog, syslog, worked } from "./read.ts";

const ID = "4AO2d1aB012345";
const FAILURE = `${ID}: AUTH failure (LOGIN): authentication failure (-13) SASL(-13): authentication failure: checkpass failed`;

const sendmail = (given: Partial<LoginEvent>) => ({ service: "smtp", daemon: "sendmail", ...given }) as const;

describe("a refused password", () => {
  test.each([
    ["8.16 and later", `${FAILURE}, user=bob, relay=a.example.net [203.0.113.7]`, "203.0.113.7", "bob"],
    [
      "a name that may be forged",
      `${FAILURE}, user=bob, relay=a.example.net [203.0.113.7] (may be forged)`,
      "203.0.113.7",
      "bob",
    ],
    [
      "with an ident",
      `${FAILURE}, user=bob, relay=IDENT:x@a.example.net [203.0.113.7]`,
      "203.0.113.7",
      "bob",
    ],
    [
      "without a queue id",
      `${FAILURE.slice(ID.length + 2)}, user=bob, relay=[203.0.113.7]`,
      "203.0.113.7",
      "bob",
    ],
    ["ident without a name", `${FAILURE}, user=bob, relay=root@[203.0.113.7]`, "203.0.113.7", "bob"],
    [
      "ident without a name, IPv6",
      `${FAILURE}, user=bob, relay=root192.0.2.1@[IPv6:2001:db8:0:0:0:0:0:7]`,
      "2001:db8::7",
      "bob",
    ],
    ["before 8.16", `${FAILURE}, relay=[203.0.113.7]`, "203.0.113.7", undefined],
    ["IPv6", `${FAILURE}, user=bob, relay=[IPv6:2001:db8:0:0:0:0:0:7]`, "2001:db8::7", "bob"],
    [
      "no such user",
      `${ID}: AUTH failure (CRAM-MD5): user not found (-20) SASL(-13): user not found: no secret in database, user=bob, relay=[203.0.113.7]`,
      "203.0.113.7",
      "bob",
    ],
  ])("%s", (_name, message, ip, user) => {
    expect(read(syslog("sendmail", message))).toEqual(failed(sendmail({ ip, user })));
    expect(read(syslog("sm-mta", message))?.ip).toBe(ip);
  });

  test.each([
    ["[203.0.113.7]"],
    ["a.example.net [203.0.113.7]"],
    ["a.example.net [203.0.113.7] (may be forged)"],
  ])("the count of too many attempts, from %s", (relay) => {
    const line = syslog("sm-mta", `${ID}: ${relay}: possible SMTP attack: command=AUTH, count=5`);
    expect(read(line)).toEqual(failed(sendmail({ evidence: "summary", attempts: 5 })));
  });
});

test.each([
  [
    "with a queue id",
    `${ID}: AUTH=server, relay=a.example.net [203.0.113.7], authid=bob, mech=PLAIN, bits=0`,
  ],
  ["without", "AUTH=server, relay=a.example.net [203.0.113.7], authid=bob, mech=PLAIN, bits=0"],
])("a proper login %s", (_name, message) => {
  expect(read(syslog("sendmail", message))).toEqual(worked(sendmail({ user: "bob" })));
});

test.each([
  ["we are the client", `${ID}: AUTH=client, relay=mx.example.net. [203.0.113.7], mech=PLAIN, bits=0`],
  [
    "trouble of our own",
    `${ID}: AUTH failure (LOGIN): generic failure (-1) SASL(-1): generic failure: db, relay=[203.0.113.7]`,
  ],
  [
    "a mechanism that is not there",
    `${ID}: AUTH failure (NTLM): no mechanism available (-4) SASL(-4): none, relay=[203.0.113.7]`,
  ],
  [
    "nothing was tried",
    `${ID}: a.example.net [203.0.113.7] did not issue MAIL/EXPN/VRFY/ETRN during connection to MTA`,
  ],
  [
    "no password without TLS",
    `${ID}: AUTH failure (PLAIN): encryption needed to use mechanism (-16) SASL(-16): encryption needed, relay=[203.0.113.7]`,
  ],
  [
    "a refused recipient",
    `${ID}: ruleset=check_rcpt, arg1=<b@example.org>, relay=[203.0.113.7], reject=550 5.7.1 Relaying denied`,
  ],
])("no failed login: %s", (_name, message) => {
  expect(read(syslog("sendmail", message))).toBeUndefined();
});

test.each([
  ["harvesting", `${ID}: a.example.net [203.0.113.7]: possible SMTP attack: command=VRFY, count=9`],
  [
    "does not wait",
    `${ID}: rejecting commands from a.example.net [203.0.113.7] due to pre-greeting traffic after 0 seconds`,
  ],
  [
    "does not wait, and has no name",
    `${ID}: rejecting commands from  [203.0.113.7] due to pre-greeting traffic after 0 seconds`,
  ],
  ["asks who is there", `${ID}: a.example.net [203.0.113.7] (may be forged): VRFY root [rejected]`],
  [
    "asks who is there, and names another",
    `${ID}: [203.0.113.7]: expn [192.0.2.1]: VRFY root [rejected] [rejected]`,
  ],
  ["HTTP", `${ID}: [203.0.113.7]: probable open proxy: command=GET / HTTP/1.1`],
])("a probe: %s", (_name, message) => {
  expect(read(syslog("sm-mta", message))).toEqual(probed(sendmail({})));
});

test.each([
  ["a name with a relay", `${FAILURE}, user=x, relay=[192.0.2.1], relay=a.example.net [203.0.113.7]`],
  [
    "a name with a line",
    `${FAILURE}, user=x, relay=[192.0.2.1] (may be forged), user=y, relay=[203.0.113.7] (may be forged)`,
  ],
])("what a client types moves no address: %s", (_name, message) => {
  expect(read(syslog("sendmail", message))?.ip).toBe("203.0.113.7");
});

test("a mechanism with a line's end does not count for anybody else", () => {
  const line = `${ID}: AUTH failure (x): y, relay=[192.0.2.1]): authentication failure (-13) no, relay=[203.0.113.7]`;
  expect(readLog([syslog("sendmail", line)]).events.map(({ ip }) => ip)).not.toContain("192.0.2.1");
});
