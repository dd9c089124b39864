import { expect, test } from "vitest";
import { AT, failed, probed, read } from "./read.ts";

const assp = { service: "smtp", daemon: "assp", at: AT } as const;
const answer = "203.0.113.7 [SMTP Error] 535 5.7.8 Error: authentication failed:";
test.each([
  [`m1-13060-05386 [Worker_1] [TLS-in] [TLS-out] ${answer} UGFzc3dvcmQ6`, failed(assp)],
  [`[Worker_1] ${answer} `, failed(assp)],
  [`[Worker_1] [TLS-out] ${answer} Invalid authentication mechanism`, probed(assp)],
  [`[Worker_1] [TLS-out] ${answer} Invalid base64 data in continued response`, probed(assp)],
  [
    "m1-13060-05386 [Worker_1] 203.0.113.7 <a@example.net> [SMTP Error] 535 5.7.8 Error: authentication failed: x",
    failed(assp),
  ],
  [`[Worker_1] [TLS-out] ${answer} Connection lost to authentication server`, undefined],
  ["Blocking 203.0.113.7 - too much AUTH errors (8);", failed({ ...assp, evidence: "summary" })],
  [
    "[SSL-out] 203.0.113.7 max sender authentication errors (5) exceeded -- dropping connection - after reply: 535 5.7.8 Error: authentication failed: x;",
    failed({ ...assp, evidence: "summary" }),
  ],
  [
    "[Worker_1] [RelayAttempt] 203.0.113.7 <a@example.net> relay attempt blocked for: <b@example.org>",
    undefined,
  ],
  [
    `[Worker_1] [X] 203.0.113.7 <"${answer.replace("203.0.113.7", "192.0.2.1")} x"@a> to: b@example.org blocked`,
    undefined,
  ],
])("%s", (message, expected) => {
  expect(read(`Nov-24-26 02:39:01 ${message}`)).toEqual(expected);
});
