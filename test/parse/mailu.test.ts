import { expect, test } from "vitest";
import { AT, failed, probed, read, syslog } from "./read.ts";

const limited = "WARNING in limiter: Authentication attempt from 203.0.113.7 has been rate-limited.";
const mailu = { daemon: "mailu", at: AT } as const;
test("who is kept off probes", () => {
  expect(read(`[2026-11-24 02:39:01,112] ${limited}`)).toEqual(probed(mailu));
  expect(read(syslog("mailu-admin", `[2026-11-24 02:39:01,112] ${limited}`))).toEqual(probed(mailu));
});

test("a refused password, before 2.0", () => {
  const line =
    "[2026-11-24 02:39:01,112] WARNING in base: Login failed for bob@example.org from 203.0.113.7.";
  expect(read(line)).toEqual(failed({ ...mailu, service: "webmail", user: "bob@example.org" }));
});
