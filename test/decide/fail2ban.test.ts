import { describe, expect, test } from "vitest";
import { importFail2ban } from "../../functions/decide/fail2ban.ts";
import { fail2banSeconds } from "../../functions/decide/fail2ban-duration.ts";
import { parsePolicy } from "../../functions/decide/policy.ts";

test.each([
  ["600", 600],
  ["10m", 600],
  ["1h30m", 5400],
  ["1d 12h", 129_600],
  ["5w", 3_024_000],
  ["1hour+30min", 5400],
  ["6 months", 15_778_800],
  ["1year-6mo", 15_778_800],
  ["-1", -1],
  ["0", 0],
  ["", undefined],
  ["1 fortnight", undefined],
  ["1d; rm", undefined],
  ["ten", undefined],
])("%s is %s seconds", (text, seconds) => {
  expect(fail2banSeconds(text)).toBe(seconds);
});

const LOCAL = `[DEFAULT]
bantime = 1d 12h  ; comment
findtime: 10m
maxretry = 4
ignoreip = 127.0.0.1/8 ::1 192.0.2.0/24
           198.51.100.7, mx.example.org 0.0.0.0/0
bantime.increment = true
bantime.maxtime = 5w
bantime.multipliers = 1 2 4
destemail = root@example.org
[dovecot]
enabled = true
[postfix-sasl]
enabled = yes
maxretry = 3
[sshd]
enabled = true
`;

describe("jail.conf and jail.local", () => {
  const conf = { name: "/etc/fail2ban/jail.conf", text: "[DEFAULT]\nbantime = 10m\nchain = INPUT\n" };
  const { policy, remarks } = importFail2ban([conf, { name: "jail.local", text: LOCAL }]);

  test("give a policy that can be used", () => {
    expect(policy).toEqual({
      maxretry: 4,
      findtime: "1h",
      bantime: "36h",
      bantimeIncrement: { factor: 2, max: "35d" },
      ignoreip: ["127.0.0.0/8", "::1", "192.0.2.0/24", "198.51.100.7"],
    });
    expect(parsePolicy(policy)).toMatchObject({ maxretry: 4, bantime: 129_600 });
  });

  test("say what has no counterpart, of what users wrote", () => {
    expect(remarks.map((remark) => remark.split(/[:=]/)[0]!.trim())).toEqual([
      "maxretry",
      "findtime",
      "bantime.multipliers",
      "ignoreip mx.example.org",
      "ignoreip 0.0.0.0/0",
      "[DEFAULT] destemail",
      "jails sshd",
    ]);
  });

  test("without increments have bans of one length", () => {
    const once = importFail2ban([{ name: "jail.local", text: "[DEFAULT]\nbantime = -1\n" }]);
    expect(once.policy).toEqual({ bantime: "3650d", bantimeIncrement: { factor: 1, max: "3650d" } });
    expect(once.remarks).toEqual(["bantime: for ever is not possible; 3650d"]);
  });

  test("that refer to another value get that value", () => {
    const text = "[DEFAULT]\nmaxretry = 7\n[dovecot]\nenabled = true\nmaxretry = %(maxretry)s\n";
    expect(importFail2ban([{ name: "jail.local", text }]).policy).toEqual({ maxretry: 7 });
  });

  test("of any kind never make a policy that is refused", () => {
    for (const text of [
      "",
      "[",
      "[DEFAULT]",
      "maxretry = 3",
      "[DEFAULT]\nmaxretry = -3\nbantime = 1s\nfindtime = 99y\nignoreip = 1.2.3.4/8",
      "\0\n[DEFAULT]\nbantime\n",
    ])
      expect(() => parsePolicy(importFail2ban([{ name: "jail.local", text }]).policy)).not.toThrow();
  });
});
