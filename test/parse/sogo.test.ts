import { describe, expect, test } from "vitest";
import { AT, failed, read, readLog, syslog, worked } from "./read.ts";

const POLICY = "- password policy: 65535  grace: -1  expire: -1  bound: 0";
const refused = (from: string, user = "bob") =>
  `SOGoRootPage Login from '${from}' for user '${user}' might not have worked ${POLICY}`;
const sogo = { service: "webmail", daemon: "sogo", user: "bob" } as const;

test.each([
  ["its own log", `Nov 24 02:39:01 sogod [4711]: ${refused("203.0.113.7")}`],
  ["its own log with a date", `2026-11-24 02:39:01.123 sogod [4711]: ${refused("203.0.113.7")}`],
  ["its own log with a zone", `2026-11-24 03:39:01.123+0100 sogod [4711]: ${refused("203.0.113.7")}`],
  [
    "its own log as a syslogd has read it",
    `Nov 24 02:39:01 be9a5467584c sogod [71]: ${refused("203.0.113.7")}`,
  ],
  ["syslog", syslog("sogod", refused("203.0.113.7"))],
  [
    "with the class",
    syslog("sogod", refused("203.0.113.7").replace("SOGoRootPage", "<0x0x55d0c1[SOGoRootPage]>")),
  ],
])("a refused password: %s", (_name, line) => {
  expect(read(line)).toEqual(failed({ ...sogo, at: AT }));
});

test("a proper login", () => {
  const message = "SOGoRootPage successful login from '203.0.113.7' for user 'bob' - expire = -1  grace = -1";
  expect(read(syslog("sogod", message))).toEqual(worked(sogo));
});

describe("of several addresses the one that the nearest proxy has added counts", () => {
  test.each([
    ["what a client sent", "192.0.2.1, 203.0.113.7", []],
    ["what a client sent is no address", "unknown, 203.0.113.7", []],
    ["a proxy of ours", "203.0.113.7, 192.0.2.80", ["192.0.2.80"]],
    ["a proxy in a private network", "203.0.113.7, 10.0.0.1", []],
    ["both", "192.0.2.1, 203.0.113.7, 192.0.2.80, 172.18.0.2", ["192.0.2.80"]],
    ["IPv6 in a private network", "203.0.113.7, fd00::1", []],
  ])("%s", (_name, from, proxies) => {
    expect(read(syslog("sogod", refused(from)), proxies)?.ip).toBe("203.0.113.7");
  });

  test("a client in a private network is itself", () => {
    expect(read(syslog("sogod", refused("10.0.0.7")))?.ip).toBe("10.0.0.7");
  });

  test("a proxy of ours alone is nobody", () => {
    expect(read(syslog("sogod", refused("192.0.2.80")), ["192.0.2.80"])).toBeUndefined();
  });
});

test.each([
  ["a name with quotes", refused("203.0.113.7", "x', '192.0.2.1")],
  ["a name with a line's end", refused("203.0.113.7", `x' might not have worked ${POLICY} 192.0.2.1`)],
])("what a client types moves no address: %s", (_name, message) => {
  expect(read(syslog("sogod", message))?.ip).toBe("203.0.113.7");
});

test.each([
  `Nov 24 02:39:01 imap-login: sogod [71]: ${refused("192.0.2.1")}`,
  `Nov 24 02:39:01 mail user sogod [71]: ${refused("192.0.2.1")}`,
  `Nov 24 02:39:01 mail app[1]: sogod [71]: ${refused("192.0.2.1")}`,
])("what others were told is no line of its: %s", (line) => {
  expect(readLog([line]).events).toEqual([]);
});

test.each([
  ["a header", refused("192.0.2.1' for user 'x, 203.0.113.7")],
  ["a name", refused("203.0.113.7", "x, 192.0.2.1' for user 'y")],
])("%s that leaves it open counts for nobody", (_name, message) => {
  const { events, unread } = readLog([syslog("sogod", message)]);
  expect(events).toEqual([]);
  expect(unread).toHaveLength(1);
});
