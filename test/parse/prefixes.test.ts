import { expect, test } from "vitest";
import { read } from "./read.ts";

const FAILED =
  "imap-login: Disconnected (auth failed, 2 attempts in 4 secs): user=<bob>, method=PLAIN, rip=203.0.113.7, lip=192.0.2.25";
const SASL = "warning: unknown[203.0.113.7]: SASL LOGIN authentication failed: x";

test.each([
  ["rsyslog's", `dovecot: message repeated 3 times: [ ${FAILED}]`, 6],
  ["rsyslog's without a space", `dovecot: message repeated 3 times: [${FAILED}]`, 6],
  ["Solaris's", `postfix/smtpd[7]: [ID 197553 mail.info] ${SASL}`, 1],
])("what a syslogd puts before a message is taken off: %s", (_, message, attempts) => {
  expect(read(`Nov 24 02:39:01 mail ${message}`)).toMatchObject({ ip: "203.0.113.7", attempts });
});

test.each([
  `dovecot: message repeated x times: [ ${FAILED}]`,
  `dovecot: message repeated 2 times: [ ${FAILED}`,
  `postfix/smtpd[7]: [ID 197553 MAIL] ${SASL}`,
  `postfix/smtpd[7]: [ID 1] x] ${SASL}`,
  `postfix/smtpd[7]: [ID ${"1".repeat(50)}] ${SASL}`,
])("nothing else is: %s", (message) => {
  expect(read(`Nov 24 02:39:01 mail ${message}`)).toBeUndefined();
});
