import { expect, test } from "vitest";
import { daemons } from "../../functions/parse/daemons.ts";
import { createLineParser } from "../../functions/parse/line.ts";
import { createProgramTable } from "../../functions/parse/programs.ts";
import { AT, read, syslog } from "./read.ts";

const programOf = createProgramTable(daemons);

const named = (name: string) => programOf(Buffer.from(name), 0, name.length);

test("names of the same daemons and services are one program, so however many a log has, they take no memory", () => {
  const smtpd = named("postfix/smtpd");
  expect(smtpd).toBeDefined();
  expect(
    Array.from({ length: 3_000 }, (_, n) => named(`in${n.toString(2)}/smtpd`)).every((one) => one === smtpd),
  ).toBe(true);
  expect(named("postfix/submission/smtpd")).not.toBe(smtpd);
  expect(named("cron")).toBeUndefined();
});

test("Dovecot speaks under each name that its instances may have (instance_name)", () => {
  expect(named("dovecot2")).toBeDefined();
  for (const name of ["dovecot-director", "dovecot_proxy", "dovecot.mx1"])
    expect(named(name), name).toBe(named("dovecot2"));
  for (const name of ["dovecot-lda(alice)<1>", "dovecot/lmtp", "mydovecot", "dovecot director", "dovecot@x"])
    expect(named(name), name).toBeUndefined();
  const refused = "imap-login: Disconnected (auth failed, 2 attempts in 9 secs): user=<a>, rip=203.0.113.7";
  expect(read(syslog("dovecot-director", refused))).toMatchObject({ ip: "203.0.113.7", attempts: 2 });
});

test("the rest of a message that was cut is not read, however many programs write before it, and those of other names are", () => {
  const parser = createLineParser({ logTime: AT, zone: { offset: 0 } });
  const ipOf = (line: string) => parser.parse(Buffer.from(line), 0, line.length)?.ip;
  expect(ipOf(syslog("imapd", `LOGIN FAILED, user=${"x".repeat(480)}, ip=[203.0.113.7]`))).toBeUndefined();
  for (let n = 0; n < 9_000; n++) ipOf(syslog(`p${n}x`, "x"));
  const refused = (ip: string) => `LOGIN FAILED, user=bob, ip=[${ip}]`;
  expect(ipOf(syslog("courier-imapd", refused("203.0.113.8")))).toBe("203.0.113.8");
  expect(ipOf(syslog("imaplogin", refused("203.0.113.8")))).toBe("203.0.113.8");
  expect(ipOf(syslog("imapd", refused("192.0.2.1")))).toBeUndefined();
  expect(ipOf(syslog("imapd", refused("203.0.113.8")))).toBe("203.0.113.8");
});

test("a name that has another's hash does not stand for it", () => {
  const names = Array.from({ length: 20_000 }, (_, n) => `${n}dovecot`);
  for (const name of ["bdrirosj", ...names]) expect(named(name)).toBeUndefined();
  expect(named("dovecot")).toBeDefined();
});
