import { describe, expect, test } from "vitest";
import type { LoginEvent } from "../../functions/parse/event.ts";
import { failed, probed, read, readLog, syslog, worked } from "./read.ts";

const OWN = "[24-Nov-2026 04:39:01 +0200]:";
const IN =
  "in /usr/share/roundcube/program/lib/Roundcube/rcube_imap.php on line 211 (POST /?_task=login&_action=login)";
const WRONG = `AUTHENTICATE PLAIN: Authentication failed. ${IN}`;

const roundcube = (given: Partial<LoginEvent>) =>
  ({ service: "webmail", daemon: "roundcube", user: "bob", ...given }) as const;

describe("a refused password", () => {
  test.each([
    ["0.5", `${OWN} FAILED login for bob from 203.0.113.7`],
    ["1.3", `${OWN} <crk9n97i> IMAP Error: Login failed for bob from 203.0.113.7. ${WRONG}`],
    [
      "1.6",
      `${OWN} <crk9n97i> IMAP Error: Login failed for bob against mail.example.org from 203.0.113.7. ${WRONG}`,
    ],
    [
      "with a fraction",
      `[24-Nov-2026 02:39:01.123456 +0000]: <c> IMAP Error: Login failed for bob from 203.0.113.7. ${WRONG}`,
    ],
    [
      "with another date format",
      `[2026-11-24 04:39:01 +0200]: <c> IMAP Error: Login failed for bob from 203.0.113.7. ${WRONG}`,
    ],
    [
      "with ISO's date",
      `[2026-11-24T03:39:01+01:00]: <c> IMAP Error: Login failed for bob from 203.0.113.7. ${WRONG}`,
    ],
    [
      "in syslog",
      syslog("roundcube", `<crk9n97i> IMAP Error: Login failed for bob from 203.0.113.7. ${WRONG}`),
    ],
    [
      "in a container",
      `2026-11-24T02:39:01.5Z errors: <c> IMAP Error: Login failed for bob from 203.0.113.7. ${WRONG}`,
    ],
    [
      "a peer that no list names",
      `${OWN} <c> IMAP Error: Login failed for bob from 203.0.113.7(X-Forwarded-For: 192.0.2.1). ${WRONG}`,
    ],
  ])("%s", (_name, line) => {
    expect(read(line)).toEqual(failed(roundcube({})));
  });

  test("once more in the other log is told apart", () => {
    expect(
      read(`${OWN} <c> Failed login for bob from 203.0.113.7 in session 4z506z6rvdd (error: 0)`),
    ).toEqual(failed(roundcube({ evidence: "summary" })));
    expect(read(`${OWN} Failed login for bob from 203.0.113.7 in session 4z506z6rvdd`)).toEqual(
      failed(roundcube({ evidence: "summary" })),
    );
  });
});

test.each([
  ["in the log", `${OWN} <c> Successful login for bob (ID: 6) from 203.0.113.7 in session abcdef`],
  [
    "in syslog",
    syslog("roundcube", "<c> Successful login for bob (ID: 6) from 203.0.113.7 in session abcdef"),
  ],
])("a proper login %s", (_name, line) => {
  expect(read(line)).toEqual(worked(roundcube({})));
});

describe("behind a proxy of ours", () => {
  const line = (headers: string) =>
    `${OWN} <c> IMAP Error: Login failed for bob from 192.0.2.80(${headers}). ${WRONG}`;
  test.each([
    ["X-Forwarded-For", "X-Forwarded-For: 203.0.113.7"],
    ["X-Real-IP", "X-Real-IP: 203.0.113.7"],
    ["both", "X-Real-IP: 203.0.113.7,X-Forwarded-For: 203.0.113.7"],
    ["with what the client sent before", "X-Forwarded-For: 192.0.2.1, 203.0.113.7"],
    ["with another proxy of ours", "X-Forwarded-For: 203.0.113.7, 192.0.2.81"],
  ])("%s", (_name, headers) => {
    expect(read(line(headers), ["192.0.2.80", "192.0.2.81"])).toEqual(failed(roundcube({})));
  });

  test("nobody counts where no header tells", () => {
    const plain = `${OWN} <c> IMAP Error: Login failed for bob from 192.0.2.80. ${WRONG}`;
    expect(read(plain, ["192.0.2.80"])).toBeUndefined();
    expect(read(line("X-Forwarded-For: unknown"), ["192.0.2.80"])).toBeUndefined();
  });

  test("nobody counts where two headers disagree: one of them the client sent", () => {
    const headers = "X-Real-IP: 203.0.113.7,X-Forwarded-For: 192.0.2.1";
    expect(read(line(headers), ["192.0.2.80"])).toBeUndefined();
  });
});

test.each([
  [
    "the server is down",
    `IMAP Error: Login failed for bob from 203.0.113.7. Could not connect to ssl://mail:993: Connection refused ${IN}`,
  ],
  [
    "the server cannot ask",
    `IMAP Error: Login failed for bob against h from 203.0.113.7. AUTHENTICATE PLAIN: [UNAVAILABLE] Temporary authentication failure. ${IN}`,
  ],
  ["storage trouble", "Failed login for bob from 203.0.113.7 in session abc (error: -2)"],
])("no failed login: %s", (_name, message) => {
  const { events, unread } = readLog([`${OWN} <c> ${message}`]);
  expect(events).toEqual([]);
  expect(unread).toEqual([]);
});

test("a login form without its token is a probe", () => {
  const line = `${OWN} <c> Failed login for bob from 203.0.113.7 in session abc (error: 1)`;
  expect(read(line)).toEqual(probed(roundcube({})));
});

describe("what a client types moves no address", () => {
  test.each([
    ["a name with an address", `IMAP Error: Login failed for x from 192.0.2.1 from 203.0.113.7. ${WRONG}`],
    [
      "a name with a line's end",
      `IMAP Error: Login failed for x from 192.0.2.1. ${WRONG} from 203.0.113.7. ${WRONG}`,
    ],
    [
      "a name that the server repeats",
      `IMAP Error: Login failed for x from 192.0.2.1 from 203.0.113.7. LOGIN: no. user=x from 192.0.2.1 ${IN}`,
    ],
    [
      "a name with a dot that the server repeats at the end",
      `IMAP Error: Login failed for x from 192.0.2.1. from 203.0.113.7. LOGIN: no. user=x from 192.0.2.1. ${IN}`,
    ],
    [
      "a name like trouble",
      `IMAP Error: Login failed for x from 192.0.2.1. Could not connect from 203.0.113.7. ${WRONG}`,
    ],
    [
      "a name in the other log",
      "Failed login for x from 192.0.2.1 in session a (error: 0) from 203.0.113.7 in session b (error: 0)",
    ],
  ])("%s", (_name, message) => {
    expect(read(`${OWN} <c> ${message}`)?.ip).toBe("203.0.113.7");
  });

  test.each([
    [
      "a header",
      `IMAP Error: Login failed for bob from 203.0.113.7(X-Forwarded-For: x) from 192.0.2.1. ${WRONG}). ${WRONG}`,
    ],
    [
      "a name with a header",
      `IMAP Error: Login failed for x from 192.0.2.1(X-Forwarded-For: y) from 203.0.113.7. ${WRONG}`,
    ],
  ])("%s that leaves it open is reported, and counts for nobody", (_name, message) => {
    const { events, unread } = readLog([`${OWN} <c> ${message}`]);
    expect(events).toEqual([]);
    expect(unread).toHaveLength(1);
  });
});
