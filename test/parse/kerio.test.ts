import { expect, test } from "vitest";
import { AT, failed, read, readLog } from "./read.ts";

const kerio = { service: "smtp", daemon: "kerio", at: AT } as const;
test.each([
  ["Failed SMTP login from 203.0.113.7 with SASL method CRAM-MD5.", failed(kerio)],
  ["Failed IMAP login from 203.0.113.7.", failed({ ...kerio, service: "imap" })],
  [
    "SMTP: User bob@example.org doesn't exist. Attempt from IP address 203.0.113.7.",
    failed({ ...kerio, user: "bob@example.org" }),
  ],
  [
    "HTTP/WebMail: Invalid password for user bob. Attempt from IP address 203.0.113.7",
    failed({ ...kerio, service: "webmail", user: "bob" }),
  ],
  [
    "Administration login into Web Administration from 203.0.113.7 failed: IP address not allowed",
    failed({ ...kerio, service: "auth" }),
  ],
  [
    "IP address 203.0.113.7 found in DNS blacklist x, mail from <a@example.net> to <b@example.org>",
    undefined,
  ],
  [
    "Relay attempt from IP address 203.0.113.7, mail from <a@example.net> to <b@example.org> rejected",
    undefined,
  ],
  [
    "IMAP: User x. Attempt from IP address 192.0.2.1. doesn't exist. Attempt from IP address 203.0.113.7.",
    failed({ ...kerio, service: "imap", user: "x. Attempt from IP address 192.0.2.1." }),
  ],
])("%s", (message, expected) => {
  expect(read(`[24/Nov/2026 02:39:01] ${message}`)).toEqual(expected);
});

test.each([
  "Failed Secure SMTP login from 203.0.113.7.",
  "Calendar: Invalid password for user bob from 203.0.113.7",
])("a refusal in new words is reported: %s", (message) => {
  expect(readLog([`[24/Nov/2026 02:39:01] ${message}`]).unread).toHaveLength(1);
});
