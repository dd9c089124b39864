import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createClock, parseZone, UnknownZone } from "../../functions/parse/time.ts";

const at = (iso: string) => Date.parse(iso) / 1000;
const clock = (logTime: string, zone = "UTC") => createClock(at(logTime), parseZone(zone));
const second = (time: string) => at(`1970-01-01T${time}Z`);

describe("a date without a year", () => {
  test.each([
    ["the same year", "2026-11-24T12:00:00Z", 11, 24, "2026-11-24T02:00:00Z"],
    ["last year, read in January", "2027-01-02T00:00:00Z", 12, 31, "2026-12-31T02:00:00Z"],
    ["New Year, the log's time still in the old one", "2026-12-31T23:59:00Z", 1, 1, "2027-01-01T02:00:00Z"],
    ["more than a day ahead is a year ago", "2026-11-24T12:00:00Z", 11, 26, "2025-11-26T02:00:00Z"],
    ["a day ahead is today's mistake", "2026-11-24T12:00:00Z", 11, 25, "2026-11-25T02:00:00Z"],
    ["29 February is the last leap year's", "2027-03-01T00:00:00Z", 2, 29, "2024-02-29T02:00:00Z"],
    ["29 February in a leap year", "2028-02-29T12:00:00Z", 2, 29, "2028-02-29T02:00:00Z"],
    ["29 February across a century that has none", "2103-05-01T00:00:00Z", 2, 29, "2096-02-29T02:00:00Z"],
  ])("%s", (_name, logTime, month, day, expected) => {
    expect(clock(logTime).yearless(month, day, second("02:00:00"))).toBe(at(expected));
  });

  test.each([
    [2, 30],
    [13, 1],
    [0, 1],
    [4, 31],
    [1, 0],
  ])("%i/%i is none", (month, day) => {
    expect(clock("2026-11-24T12:00:00Z").yearless(month, day, 0)).toBeUndefined();
  });

  test("is never more than 24 hours ahead, nor more than a year and a day back but for 29 February", () => {
    const dates = fc.record({
      month: fc.integer({ min: 1, max: 12 }),
      day: fc.integer({ min: 1, max: 28 }),
      second: fc.integer({ min: 0, max: 86_399 }),
      logTime: fc.integer({ min: at("1995-01-01"), max: at("2090-01-01") }),
      zone: fc.constantFrom(
        "UTC",
        "Europe/Berlin",
        "Pacific/Auckland",
        "America/Los_Angeles",
        "-12:00",
        "+14:00",
      ),
    });
    fc.assert(
      fc.property(dates, ({ month, day, second, logTime, zone }) => {
        const found = createClock(logTime, parseZone(zone)).yearless(month, day, second)!;
        expect(found).toBeLessThanOrEqual(logTime + 86_400);
        expect(found).toBeGreaterThan(logTime - 366 * 86_400);
      }),
    );
  });
});

describe("a zone", () => {
  const utc = (zone: string, wall: string) => {
    const found = clock("2026-11-24T12:00:00Z", zone).utc(at(`${wall}Z`));
    return new Date(found * 1000).toISOString().slice(0, 19);
  };

  test.each([
    ["+02:00", "2026-11-24T02:00:00", "2026-11-24T00:00:00"],
    ["-0330", "2026-11-24T02:00:00", "2026-11-24T05:30:00"],
    ["Europe/Berlin", "2026-01-24T02:00:00", "2026-01-24T01:00:00"],
    ["Europe/Berlin", "2026-07-24T02:00:00", "2026-07-24T00:00:00"],
    // summer time begins 2026-03-29 02:00 and ends 2026-10-25 03:00
    ["Europe/Berlin", "2026-03-29T01:59:59", "2026-03-29T00:59:59"],
    ["Europe/Berlin", "2026-03-29T03:00:00", "2026-03-29T01:00:00"],
    ["Europe/Berlin", "2026-03-29T02:30:00", "2026-03-29T01:30:00"],
    ["Europe/Berlin", "2026-10-25T01:59:59", "2026-10-24T23:59:59"],
    ["Europe/Berlin", "2026-10-25T02:30:00", "2026-10-25T00:30:00"],
    ["Europe/Berlin", "2026-10-25T03:00:00", "2026-10-25T02:00:00"],
    ["America/New_York", "2026-03-08T03:00:00", "2026-03-08T07:00:00"],
    ["Australia/Lord_Howe", "2026-04-05T12:00:00", "2026-04-05T01:30:00"],
    ["Asia/Kolkata", "2026-04-05T12:00:00", "2026-04-05T06:30:00"],
  ])("%s: %s is %s UTC", (zone, wall, expected) => {
    expect(utc(zone, wall)).toBe(expected);
  });

  test.each(["+15:00", "+02:61", "Mars/Olympus", "", "2"])("%j is none", (text) => {
    expect(() => parseZone(text)).toThrow(UnknownZone);
  });
});
