import { expect, test } from "vitest";
import { userDaysOf } from "../../functions/count/user-days.ts";
import { cell, row } from "./factories.ts";

const MIDNIGHT = Date.parse("2026-11-24") / 1000;

test("parts of one log add up, logs of one host do not, hosts do", () => {
  const logs = (logName: string) => [cell({ logName })];
  const rows = [
    row({ users: { alice: 2 }, start: 0, end: 100 }),
    row({ users: { alice: 3, bob: 1 }, start: 100, end: 200 }),
    row({ users: { alice: 4, bob: 2 }, cells: logs("auth.log") }),
    row({ users: { alice: 1 }, successUsers: { carol: 7 }, host: "mx2" }),
  ];
  expect(userDaysOf(rows)).toEqual([
    {
      day: MIDNIGHT,
      tried: new Map([
        ["alice", 6],
        ["bob", 2],
      ]),
      triedBy: new Map([
        ["mx1", new Map(Object.entries({ alice: 5, bob: 2 }))],
        ["mx2", new Map([["alice", 1]])],
      ]),
      triedCount: 2,
      succeeded: new Map([["carol", 7]]),
    },
  ]);
});

test("knows of users that rows do not keep, and keeps days apart", () => {
  const days = userDaysOf([row({ day: "2026-11-25" }), row({ users: { alice: 1 }, userCount: 40 })]);
  expect(days.map(({ day, triedCount }) => [day, triedCount])).toEqual([
    [MIDNIGHT, 40],
    [MIDNIGHT + 86_400, 0],
  ]);
});

test("takes a user's name for what it is", () => {
  const named = JSON.parse('{"__proto__":3,"constructor":1}') as Record<string, number>;
  expect([...userDaysOf([row({ users: named })])[0]!.tried]).toEqual([
    ["__proto__", 3],
    ["constructor", 1],
  ]);
});
