import { isIP, SocketAddress } from "node:net";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  addressOf,
  addressValue,
  NotAnAddress,
  parseAddress,
  readAddress,
} from "../../functions/parse/address.ts";

test.each([
  ["192.0.2.7", "192.0.2.7"],
  ["0.0.0.0", "0.0.0.0"],
  ["255.255.255.255", "255.255.255.255"],
  ["::", "::"],
  ["::1", "::1"],
  ["1::", "1::"],
  ["2001:DB8::0001", "2001:db8::1"],
  ["2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"],
  ["2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"],
  ["1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"],
  ["::ffff:192.0.2.7", "192.0.2.7"],
  ["::FFFF:c000:0207", "192.0.2.7"],
  ["::192.0.2.7", "::c000:207"],
  ["64:ff9b::192.0.2.7", "64:ff9b::c000:207"],
  ["fe80::1%eth0", "fe80::1"],
  ["fe80::1%br-lan.7", "fe80::1"],
])("%s is %s", (text, expected) => {
  expect(parseAddress(text)).toBe(expected);
});

test.each([
  "",
  "1",
  "127.1",
  "010.1.1.1",
  "1.1.1.01",
  "1.2.3",
  "1.2.3.4.5",
  "1.2.3.256",
  "1.2.3.",
  ".1.2.3",
  "1..2.3",
  "1.2.3.4 ",
  " 1.2.3.4",
  "0x7f.0.0.1",
  "1.2.3.4/32",
  "2130706433",
  ":",
  ":::",
  ":1",
  "1:",
  "1::2::3",
  "12345::",
  "1:2:3:4:5:6:7",
  "1:2:3:4:5:6:7:8:9",
  "1::2:3:4:5:6:7:8",
  "::g",
  "1.2.3.4::",
  "::1.2.3.4:5",
  "::ffff:1.2.3",
  "::ffff:01.2.3.4",
  "1:2:3:4:5:6:7:1.2.3.4",
  "2001:db8::1%eth0",
  "fe80::1%",
  "fe80::1%a b",
  "fe80::1%abcdefghijklmnop",
  "1.2.3.4%eth0",
  "ı92.0.2.7",
  "١.٢.٣.٤",
  "[::1]",
  "0000000001.2.3.4",
])("%j is no address", (text) => {
  expect(parseAddress(text)).toBeUndefined();
});

/** Text near an address: what a mutated one looks like. */
const nearly = fc.stringMatching(/^[0-9a-fA-F:.%]{0,45}$/);
const anyIpv6 = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff })), {
  minLength: 8,
  maxLength: 8,
});

describe("against node:net", () => {
  test("accepts what isIP accepts, zones aside", () => {
    const texts = fc.oneof(nearly, fc.ipV4(), fc.ipV4Extended(), fc.ipV6());
    fc.assert(
      fc.property(texts, (text) => {
        fc.pre(!text.includes("%"));
        expect(parseAddress(text) !== undefined).toBe(isIP(text) !== 0);
      }),
      { numRuns: 5000 },
    );
  });

  test("writes IPv6 as the system's inet_ntop and WHATWG URL do", () => {
    fc.assert(
      fc.property(anyIpv6, (numbers) => {
        const text = numbers.map((number) => number.toString(16).padStart(4, "0")).join(":");
        fc.pre(!text.startsWith("0000:0000:0000:0000:0000:"));
        expect(parseAddress(text)).toBe(new SocketAddress({ address: text, family: "ipv6" }).address);
        expect(`[${parseAddress(text)}]`).toBe(new URL(`http://[${text}]/`).hostname);
      }),
      { numRuns: 2000 },
    );
  });
});

test("canonical text parses to itself and survives the way through its number", () => {
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => {
      const address = parseAddress(text)!;
      expect(parseAddress(address)).toBe(address);
      expect(addressOf(addressValue(address))).toBe(address);
    }),
    { numRuns: 2000 },
  );
});

test("the number of an address orders as its bytes do", () => {
  expect(addressValue("192.0.2.1")).toEqual({ family: 4, value: 0xc0000201n });
  expect(addressValue("2001:db8::1")).toEqual({ family: 6, value: 0x20010db8000000000000000000000001n });
  expect(() => addressValue("::ffff:192.0.2.1")).toThrow(NotAnAddress);
  expect(() => addressOf({ family: 4, value: 1n << 32n })).toThrow(NotAnAddress);
});

test("reads an address in the middle of bytes, and nothing around it", () => {
  const line = Buffer.from("rip=192.0.2.70, lip=2001:db8::25,");
  expect(readAddress(line, 4, 14)).toBe("192.0.2.70");
  expect(readAddress(line, 20, 32)).toBe("2001:db8::25");
  expect(readAddress(line, 3, 14)).toBeUndefined();
});
