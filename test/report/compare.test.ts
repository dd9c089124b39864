import { expect, test } from "vitest";
import { compare } from "../../functions/report/compare.ts";
import { at, context, history, hour, users } from "../decide/factories.ts";

const fleet = [
  history("198.51.100.1", [hour("2026-11-20T02", 9)]),
  history("198.51.100.2", [hour("2026-11-20T02", 3)]),
  history("198.51.100.3", [hour("2026-11-20T02", 3), hour("2026-11-21T05", 3), hour("2026-11-22T05", 9)]),
  history("198.51.100.4", [hour("2026-11-20T02", 60), hour("2026-11-22T02", 0, { successes: 4 })], {
    userDays: [users("2026-11-20", { root: 60 }), users("2026-11-22", {}, { alice: 4 })],
  }),
];
const current = context("2026-11-23");

test("a stricter policy adds, bans sooner and hits the same logins", () => {
  const { added, dropped, sooner, later, logins, steps, ...rest } = compare(
    fleet,
    current,
    context("2026-11-23", { maxretry: 3 }),
    86_400,
  );
  expect(steps).toBe(4);
  expect(rest).toMatchObject({ current: { version: "default", banned: 3 }, other: { banned: 4 } });
  expect(added.map(({ network, first }) => [network, first])).toEqual([
    ["198.51.100.2", at("2026-11-21") - 1],
  ]);
  expect(sooner).toMatchObject([
    { network: "198.51.100.3", first: at("2026-11-21") - 1, current: at("2026-11-23") - 1 },
  ]);
  expect([dropped, later]).toEqual([[], []]);
  expect(logins).toEqual([{ ip: "198.51.100.4", current: 4, other: 4 }]);
});

test("a milder one drops, bans later and spares logins", () => {
  const mild = context("2026-11-23", { maxretry: 10, bantime: 3600 });
  const { added, dropped, sooner, logins } = compare(fleet, current, mild, 86_400);
  expect([added, sooner]).toEqual([[], []]);
  expect(dropped.map(({ network }) => network)).toContain("198.51.100.1");
  expect(logins).toEqual([{ ip: "198.51.100.4", current: 4, other: 0 }]);
});

test("the same policy makes no difference", () => {
  expect(compare(fleet, current, current, 21_600)).toMatchObject({
    added: [],
    dropped: [],
    sooner: [],
    later: [],
  });
});
