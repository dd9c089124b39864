import fc from "fast-check";
import { expect, test } from "vitest";
import type { DayTries } from "../../functions/count/counter.ts";
import { historyOf } from "../../functions/count/history.ts";
import { addEvent, createTally } from "../../functions/count/tally.ts";
import { historyOfTallies } from "../../functions/count/tally-history.ts";
import { rowsOfAddress } from "../../functions/count/tally-rows.ts";
import { triesIn } from "../../functions/decide/spray-days.ts";
import type { LoginEvent } from "../../functions/parse/event.ts";
import { AT, failure } from "../count/factories.ts";

const DAY = 86_400;
const CONTEXT = { host: "mx1", fingerprint: "f", start: 0, end: 1, parser: "1", retentionDays: 0 };

const event = fc
  .record({
    halfHour: fc.nat(200),
    outcome: fc.constantFrom("failure", "success"),
    kind: fc.constantFrom("auth", "probe"),
    evidence: fc.constantFrom("login", "auth", "summary"),
    user: fc.option(
      fc.nat(19).map((n) => `user${n}`),
      { nil: undefined },
    ),
    attempts: fc.integer({ min: 1, max: 3 }),
  })
  .map(
    ({ halfHour, ...rest }): LoginEvent =>
      failure({ at: AT + halfHour * 1800, ...(rest as Partial<LoginEvent>) }),
  );

test("what a view tells of the days with attempts is what its hours and users tell", () => {
  const events = fc.array(event, { minLength: 1, maxLength: 150 });
  fc.assert(
    fc.property(events, fc.boolean(), fc.nat(5), (events, countProbes, late) => {
      const tally = createTally("maillog");
      for (const one of events) addEvent(tally, one);
      const context = { ...CONTEXT, nameUser: (user: string) => user };
      const { ip } = events[0]!;
      const view = historyOfTallies(tally.addresses.find(ip), [{ tally, context }]);
      const history = historyOf(ip, rowsOfAddress(tally, ip, context));
      const since = (Math.floor(AT / DAY) + late) * DAY;
      expect(view.tries!(countProbes, since)!.map(ordered)).toEqual(
        triesIn(history, countProbes, since).map(ordered),
      );
    }),
  );
});

function ordered(tries: DayTries): DayTries {
  return { ...tries, users: tries.users.toSorted() };
}
