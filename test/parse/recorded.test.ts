import { describe, expect, test } from "vitest";
import { attemptsOf, eventsOf, formsOf, hasRecorded, runs, truthOf } from "./recorded.ts";

if (!hasRecorded) test.skip("recorded logs: they are not beside this checkout", () => undefined);

/** They stand in text that clients sent; nobody ever connected from there. */
const FORGED = ["192.0.2.1", "198.51.100.250", "2001:db8:dead::1"];

/** `journalctl` writes `[112B blob data]` for a message with odd bytes; the address is in it. */
const BLOBS = /journal.short(?!-all)/;

describe.each(runs)("%s", (run) => {
  test.each(formsOf(run).map((logs) => [logs.join(", "), logs] as const))("%s", async (name, logs) => {
    const { events, unread } = await eventsOf(run, logs);
    const attempts = attemptsOf(events);
    const truth = truthOf(run);
    const slack = BLOBS.test(name) ? 1 : 0;
    const wrong = [...truth]
      .map(([ip, bounds]) => ({ ip, ...bounds, attempts: attempts.get(ip) ?? 0 }))
      .filter(({ least, most, attempts }) => attempts < least - slack || attempts > most);
    expect(wrong).toEqual([]);
    expect(events.filter(({ ip }) => FORGED.includes(ip) || !truth.has(ip))).toEqual([]);
    // Courier cuts a long name off, and the address with it
    expect(unread).toEqual(run.startsWith("courier") ? ["courier: LOGIN FAILED"] : []);
  });
});
