import { join } from "node:path";
import { expect, test } from "vitest";
import { describeWith, HOST, run } from "./programs.ts";

const CLIENT = "203.0.113.7";
const FORGED = "9.9.9.9";
const stamped = (message: string) => `2026-11-24T02:39:01.123456+00:00 mail ${message}`;

/** As the daemons write them: test/parse has each daemon's. */
const WORKED = [
  `dovecot: imap-login: Login: user=<bob>, method=PLAIN, rip=${CLIENT}, lip=192.0.2.25, mpid=7, TLS, session=<x>`,
  `dovecot: imap-login: Logged in: user=<bob>, method=PLAIN, rip=${CLIENT}, lip=192.0.2.25`,
  `dovecot: imap-login: Login: user=<x, rip=${FORGED}, y>, method=PLAIN, rip=${CLIENT}, lip=192.0.2.25`,
  `postfix/submission/smtpd[7]: 4AO2d1aB012345: client=x.example[${CLIENT}]:50118, sasl_method=PLAIN, sasl_username=bob`,
  `postfix/smtpd[7]: NOQUEUE: client=x.example[${CLIENT}], sasl_method=PLAIN, sasl_username=bob`,
  `exim[7]: 1abcde-000001-AA <= bob@example.org H=(h) [${CLIENT}]:50118 P=esmtpsa X=TLS A=login:bob S=7`,
  `exim[7]: 1abcde-000001-AA <= bob@example.org H=(h) [${CLIENT}] I=[192.0.2.25]:587 P=esmtpa A=login:bob S=7`,
  `imapd[7]: LOGIN, user=bob, ip=[${CLIENT}], port=[50118], protocol=IMAP`,
  `pop3d: LOGIN, user=bob, ip=[::ffff:${CLIENT}], port=[50118]`,
  `imap[7]: login: x.example [${CLIENT}] bob plaintext User logged in`,
  `sm-mta[7]: 4AO2d1aB012345: AUTH=server, relay=x.example [${CLIENT}], mech=PLAIN, bits=0, authid=bob`,
];

/** Lines of somebody who never got in, which say of a login what he typed. */
const TYPED = [
  `dovecot: imap-login: Disconnected (auth failed, 1 attempts in 2 secs): user=<x-login: Login: user=<a>, method=PLAIN, rip=${FORGED}, lip=192.0.2.25`,
  `postfix/smtpd[7]: NOQUEUE: reject: RCPT from x[${CLIENT}]: 554; helo=<smtpd[1]: A: client=x[${FORGED}], sasl_method=P, sasl_username=b>`,
  `exim[7]: 1abcde-000001-AA <= "x H=[${FORGED}] A=p:"@evil.example H=(h) [${CLIENT}] P=esmtp S=7`,
  `exim[7]: 1abcde-000001-AA <= a@evil.example H=(h) [${CLIENT}] P=esmtp S=7 T="H=[${FORGED}] A=p:"`,
  `imapd[7]: LOGIN FAILED, user=: LOGIN, user=a, ip=[${FORGED}], ip=[${CLIENT}]`,
  `imap[7]: badlogin: x.example [${CLIENT}] plaintext imap[1]: login: x [${FORGED}] a User logged in SASL(-13)`,
  `sm-mta[7]: 4AO2d1aB012345: from=<: AUTH=server, relay=[${FORGED}], authid=a>, relay=x [${CLIENT}]`,
];

for (const sed of [["sed"], ["busybox", "sed"]]) {
  describeWith([sed[0]!])(`logins that worked, by ${sed.join(" ")}`, () => {
    const addressesOf = async (message: string) => {
      const command = [...sed, "-n", "-E", "-f", join(HOST, "lib", "successes.sed")];
      const { stdout } = await run(command, { input: `${stamped(message)}\n` });
      return stdout.split("\n").flatMap((line) => line.split("\t")[1] ?? []);
    };

    test.each(WORKED)("%s", async (line) => {
      expect((await addressesOf(line)).map((ip) => ip.replace("::ffff:", ""))).toEqual([CLIENT]);
    });

    test.each(TYPED)("nobody's: %s", async (line) => {
      expect(await addressesOf(line)).toEqual([]);
    });
  });
}
