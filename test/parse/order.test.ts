import { expect, test } from "vitest";
import { createLineParser } from "../../functions/parse/line.ts";
import { AT, syslog } from "./read.ts";
import { AMBIGUOUS, CLIENT, fill, REFUSALS } from "./refusals.ts";

/** Lines in every form that is read, and some that tell of nobody. */
const lines = [
  ...[...REFUSALS, ...AMBIGUOUS].map(([, line]) => fill(line, "bob", CLIENT)),
  syslog("sshd", "Connection closed by 203.0.113.7"),
  "2026-11-24T02:39:01.123456+00:00 mail postfix/qmgr[1]: 4AO2d1aB012345: removed",
  "Nov 24 02:39:01 imap-login: Info: Disconnected (auth failed, 1 attempts): user=<bob>, method=PLAIN, rip=203.0.113.7, lip=192.0.2.25",
  "<13>1 2026-11-24T02:39:01Z mail exim 1 - - plain authenticator failed for (x) [203.0.113.7]: 535 Incorrect authentication data",
  "2026-11-24T02:39:01.514Z,EX\\Default Frontend EX,08DA6B12,12,192.0.2.25:25,203.0.113.7:55576,>,535 5.7.3 Authentication unsuccessful,",
  '2026-11-24T02:39:01.123Z [NOTICE] [5F0B1C8A-1] [core] disconnect ip=203.0.113.7 rdns=x lr="535 no" time=1',
  "<20>Nov 24 02:39:01 mail postfix/smtpd[1]: warning: unknown[203.0.113.7]: SASL LOGIN authentication failed: x",
  "2026/11/24 02:39:01 mail mail.warn postfix/smtpd[1]: warning: unknown[203.0.113.7]: SASL LOGIN authentication failed: x",
  "Tue Nov 24 02:39:01 2026 mail.warn postfix/smtpd[1]: warning: unknown[203.0.113.7]: SASL LOGIN authentication failed: x",
  "Nov 24 02:39:01 2026 mail.info mx dovecot[1]: x",
  "Nov 24 02:39:01 mail.info imap-login: Login: user=<bob>, method=PLAIN, rip=203.0.113.7, lip=192.0.2.25",
  "2026-11-24 02:39:01 mx mail.info dovecot: imap-login: Login: user=<bob>, method=PLAIN, rip=203.0.113.7, lip=192.0.2.25",
  "2026-11-24T02:39:01Z [info] dovecot: imap-login: Login: user=<bob>, method=PLAIN, rip=203.0.113.7, lip=192.0.2.25",
  "mail-1  | postfix/smtpd[1]: warning: unknown[203.0.113.7]: SASL LOGIN authentication failed: x",
  "Nov-24-26 02:39:01 [Worker_1] 203.0.113.7 [SMTP Error] 535 5.7.8 Error: authentication failed: x",
];

const parserOf = () => createLineParser({ logTime: AT, zone: { offset: 0 } });

function parse(parser: ReturnType<typeof parserOf>, line: string) {
  const bytes = Buffer.from(line);
  return parser.parse(bytes, 0, bytes.length);
}

test.each(lines)("a line is read alike whatever stood before it: %s", (before) => {
  const parser = parserOf();
  const differing = lines.filter((line) => {
    parse(parser, before);
    // Equal lines of a daemon that writes each twice are one
    return line !== before && JSON.stringify(parse(parser, line)) !== JSON.stringify(alone.get(line));
  });
  expect(differing).toEqual([]);
});

const alone = new Map(lines.map((line) => [line, parse(parserOf(), line)]));

test("a leap second is the one after :59, whatever stood before it, when the zone's offset changes there too", () => {
  const refused = (time: string) =>
    `Oct 25 ${time} mail postfix/smtpd[1]: warning: unknown[203.0.113.7]: SASL LOGIN authentication failed: x`;
  const times = (...lines: string[]) => {
    const parser = createLineParser({ logTime: AT, zone: { name: "Europe/Berlin" } });
    return lines.map((line) => parse(parser, refused(line))!.at);
  };
  const [before, leap] = times("02:59:59", "02:59:60");
  expect(leap).toBe(before! + 1);
  expect(times("02:59:60", "02:59:59")).toEqual([leap, before]);
  expect(times("02:59:59", "03:10:00", "02:59:60").at(-1)).toBe(leap);
});
