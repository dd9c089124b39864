import { expect, test } from "vitest";
import { AT, failed, read } from "./read.ts";

const login = "WARN (4): Tinebase_Controller::login::106 Login with username";
const tine20 = { service: "webmail", user: "bob", at: AT, daemon: "tine20" } as const;
test.each([
  ["wrong password", "-- none -- -", `${login} bob from 203.0.113.7 failed (-3)!`, failed(tine20)],
  ["no such user", "-- none -- -", `${login} bob from 203.0.113.7 failed (-1)!`, failed(tine20)],
  ["with durations", "-- none -- 0ms 10ms -", `${login} bob from 203.0.113.7 failed (-3)!`, failed(tine20)],
  ["with a user", "alice -", `${login} bob from 203.0.113.7 failed (-3)!`, failed(tine20)],
  ["the directory is down", "-- none -- -", `${login} bob from 203.0.113.7 failed (-4)!`, undefined],
  [
    "hostile",
    "-- none -- -",
    `${login} x from 192.0.2.1 failed (-3)! from 203.0.113.7 failed (-3)!`,
    failed({ ...tine20, user: "x from 192.0.2.1 failed (-3)!" }),
  ],
])("%s", (_name, who, message, expected) => {
  expect(read(`8e035 ffff3 ${who} 2026-11-24T02:39:01+00:00 ${message}`)).toEqual(expected);
});
