import { describe, expect, test } from "vitest";
import { createLocator, DamagedDatabase } from "../../functions/locate/country.ts";
import { readDatabase, readIpv4Database, readIpv6Database } from "../../functions/locate/database.ts";

const locator = createLocator(readDatabase());

describe("the country of an address", () => {
  test.each([
    ["94.102.63.160", "NL"],
    ["193.0.6.139", "NL"],
    ["133.242.0.3", "JP"],
    ["2001:240::1", "JP"],
    ["64:ff9b::5e66:3fa0", "NL"],
    ["2002:5e66:3fa0::1", "NL"],
  ])("%s is in %s", (ip, country) => {
    expect(locator.countryOf(ip)).toBe(country);
  });

  test("a database of IPv4 addresses alone tells of no IPv6 address", () => {
    const { countryOf } = createLocator(readIpv4Database());
    expect(["94.102.63.160", "64:ff9b::5e66:3fa0"].map(countryOf)).toEqual(["NL", "NL"]);
    expect(["2001:240::1", "2a00:1450::1", "240e::1"].map(countryOf)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  test.each([
    "10.0.0.1",
    "127.0.0.1",
    "169.254.1.1",
    "192.168.1.1",
    "100.64.0.1",
    "192.0.2.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "fe80::1",
    "fd00::1",
    "ff02::1",
    "2001:db8::1",
    "64:ff9b::a00:1",
    // WIDE in Japan and CERNET in China: in blocks of which the data only know that APNIC is in Australia
    "2001:200::1",
    "2001:da8::1",
  ])("%s is in no country that is known, whatever the data say", (ip) => {
    expect(locator.countryOf(ip)).toBeUndefined();
  });

  test("is from data of a known day", () => {
    expect(new Date(locator.builtAt * 1000).toISOString()).toMatch(/^20\d\d-\d\d-\d\dT/);
  });
});

test("a database of IPv4 alone and one of IPv6 alone say the same as both in one", () => {
  const quick = createLocator(readIpv4Database(), readIpv6Database);
  for (let block = 0; block < 2 ** 16; block += 7) {
    const ip = `${block >>> 8}.${block & 255}.${(block * 31) & 255}.1`;
    expect(quick.countryOf(ip), ip).toBe(locator.countryOf(ip));
  }
  for (let site = 0; site < 2 ** 16; site += 7) {
    const ip = `2a0${(site % 15).toString(16)}:${(site + 1).toString(16)}::1`;
    expect(quick.countryOf(ip), ip).toBe(locator.countryOf(ip));
  }
  expect(quick.countryOf("2001:240::1")).toBe("JP");
  expect(quick.countryOf("64:ff9b::5e66:3fa0")).toBe("NL");
});

test.each([
  ["nothing", new Uint8Array()],
  ["zeros", new Uint8Array(4096)],
  ["text", Buffer.from("404 Not Found")],
])("a database of %s is refused by name", (_, bytes) => {
  expect(() => createLocator(bytes)).toThrow(DamagedDatabase);
});
