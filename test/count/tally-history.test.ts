import fc from "fast-check";
import { expect, test } from "vitest";
import { historyOf } from "../../functions/count/history.ts";
import { addEvent, createTally } from "../../functions/count/tally.ts";
import { historyOfTallies, type TallyPart } from "../../functions/count/tally-history.ts";
import { type RowContext, rowsOfAddress } from "../../functions/count/tally-rows.ts";
import type { LoginEvent } from "../../functions/parse/event.ts";
import { AT, failure } from "./factories.ts";

const event = fc
  .record({
    hour: fc.nat(80),
    outcome: fc.constantFrom("failure", "success"),
    kind: fc.constantFrom("auth", "probe"),
    daemon: fc.constantFrom("dovecot", "postfix"),
    evidence: fc.constantFrom("login", "auth", "summary"),
    service: fc.constantFrom("imap", "pop3", "auth"),
    ip: fc.constantFrom("192.0.2.7", "192.0.2.8"),
    user: fc.constantFrom("a", "b", "c", undefined),
    attempts: fc.integer({ min: 1, max: 3 }),
  })
  .map(
    ({ hour, ...rest }): LoginEvent => failure({ at: AT + hour * 1800, ...(rest as Partial<LoginEvent>) }),
  );

const log = fc.record({
  name: fc.constantFrom("maillog", "auth.log"),
  host: fc.constantFrom("mx1", "mx2"),
  events: fc.array(event, { maxLength: 30 }),
});

test("a history from tallies is the one that their rows give", () => {
  fc.assert(
    fc.property(fc.array(log, { minLength: 1, maxLength: 4 }), (logs) => {
      const parts = logs.map(partOf);
      for (const ip of new Set(parts.flatMap(({ tally }) => [...tally.addresses.keys()]))) {
        const seen = parts.filter(({ tally }) => tally.addresses.has(ip));
        const rows = seen.flatMap(({ tally, context }) => [...rowsOfAddress(tally, ip, context)]);
        expect({ ...historyOfTallies(ip, seen) }).toEqual(historyOf(ip, rows));
      }
    }),
  );
});

function partOf({ name, host, events }: { name: string; host: string; events: LoginEvent[] }): TallyPart {
  const tally = createTally(name);
  for (const one of events) addEvent(tally, one);
  const context: RowContext = {
    ...{ host, fingerprint: "0123456789abcdef", start: 0, end: 9, parser: "1", retentionDays: 0 },
    nameUser: (user) => user,
  };
  return { tally, context };
}
