import { describe, expect, test } from "vitest";
import { createLineParser } from "../../functions/parse/line.ts";
import { AT, read } from "./read.ts";

const REFUSED = "warning: unknown[203.0.113.7]: SASL LOGIN authentication failed: authentication failure";
const POSTFIX = `postfix/smtpd[4711]: ${REFUSED}`;
const CLOSED =
  "Disconnected (auth failed, 3 attempts in 12 secs): user=<bob>, method=PLAIN, rip=203.0.113.7, lip=192.0.2.25";

describe("syslog in all its forms", () => {
  test.each([
    ["RFC 3164", `Nov 24 02:39:01 mail ${POSTFIX}`],
    ["with a priority", `<20>Nov 24 02:39:01 mail ${POSTFIX}`],
    ["with a priority, RFC 3339", `<20>2026-11-24T02:39:01.123Z mail ${POSTFIX}`],
    ["without a host", `Nov 24 02:39:01 ${POSTFIX}`],
    ["without a host, RFC 3339", `2026-11-24T02:39:01+00:00 ${POSTFIX}`],
    ["with a fraction", `Nov 24 02:39:01.123456 mail ${POSTFIX}`],
    ["with an address as host", `Nov 24 02:39:01 2001:db8::25 ${POSTFIX}`],
    ["the year first", `2026 Nov 24 02:39:01 mail ${POSTFIX}`],
    ["the year third", `Nov 24 2026 02:39:01 mail ${POSTFIX}`],
    ["the year last", `Nov 24 02:39:01 2026 mail.warn mail ${POSTFIX}`],
    ["a weekday", `Tue Nov 24 02:39:01 mail ${POSTFIX}`],
    ["slashes", `2026/11/24 02:39:01 mail mail.warn ${POSTFIX}`],
    ["FreeBSD's syslogd -v", `Nov 24 02:39:01 <mail.warn> mail ${POSTFIX}`],
    ["the facility's name before the host", `Nov 24 02:39:01 mail.warn mail ${POSTFIX}`],
    ["busybox's", `Nov 24 02:39:01 mail mail.warn ${POSTFIX}`],
    ["busybox's, RFC 3339", `2026-11-24T02:39:01+00:00 mail mail.warn ${POSTFIX}`],
    ["OpenWrt's", `Tue Nov 24 02:39:01 2026 mail.warn ${POSTFIX}`],
    ["journalctl -o short-full", `Tue 2026-11-24 02:39:01 UTC mail ${POSTFIX}`],
    ["journalctl -o short-unix", `${AT}.123456 mail ${POSTFIX}`],
    ["macOS's log show --style syslog", `2026-11-24 03:39:01.123456+0100  localhost ${POSTFIX}`],
    ["metalog's", `Nov 24 02:39:01 [postfix/smtpd] ${REFUSED}`],
    ["socklog's", `mail.warn: Nov 24 02:39:01 ${POSTFIX}`],
    ["socklog's, through svlogd -ttt", `2026-11-24T02:39:01.12345 mail.warn: Nov 24 03:39:01 ${POSTFIX}`],
    ["socklog's, through svlogd -tt", `2026-11-24_02:39:01.12345 mail.warn: ${POSTFIX}`],
    ["RFC 5424", `<20>1 2026-11-24T02:39:01.123Z mail postfix/smtpd 4711 - - ${REFUSED}`],
    [
      "RFC 5424 with data",
      `<20>1 2026-11-24T02:39:01.123Z mail postfix/smtpd 4711 ID1 [x@1 a="b\\"]c"][y] ${REFUSED}`,
    ],
    ["RFC 5424, rsyslog's file", `<20>1 2026-11-24T02:39:01.123456+00:00 mail postfix 4711 - -  ${REFUSED}`],
    ["RFC 5424 with a mark", `<20>1 2026-11-24T02:39:01.123Z mail postfix/smtpd 4711 - - \uFEFF${REFUSED}`],
  ])("%s", (_name, line) => {
    expect(read(line)).toMatchObject({ at: AT, ip: "203.0.113.7", daemon: "postfix", attempts: 1 });
  });
});

describe("Dovecot's own log", () => {
  test.each([
    ["as it comes", `Nov 24 02:39:01 imap-login: Info: ${CLOSED}`],
    ["with the year", `2026-11-24 02:39:01 imap-login: Info: ${CLOSED}`],
    ["with a fraction", `2026-11-24 02:39:01.123456 imap-login: Info: ${CLOSED}`],
    ["with a fraction, no year", `Nov 24 02:39:01.123 imap-login: Info: ${CLOSED}`],
    ["with a zone", `2026-11-24T02:39:01.123+00:00 imap-login: Info: ${CLOSED}`],
    ["1.x", `dovecot: Nov 24 02:39:01 Info: imap-login: ${CLOSED}`],
    ["1.x without a name", `Nov 24 02:39:01 Info: imap-login: ${CLOSED}`],
    ["syslog without a host", `Nov 24 02:39:01 dovecot: imap-login: ${CLOSED}`],
    ["the same with a priority", `<22>Nov 24 02:39:01 dovecot: imap-login: ${CLOSED}`],
  ])("%s", (_name, line) => {
    expect(read(line)).toMatchObject({ at: AT, ip: "203.0.113.7", daemon: "dovecot", attempts: 3 });
  });
});

describe("what collectors make of a line", () => {
  const inner = `Nov 24 02:39:01 mail ${POSTFIX}`;
  const time = "2026-11-24T02:39:01.123456789Z";
  test.each([
    ["Docker", JSON.stringify({ log: `${inner}\n`, stream: "stdout", time })],
    ["Docker, bare", JSON.stringify({ log: `${POSTFIX}\n`, stream: "stdout", time })],
    ["docker compose logs", `mail-1  | ${inner}`],
    ["Kubernetes", `${time} stdout F ${inner}`],
    ["Kubernetes, bare", `${time} stderr F ${POSTFIX}`],
    ["Kubernetes with an offset", `2026-11-24T03:39:01.123456789+01:00 stdout F ${POSTFIX}`],
    ["CloudWatch", `${time} ${inner}`],
    [
      "journald",
      JSON.stringify({
        __REALTIME_TIMESTAMP: `${AT}000000`,
        SYSLOG_IDENTIFIER: "postfix/smtpd",
        MESSAGE: REFUSED,
      }),
    ],
    [
      "journald, json-seq",
      `\u001e{"__REALTIME_TIMESTAMP":"${AT}000000","SYSLOG_IDENTIFIER":"postfix/smtpd","MESSAGE":"${REFUSED}"}`,
    ],
    [
      "journald, json-sse",
      `data: {"__REALTIME_TIMESTAMP":"${AT}000000","SYSLOG_IDENTIFIER":"postfix/smtpd","MESSAGE":"${REFUSED}"}`,
    ],
    [
      "journald, bytes",
      JSON.stringify({
        __REALTIME_TIMESTAMP: `${AT}000000`,
        SYSLOG_IDENTIFIER: "postfix/smtpd",
        MESSAGE: [...Buffer.from(REFUSED)],
      }),
    ],
    ["multilog", `@4000000069239a3f00000000 ${inner}`],
  ])("%s", (_name, line) => {
    expect(read(line)).toMatchObject({ ip: "203.0.113.7", daemon: "postfix", attempts: 1 });
  });
});

describe("what another program says is no line of a daemon", () => {
  test.each([
    ["a line within a line", `Nov 24 02:39:01 mail app[1]: Nov 24 02:39:01 mail ${POSTFIX}`],
    ["without a tag", `Nov 24 02:39:01 mail user typed ${POSTFIX}`],
    ["with a priority", `<20>Nov 24 02:39:01 mail user typed ${POSTFIX}`],
    ["with a year", `2026 Nov 24 02:39:01 mail user typed ${POSTFIX}`],
    // Go's log and C's ctime: what such a program was told stands behind the time, or a word
    ["Go's log", `2026/11/24 02:39:01 login ${POSTFIX}`],
    ["Go's log, bare", `2026/11/24 02:39:01 ${POSTFIX}`],
    ["Go's log, of Dovecot", `2026/11/24 02:39:01 login dovecot: imap-login: ${CLOSED}`],
    ["Go's log, Dovecot's process", `2026/11/24 02:39:01 imap-login: ${CLOSED}`],
    ["ctime", `Tue Nov 24 02:39:01 2026 login ${POSTFIX}`],
    ["ctime, of Dovecot", `Tue Nov 24 02:39:01 2026 dovecot: imap-login: ${CLOSED}`],
    ["the year first, of Dovecot", `2026 Nov 24 02:39:01 login dovecot: imap-login: ${CLOSED}`],
    ["an epoch, of Dovecot", `${AT}.123 login dovecot: imap-login: ${CLOSED}`],
    ["a table", `ERROR | Nov 24 02:39:01 mail dovecot: imap-login: ${CLOSED}`],
    ["socklog's without a time", `mail.warn: ${POSTFIX}`],
    ["a facility that is none", `2026-11-24T02:39:01.12345 mail.evil: ${POSTFIX}`],
    ["macOS's without a process", `2026-11-24 03:39:01.123456+0100  user dovecot: imap-login: ${CLOSED}`],
    ["a level that is none", `Nov 24 02:39:01 mail mail.evil ${POSTFIX}`],
    ["last message repeated", "Nov 24 02:39:01 mail last message repeated 3 times"],
  ])("%s", (_name, line) => {
    expect(read(line)).toBeUndefined();
  });
});

const DOMINO = "SMTP Server: Authentication failed for user x ; connecting host [203.0.113.7]";

test.each([
  ["before the host", `mail ${POSTFIX}`, "Nov 24 02:39:01 <mail.info"],
  ["before the host, RFC 3339", `mail ${POSTFIX}`, "2026-11-24T02:39:01Z <mail.info"],
  [
    "before Domino's time",
    `24-11-2026 02:39:01   ${DOMINO}`,
    `[${"x".repeat(40)} ; connecting host [192.0.2.1]`,
  ],
])("where the word %s has no end, nothing is looked for in other lines", (_name, other, line) => {
  const parser = createLineParser({ logTime: AT, zone: { offset: 0 } });
  const bytes = Buffer.from(`${other}\n${line}`);
  expect(parser.parse(bytes, other.length + 1, bytes.length)).toBeUndefined();
  expect(parser.unreadLines).toBe(0);
});
