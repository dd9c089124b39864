/** Lines of syslog at the edges of what a block's reader takes, and what it has to leave to the parser. */
import { hostileLine, mutate, pick, type Random } from "../e2e/hostile.ts";
import { fill, REFUSALS } from "./refusals.ts";

const PREFIX = "Nov 24 02:48:09 mail ";
const NEWLINE = 0x0a;

export type Form = "traditional" | "iso";

const CLOCKS = [
  "02:48:09",
  "02:48:10",
  "02:48:60",
  "02:48:61",
  "02:48:x1",
  "02:49:00",
  "25:00:00",
  "02:59:60",
];
/** The last ones are as long as a time may be, and longer. */
const ZONES = [
  ...["Z", "+00:00", "+02:00", "-0330", "+1400", "+1500", "+0x:00", "+02", "+02:6", "+0260", ""],
  ...[".123456+00:00", ",123Z", ".5", "x", ...[15, 16, 17].map((digits) => `.${"1".repeat(digits)}+00:00`)],
];
const HOSTS = ["<mail.info> mail ", "<mail.info> ", "mail: ", " ", ""];

/** Times and hosts as lines have them, or should not; the first is the usual one. */
const prefixes: Record<Form, readonly string[]> = {
  traditional: [
    ...CLOCKS.map((clock) => `Nov 24 ${clock} mail `),
    // summer time ends in Europe
    ...["02:59:59", "02:59:60", "02:00:00", "03:00:00"].map((clock) => `Oct 25 ${clock} mail `),
    ...["Nov  4", "Nov 4", "Nov 26", "\0ov 24", "Nov 31"].map((date) => `${date} 02:48:09 mail `),
    ...["Dec 31 23:59:59", "Dec 31 23:59:60", "Jan  1 00:00:00", "Feb 29 12:00:00"].map(
      (time) => `${time} mail `,
    ),
    ...HOSTS.map((host) => `Nov 24 02:48:09 ${host}`),
    "<22>Nov 24 02:48:09 mail ",
  ],
  iso: [
    "2026-11-24T02:48:09+00:00 mail ",
    ...CLOCKS.map((clock) => `2026-11-24T${clock}Z mail `),
    ...ZONES.map((zone) => `2026-11-24T02:48:09${zone} mail `),
    ...["2026-11-24 02:48:09", "2026-13-24T02:49:00Z", "2105-11-24T02:49:00Z"].map((time) => `${time} mail `),
    ...HOSTS.map((host) => `2026-11-24T02:48:09Z ${host}`),
    "",
  ],
};

const others = [
  "postfix/qmgr[1]: 4AO2d1aB012345: removed",
  "dovecot: imap-login: Something new: user=<bob>, rip=203.0.113.7, lip=192.0.2.25",
  "postfix/smtpd[1]: message repeated 3 times: [ warning: unknown[203.0.113.7]: SASL LOGIN authentication failed: x]",
  "dovecot: [ID 19 mail.info] imap-login: Login: user=<bob>, method=PLAIN, rip=203.0.113.7, lip=192.0.2.25",
  ...["dovecot: ", "dovecot:", "dovecot[1", "dovecot: mess", "dovecot: [", "dovecot"],
  "dovecot: pop3-login: Disconnected (auth failed, 4294967297 attempts): user=<x>, rip=203.0.113.7, lip=::1",
  "dovecot: pop3-login: Disconnected (auth failed, 999999999 attempts): user=<x>, rip=203.0.113.7, lip=::1",
  "dovecot: pop3-login: Disconnected (auth failed, 0 attempts): user=<x>, rip=203.0.113.7, lip=::1",
  `imapd: LOGIN FAILED, user=${"x".repeat(480)}, ip=[::ffff:203.0.113.7]`,
  "smtpd: 0123456789abcdef smtp event=connected address=203.0.113.7 host=x",
  "smtpd: 0123456789abcdef smtp event=authentication user=bob result=permfail",
  "sogod: SOGoRootPage Login from '203.0.113.7, 10.0.0.1' for user 'bob' might not have worked - x",
];

/** What daemons may write for the server. */
const LOCAL = ["192.0.2.25", "::1", "x"];

/** Two more and two fewer than fit into 8, 16, 32, 40, 56, 64 and 300 bytes. */
const LENGTHS = [8, 16, 32, 40, 56, 64, 300].flatMap((length) =>
  [-2, -1, 0, 1, 2].map((more) => length + more),
);

const ADDRESSES = [
  ...["203.0.113.7", "203.0.113.8", "10.0.0.1", "not-an-address", "010.1.1.1", "2001:db8::7"],
  ...["::ffff:203.0.113.9", "fe80::1%eth0", "2001:0db8:0000:0000:0000:0000:255.255.255.255"],
];

const NAMES = [
  "bob",
  "?",
  "(unavailable)",
  "(unavailablE)",
  "",
  "a\0b",
  "é".repeat(28),
  "x> rip=192.0.2.1, ",
];

function wordOf(random: Random): string {
  return "abcdefgh.".repeat(40).slice(0, pick(random, LENGTHS));
}

/** A login of which one part is as long as may be, or longer. */
function edgeLine(random: Random): string {
  const [ip, local] = [pick(random, ADDRESSES), pick(random, LOCAL)];
  const name = random() < 0.5 ? pick(random, NAMES) : wordOf(random);
  const attempts = pick(random, ["1", "2", "17", "0000000001", "1000000000"]);
  const process = random() < 0.7 ? "[4711]" : `[${wordOf(random)}${pick(random, ["]", "", "]]"])}`;
  return pick(random, [
    `dovecot${process}: imap-login: Disconnected (auth failed, ${attempts} attempts in 2 secs): user=<${name}>, method=PLAIN, rip=${ip}, lip=${local}, TLS`,
    `dovecot${process}: pop3-login: Login aborted: x (auth failed, ${attempts}/3 successful auths in 4 secs) (auth_failed): user=<${name}>, method=PLAIN, rip=${ip}, lip=${local}`,
    `dovecot${process}: sieve-login: Login: user=<${name}>, method=PLAIN, rip=${ip}, lip=${local}`,
    `dovecot${process}: imap-login: Disconnected (no auth attempts in 2 secs): user=<${name}>, rip=${ip}, lip=${local}`,
    `postfix/smtpd${process}: warning: ${wordOf(random)}[${ip}]: SASL LOGIN authentication failed: x, sasl_username=${name}`,
    `${wordOf(random).slice(6)}/smtpd${process}: warning: x[${ip}]: SASL LOGIN authentication failed: x, sasl_username=${name}`,
    `postfix/smtpd${process}: disconnect from x[${ip}] ehlo=1 auth=0/${attempts} quit=1`,
    `vpopmail${process}: vchkpw-${pick(random, ["pop3", "smtp", "x"])}: password fail ${name}:${ip}`,
  ]);
}

/** @param form what most lines are of: blocks end where it changes @param real lines that daemons wrote */
export function oddLine(random: Random, form: Form, real: readonly Buffer[]): Buffer {
  if (random() < 0.3 && real.length > 0) return changed(random, pick(random, real), pick(random, real));
  const body = pick(random, [
    () => hostileLine(random).slice(PREFIX.length),
    () => hostileLine(random).slice(PREFIX.length),
    () => fill(pick(random, REFUSALS)[1], "bob", "203.0.113.7").replace(/^\w+ +\d+ [\d:]+ \S+ /, ""),
    () => pick(random, others),
    () => edgeLine(random),
    () => edgeLine(random),
  ])();
  const some = random() < 0.95 ? prefixes[form] : Object.values(prefixes).flat();
  const prefix = random() < 0.7 ? some[0]! : pick(random, some);
  const host = random() < 0.05 ? wordOf(random) : "mail";
  const line = Buffer.from(`${prefix.replace(/mail $/, `${host} `)}${body}`.replaceAll("\n", "#012"));
  return changed(random, random() < 0.05 ? lengthened(random, line) : line, line);
}

/** About as long as the longest that blocks take. */
function lengthened(random: Random, line: Buffer): Buffer {
  return Buffer.concat([line, Buffer.alloc(Math.max(0, 897 + Math.floor(random() * 8) - line.length), "z")]);
}

function changed(random: Random, line: Buffer, other: Buffer): Buffer {
  const some = random() < 0.1 ? mutate(random, line, other) : line;
  const whole = random() < 0.1 ? Buffer.concat([some, Buffer.from("\r")]) : some;
  return Buffer.from(whole.map((byte) => (byte === NEWLINE ? 0x20 : byte)));
}
