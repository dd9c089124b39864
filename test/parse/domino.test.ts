import { expect, test } from "vitest";
import { AT, failed, read } from "./read.ts";

const domino = { service: "smtp", daemon: "domino", user: "bob", at: AT } as const;
const wrong = "authentication failure using internet password";
test.each([
  [
    "with its process",
    `[28325:00010-3735542592] 24-11-2026 02:39:01   smtp: bob [203.0.113.7] ${wrong}`,
    domino,
  ],
  ["without", `24-11-2026 02:39:01   smtp: bob [203.0.113.7] ${wrong}`, domino],
  [
    "the year first",
    `2026-11-24 02:39:01   imap: bob [203.0.113.7] ${wrong}`,
    { ...domino, service: "imap" },
  ],
  ["American", `11/24/2026 02:39:01 AM  smtp: bob [203.0.113.7] ${wrong}`, domino],
  ["without brackets", `2026-11-24 02:39:01   smtp: bob 203.0.113.7 ${wrong}`, domino],
  [
    "the server, with its process",
    "2026-11-24 02:39:01   SMTP Server [0D14:0027-1334] Authentication failed for user bob ; connecting host [203.0.113.7]",
    domino,
  ],
  [
    "the server",
    "24-11-2026 02:39:01   SMTP Server: Authentication failed for user bob ; connecting host 203.0.113.7",
    domino,
  ],
] as const)("a refused password: %s", (_name, line, expected) => {
  expect(read(line)).toEqual(failed(expected));
});

test("no failed login", () => {
  const line =
    "2026-11-24 02:39:01   SMTP Server [0D14] Connection from [203.0.113.7] rejected for policy reasons.";
  expect(read(line)).toBeUndefined();
});

test.each([
  `2026-11-24 02:39:01   smtp: x [192.0.2.1] ${wrong} [203.0.113.7] ${wrong}`,
  `2026-11-24 02:39:01   smtp: x 192.0.2.1 ${wrong} 203.0.113.7 ${wrong}`,
  "2026-11-24 02:39:01   SMTP Server: Authentication failed for user x ; connecting host [192.0.2.1] ; connecting host [203.0.113.7]",
])("what a client types moves no address: %s", (line) => {
  expect(read(line)?.ip).toBe("203.0.113.7");
});
