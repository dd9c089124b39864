import { afterEach, expect, test, vi } from "vitest";
import { zoneOf } from "../../cli/inputs.ts";
import { createClock } from "../../functions/parse/time.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

test.each(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"])(
  "this machine's zone is the same as by its name: %s",
  (name) => {
    vi.stubEnv("TZ", name);
    const now = Date.parse("2026-11-24T12:00:00Z") / 1000;
    const [named, here] = [createClock(now, { name }), createClock(now, zoneOf(undefined))];
    const walls = Array.from({ length: 365 * 48 }, (_, index) => now - 900 - index * 1800);
    expect(walls.filter((wall) => here.utc(wall) !== named.utc(wall))).toEqual([]);
  },
);
