import { expect, test } from "vitest";
import type { AddressHistory } from "../../functions/count/counter.ts";
import { createHistoryStore } from "../../functions/decide/history-store.ts";
import { history, hour, users } from "./factories.ts";

const LARGEST = 2 ** 32 - 1;
const IP = "2001:db8::7";

const plain = history(
  IP,
  [hour("2026-11-24T03", 4), hour("2026-11-24T05", 2, { host: "mx2", successes: 1 })],
  {
    userDays: [
      users("2026-11-23", { alice: 3, bob: 1 }, { carol: 2 }, 7),
      { ...users("2026-11-24", { alice: 2 }), triedBy: new Map([["mx2", new Map([["alice", 2]])]]) },
      { ...users("2026-11-25", {}), triedBy: new Map() },
    ],
    services: ["imap", "smtp"],
  },
);

const CASES: [what: string, history: AddressHistory][] = [
  ["hours, days and users", plain],
  ["nothing at all", { ...plain, hours: [], userDays: [], services: [], firstSuccess: undefined }],
  ["the largest number that fits", { ...plain, last: LARGEST, firstSuccess: LARGEST - 1 }],
  ["a time that does not fit", { ...plain, last: LARGEST + 1 }],
  ["a first success at the last second that fits", { ...plain, firstSuccess: LARGEST }],
  ["a first success at the beginning of time", { ...plain, firstSuccess: 0 }],
  ["a count that does not fit", { ...plain, hours: [hour("2026-11-24T03", LARGEST + 2)] }],
  ["counts whose sum does not fit", { ...plain, hours: [hour(0, LARGEST), hour(3600, LARGEST)] }],
  ["a time before 1970", { ...plain, first: -3600 }],
  ["part of a second", { ...plain, first: 0.5 }],
];

test.each(CASES)("gives back %s, between others", (_what, given) => {
  const store = createHistoryStore();
  const refs = [plain, given, plain].map(store.put);
  expect(refs.map(store.get)).toEqual([plain, given, plain]);
});

test("knows the sums of each, whether it fits or not", () => {
  const store = createHistoryStore();
  const refs = CASES.map(([, one]) => store.put(one));
  for (const [index, [, { hours }]] of CASES.entries()) {
    expect(store.sums(refs[index]!)).toEqual({
      attempts: hours.reduce((sum, { attempts }) => sum + attempts, 0),
      probes: 0,
      successes: hours.reduce((sum, { successes }) => sum + successes, 0),
      hours: hours.length,
    });
  }
});
