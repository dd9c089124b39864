import { expect, test } from "vitest";
import { besideFail2ban, fail2banBans } from "../../functions/report/fail2ban.ts";
import { at, context, history, hour, users } from "../decide/factories.ts";

const rule = { findtime: 600, maxretry: 3 };
const matches = (ip: string, ...times: number[]) =>
  times.map((time) => ({ jail: "dovecot", ip, at: at("2026-11-20T02") + time }));

test("fail2ban bans with the match that makes maxretry within findtime, in whatever order they come", () => {
  const all = [
    ...matches("198.51.100.1", 900, 0, 300, 600),
    ...matches("198.51.100.2", 0, 601, 1202),
    ...matches("198.51.100.3", 5, 6),
  ];
  expect(fail2banBans(all, rule)).toEqual(new Map([["198.51.100.1", at("2026-11-20T02") + 600]]));
});

test("beyond findtime fail2ban goes by the pace, and each jail counts for itself", () => {
  const slower = matches("198.51.100.1", 0, 301, 601);
  const other = matches("198.51.100.2", 0, 1);
  const all = [...slower, ...other, { ...other[0]!, jail: "postfix-sasl" }];
  expect(fail2banBans(all, rule)).toEqual(new Map([["198.51.100.1", at("2026-11-20T02") + 601]]));
});

test("fail2ban forgets an address that was silent for a findtime, however it tried before", () => {
  const five = { findtime: 600, maxretry: 5 };
  expect(fail2banBans(matches("198.51.100.1", 0, 1, 2, 3, 604, 605), five)).toEqual(new Map());
  expect(fail2banBans(matches("198.51.100.1", 0, 1, 2, 3, 600), five).size).toBe(1);
});

test("beside it stands when we would have banned, and who logs in there", () => {
  const office = history("198.51.100.1", [hour("2026-11-20T02", 9, { successes: 4 })], {
    userDays: [users("2026-11-20", { alice: 9 }, { alice: 4 })],
  });
  const slow = history("198.51.100.2", [hour("2026-11-20T02", 9)]);
  const all = [...matches("198.51.100.1", 0, 1, 2), ...matches("198.51.100.2", 0)];
  expect(besideFail2ban([office, slow], context("2026-11-21"), 3600, all, rule)).toEqual([
    { ip: "198.51.100.1", fleetban: undefined, fail2ban: at("2026-11-20T02") + 2, attempts: 9, logins: 4 },
    { ip: "198.51.100.2", fleetban: at("2026-11-20T03") - 1, fail2ban: undefined, attempts: 9, logins: 0 },
  ]);
});
