import { describe, expect, test } from "vitest";
import type { Cell } from "../../functions/count/counter.ts";
import { countsByService, historyOf, total } from "../../functions/count/history.ts";
import { cell, row } from "./factories.ts";

describe("one attempt, several lines, is one attempt", () => {
  test.each<[string, Cell[], number]>([
    ["services add up", [cell({ attempts: 2 }), cell({ service: "pop3", attempts: 3 })], 5],
    ["parts of one log add up", [cell({ attempts: 2 }), cell({ attempts: 3 })], 5],
    [
      "two daemons of one service, each in its own log",
      [cell({ attempts: 2, logName: "dovecot.log" }), cell({ daemon: "postfix", attempts: 3 })],
      5,
    ],
    [
      "the auth worker and PAM behind it, in one log",
      [cell({ attempts: 2, evidence: "auth" }), cell({ daemon: "pam", attempts: 2, evidence: "auth" })],
      2,
    ],
    ["the same in two logs", [cell({ attempts: 2 }), cell({ attempts: 2, logName: "syslog" })], 2],
    ["a login and its summary", [cell({ attempts: 2 }), cell({ attempts: 3, evidence: "summary" })], 3],
    [
      "login processes and the auth worker behind them",
      [
        cell({ attempts: 2 }),
        cell({ attempts: 1, service: "pop3" }),
        cell({ attempts: 3, service: "auth", evidence: "auth", logName: "auth.log" }),
      ],
      3,
    ],
    [
      "tries that only the auth worker saw",
      [cell({ attempts: 1 }), cell({ attempts: 4, service: "auth", evidence: "auth" })],
      4,
    ],
  ])("%s", (_name, cells, attempts) => {
    expect(total(countsByService(cells)).attempts).toBe(attempts);
  });

  test("what only auth processes wrote stands under its own service", () => {
    const counts = countsByService([
      cell({ attempts: 1 }),
      cell({ attempts: 4, service: "auth", evidence: "auth" }),
    ]);
    expect(counts.get("imap")?.attempts).toBe(1);
    expect(counts.get("auth")?.attempts).toBe(3);
  });
});

test("hosts and hours are kept apart", () => {
  const history = historyOf("192.0.2.7", [
    row({ cells: [cell({ attempts: 2 }), cell({ hour: 3, attempts: 1 })] }),
    row({ host: "mx2", cells: [cell({ attempts: 2 })] }),
    row({ day: "2026-11-25", cells: [cell({ attempts: 7 })] }),
  ]);
  expect(
    history.hours.map(({ hour, host, attempts }) => [new Date(hour * 1000).toISOString(), host, attempts]),
  ).toEqual([
    ["2026-11-24T02:00:00.000Z", "mx1", 2],
    ["2026-11-24T02:00:00.000Z", "mx2", 2],
    ["2026-11-24T03:00:00.000Z", "mx1", 1],
    ["2026-11-25T02:00:00.000Z", "mx1", 7],
  ]);
});

test("the order of rows does not matter", () => {
  const rows = [
    row({ users: { a: 2 }, userCount: 1, firstSuccess: 5, first: 5, last: 9 }),
    row({ start: 1000, users: { a: 1, b: 1 }, userCount: 2, first: 2, last: 7 }),
    row({ host: "mx2", cells: [cell({ successes: 1, service: "pop3" })] }),
  ];
  expect(historyOf("192.0.2.7", rows)).toEqual(historyOf("192.0.2.7", rows.toReversed()));
  expect(historyOf("192.0.2.7", rows)).toMatchObject({
    users: 2,
    first: 2,
    firstSuccess: 5,
    services: ["imap", "pop3"],
  });
});
