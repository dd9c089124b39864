import { describe, expect, test } from "vitest";
import { parseNetwork } from "../../functions/decide/network.ts";
import { holdsNeverBanned, neverBanned } from "../../functions/decide/never.ts";

describe("never banned", () => {
  test.each([
    ["0.0.0.0", "unspecified"],
    ["0.255.255.255", "unspecified"],
    ["10.0.0.0", "private"],
    ["10.255.255.255", "private"],
    ["100.64.0.0", "carrier"],
    ["100.127.255.255", "carrier"],
    ["127.0.0.1", "loopback"],
    ["169.254.1.1", "link-local"],
    ["172.16.0.0", "private"],
    ["172.31.255.255", "private"],
    ["192.0.0.8", "protocols"],
    ["192.168.255.255", "private"],
    ["198.18.0.1", "benchmarks"],
    ["224.0.0.1", "multicast"],
    ["239.255.255.255", "multicast"],
    ["240.0.0.1", "reserved"],
    ["255.255.255.255", "broadcast"],
    ["::", "unspecified"],
    ["::1", "loopback"],
    ["::2", "reserved"],
    ["100::1", "reserved"],
    ["64:ff9b:1::1", "reserved"],
    ["1fff:ffff::1", "reserved"],
    ["4000::", "reserved"],
    ["fc00::1", "unique-local"],
    ["fdff::1", "unique-local"],
    ["fe80::1", "link-local"],
    ["fec0::1", "reserved"],
    ["ff02::1", "multicast"],
    ["64:ff9b::a00:1", "private address (RFC 1918) inside an IPv6 address"],
    ["2002:7f00:1::1", "loopback address (RFC 1122) inside an IPv6 address"],
  ])("%s: %s", (ip, what) => {
    expect(neverBanned(ip)).toContain(what);
  });

  test.each([
    "1.0.0.1",
    "9.255.255.255",
    "11.0.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "172.15.255.255",
    "172.32.0.0",
    "192.0.1.0",
    "192.0.2.1",
    "198.17.255.255",
    "198.20.0.0",
    "198.51.100.1",
    "203.0.113.1",
    "223.255.255.255",
    "2000::1",
    "2001:db8::1",
    "3fff::1",
    "64:ff9b::5e66:3fa0",
    "2002:5e66:3fa0::1",
  ])("%s may be banned", (ip) => {
    expect(neverBanned(ip)).toBeUndefined();
  });

  test("a network is refused when a part of it is", () => {
    expect(holdsNeverBanned(parseNetwork("172.0.0.0/8"))).toBe(true);
    expect(holdsNeverBanned(parseNetwork("173.0.0.0/8"))).toBe(false);
    expect(holdsNeverBanned(parseNetwork("::/0"))).toBe(true);
  });
});
