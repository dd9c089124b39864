import { expect, test } from "vitest";
import { failed, read, syslog } from "./read.ts";

test("a refused password", () => {
  expect(read(syslog("cucipop", "authentication failure bob 2001:db8::7"))).toEqual(
    failed({ service: "pop3", daemon: "cucipop", user: "bob", ip: "2001:db8::7" }),
  );
});
