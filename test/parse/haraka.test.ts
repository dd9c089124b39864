import { expect, test } from "vitest";
import { AT, failed, read, syslog } from "./read.ts";

const message = (rest: string) =>
  `[NOTICE] [5F0B1C8A-1] [core] disconnect ip=203.0.113.7 rdns=NXDOMAIN ${rest}`;
const haraka = { service: "smtp", daemon: "haraka", at: AT } as const;
const refused =
  'helo=x relay=N early=N esmtp=Y tls=Y pipe=N errors=1 txns=0 lr="535 Authentication failed" time=1.2';

test.each([
  ["syslog", syslog("haraka", message(refused))],
  ["its own", `2026-11-24T02:39:01.123Z ${message(refused)}`],
  ["hostile", syslog("haraka", message(refused.replace("helo=x", "helo=ip=192.0.2.1")))],
])("a refused password: %s", (_name, line) => {
  expect(read(line)).toEqual(failed(haraka));
});

test("no failed login", () => {
  expect(
    read(syslog("haraka", message(refused.replace("535 Authentication failed", "550 no")))),
  ).toBeUndefined();
});
