import { expect, test } from "vitest";
import { AT, failed, read, readLog, syslog, worked } from "./read.ts";

const TIME = "2026-11-24T02:39:01Z";
const connection = (port = 993) =>
  `listenerId = "imaptls", localPort = ${port}, remoteIp = 203.0.113.7, remotePort = 50118`;
const FAILED = "DEBUG Authentication failed (auth.failed)";
const BANNED = "INFO Banned due to authentication errors (security.authentication-ban)";
const event = 'remoteIp = 203.0.113.7, accountName = "bob"';
const refused = `${FAILED} ${connection()}, ${event}, id = "a1"`;
const TOO_MANY = "WARN Too many authentication attempts (auth.too-many-attempts)";
const last = (keys: string) =>
  `${TOO_MANY} ${connection()}, causedBy = Authentication failed (auth.failed)${keys}`;
const recent = (port: number) =>
  `${FAILED} listenerId = "x", localPort = ${port}, remotePort = 50118, accountName = "bob", accountId = 35, reason = "Authentication failed", remoteIp = 203.0.113.7, id = "a1"`;
const bob = { service: "imap", daemon: "stalwart", at: AT, user: "bob" } as const;

test.each([
  ["its own", `${TIME} ${refused}`, bob],
  ["syslog", syslog("stalwart-mail", `${TIME} ${refused}`), bob],
  ["submission", `${TIME} ${refused.replace("993", "465")}`, { ...bob, service: "submission" as const }],
  ["that bans", `${TIME} ${BANNED} ${connection()}, ${event}`, bob],
  [
    "behind a proxy that told of another",
    `${TIME} ${refused.replace(event, event.replace("203.0.113.7", "192.0.2.1"))}`,
    bob,
  ],
  [
    "0.16, at first",
    `${TIME} ${FAILED} ${connection()}, accountName = "bob", reason = "Account not found", remoteIp = 203.0.113.7`,
    bob,
  ],
  ["0.16", `${TIME} ${recent(587)}`, { ...bob, service: "submission" as const }],
  [
    "0.16, of no account",
    `${TIME} ${recent(993).replace('accountId = 35, reason = "Auth', 'reason = "Auth')}`,
    bob,
  ],
  [
    "0.16, hostile",
    `${TIME} ${recent(993).replace("bob", String.raw`bob\", reason = \"x\", remoteIp = 192.0.2.1, x = \"`)}`,
    { ...bob, user: String.raw`bob\", reason = \"x\", remoteIp = 192.0.2.1, x = \"` },
  ],
  [
    "0.16, that bans",
    `${TIME} ${BANNED} listenerId = "x", localPort = 993, remotePort = 50118, ${event}`,
    bob,
  ],
  ["the last that a connection may have", `${TIME} ${last(` { ${event} }`)}`, bob],
  [
    "the same of 0.16",
    `${TIME} ${last(' { accountName = "bob", reason = "Account not found", remoteIp = 203.0.113.7 }')}`,
    bob,
  ],
  ["the same of no name", `${TIME} ${last(' { reason = "x" }')}`, { ...bob, user: undefined }],
])("a refused password: %s", (_name, line, expected) => {
  expect(read(line)).toEqual(failed(expected));
});

test.each([
  ["AUTH where it is not offered", "INFO Authentication not allowed (smtp.auth-not-allowed)", "login"],
  [
    "a mechanism that is not",
    "INFO Auth mechanism not supported (smtp.auth-mechanism-not-supported)",
    "login",
  ],
  ["SMTP's count, of answers that were none as well", TOO_MANY, "summary"],
] as const)("a probe: %s", (_name, message, evidence) => {
  const line = `${TIME} ${message} ${connection(25)}`;
  expect(read(line)).toEqual(
    failed({ kind: "probe", evidence, attempts: 0, service: "smtp", daemon: "stalwart", at: AT }),
  );
});

test("a proper login", () => {
  const line = `${TIME} INFO Authentication successful (auth.success) ${connection()}, accountName = "bob", accountId = 35`;
  expect(read(line)).toEqual(worked(bob));
});

test("an address that a header may have told is left open", () => {
  expect(readLog([`${TIME} ${recent(443)}`]).events).toEqual([]);
  expect(readLog([`${TIME} ${recent(443)}`]).unread).toHaveLength(1);
});

test("no failed login", () => {
  const page = `${FAILED} ${connection(443)}, details = "Missing Authorization header."`;
  expect(readLog([`${TIME} ${page}`])).toEqual({ events: [], unread: [] });
  const name = `INFO SMTP EHLO command (smtp.ehlo) ${connection(25)}, domain = "x (auth.failed) ${event}"`;
  expect(readLog([`${TIME} ${name}`])).toEqual({ events: [], unread: [] });
});
