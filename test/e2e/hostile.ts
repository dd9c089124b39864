/** What an attacker may type, and the lines that daemons make of it. */
import { mulberry32 } from "../random.ts";

/** The client that was connected, and addresses that only stand in what it typed. */
export const CLIENT = "203.0.113.7";
export const FORGED = ["192.0.2.1", "198.51.100.250", "2001:db8:dead::1", "::ffff:192.0.2.1"];

export interface Template {
  /** `¤` stands where the daemon writes what the client typed. */
  line: string;
  /** Makes of the text what the daemon would write. */
  clean: (text: string) => string;
}

const T = "Nov 24 02:48:09 mail ";
/** Dovecot and Postfix put a question mark for what is no printable character, rsyslog `#012`. */
const printable = (text: string) => text.replaceAll(/\p{Cc}/gu, "?");
const escaped = (text: string) => text.replaceAll("\n", "#012").replaceAll("\r", "#015");
/** Names that auth_username_chars lets pass, HELO names that Exim takes, mechanisms that are words. */
const name = (text: string) => text.replaceAll(/[^a-zA-Z0-9.@_-]/g, "");
const helo = (text: string) => text.replaceAll(/[^a-zA-Z0-9._:[\]-]/g, "");
const word = (text: string) => printable(text).replaceAll(" ", "") || "X";
const host = (text: string) => text.replaceAll(/[^a-z0-9.-]/g, "").slice(0, 200) || "x";

export const templates: readonly Template[] = [
  [
    `dovecot: imap-login: Disconnected: Connection closed (auth failed, 1 attempts in 2 secs): user=<¤>, method=PLAIN, rip=${CLIENT}, lip=192.0.2.25, TLS, session=<fc95vfxgrcLLAHEG>`,
    printable,
  ],
  [
    `dovecot: pop3-login: Login aborted: Logged out (auth failed, 2 attempts in 2 secs) (auth_failed): user=<¤>, method=LOGIN, rip=${CLIENT}, lip=192.0.2.25, session=<fc95vfxgrcLLAHEG>`,
    printable,
  ],
  [
    `dovecot: imap-login: Login: user=<¤>, method=PLAIN, rip=${CLIENT}, lip=192.0.2.25, mpid=7, TLS, session=<fc95vfxgrcLLAHEG>`,
    printable,
  ],
  [
    `dovecot: imap-login: Disconnected: Aborted login (tried to use unsupported auth mechanism): user=<>, method=¤, rip=${CLIENT}, lip=192.0.2.25, session=<fc95vfxgrcLLAHEG>`,
    word,
  ],
  [
    `dovecot: auth: plain(?,${CLIENT},<fc95vfxgrcLLAHEG>): Username character disallowed by auth_username_chars: 0x3e (username: ¤)`,
    printable,
  ],
  [`dovecot: auth: passwd-file(¤,${CLIENT}): unknown user`, name],
  [`dovecot: auth(¤,${CLIENT},sasl:plain)<fc95vfxgrcLLAHEG>: passwd-file: Password mismatch`, name],
  [
    `postfix/smtpd[7]: warning: unknown[${CLIENT}]: SASL LOGIN authentication failed: (reason unavailable), sasl_username=¤`,
    printable,
  ],
  [
    `postfix/smtpd[7]: warning: unknown[${CLIENT}]: SASL ¤ authentication failed: Invalid authentication mechanism`,
    word,
  ],
  [`postfix/smtpd[7]: warning: ¤[${CLIENT}]: SASL PLAIN authentication failed: authentication failure`, host],
  [
    `postfix/submission/smtpd[7]: 4F8E22825F2: client=¤[${CLIENT}], sasl_method=PLAIN, sasl_username=alice`,
    host,
  ],
  [
    `postfix/submission/smtpd[7]: 4F8E22825F2: client=unknown[${CLIENT}], sasl_method=PLAIN, sasl_username=¤`,
    printable,
  ],
  [`postfix/smtpd[7]: warning: non-SMTP command from unknown[${CLIENT}]: ¤`, printable],
  [`postfix/smtpd[7]: improper command pipelining after NOOP from unknown[${CLIENT}]: ¤`, printable],
  [
    `postfix/smtpd[7]: NOQUEUE: reject: RCPT from unknown[${CLIENT}]: 554 5.7.1 <x@y>: Relay access denied; from=<¤> to=<x@y> proto=ESMTP helo=<z>`,
    printable,
  ],
  [`postfix/postscreen[7]: PREGREET 9 after 0.1 from [${CLIENT}]:4711: ¤`, printable],
  [
    `exim[7]: dovecot_login authenticator failed for (¤) [${CLIENT}]: 535 Incorrect authentication data (set_id=admin)`,
    helo,
  ],
  [
    `exim[7]: dovecot_login authenticator failed for (client.example.net) [${CLIENT}]: 535 Incorrect authentication data (set_id=¤)`,
    escaped,
  ],
  [`exim[7]: rejected EHLO from [${CLIENT}]: syntactically invalid argument(s): ¤`, escaped],
  [
    `cyrus/imap[7]: badlogin: [${CLIENT}] plaintext (¤) [SASL(-13): authentication failure: checkpass failed]`,
    printable,
  ],
  [
    `cyrus/imap[7]: badlogin: ¤ [${CLIENT}] PLAIN (-notset-) [SASL(-13): user not found: Password verification failed]`,
    host,
  ],
  [`imapd: LOGIN FAILED, user=¤, ip=[::ffff:${CLIENT}], port=[40381]`, printable],
  [`imapd: LOGIN FAILED, method=¤, ip=[::ffff:${CLIENT}], port=[40381]`, word],
  [
    `sm-mta[7]: 6AO2p9kZ000083: AUTH failure (LOGIN): user not found (-20) SASL(-13): user not found: checkpass failed, user=¤, relay=[${CLIENT}]`,
    printable,
  ],
  [
    `auth: pam_unix(dovecot:auth): authentication failure; logname= uid=0 euid=0 tty=dovecot ruser=¤ rhost=${CLIENT} `,
    printable,
  ],
  [`imapd[7]: Login failed user=¤ auth=¤ host=unknown [${CLIENT}]`, printable],
  [`vpopmail[7]: vchkpw-pop3: password fail ¤:${CLIENT}`, printable],
].map(([line, clean]) => ({ line: `${T}${line}`, clean: clean as (text: string) => string }));

/** Ends and beginnings of what daemons write, with forged addresses in place of the client's. */
const pieces: readonly string[] = [
  ...FORGED.flatMap((ip) => [
    ip,
    `[${ip}]`,
    `>, method=PLAIN, rip=${ip}, lip=192.0.2.25, session=<AAAA>`,
    `, rip=${ip}, lip=192.0.2.25`,
    `rip=${ip}`,
    `unknown[${ip}]: SASL LOGIN authentication failed: x`,
    `] (${ip}): 535 Incorrect authentication data (set_id=y`,
    `) [${ip}]: 535 Incorrect authentication data (set_id=y)`,
    `, ip=[${ip}], port=[1]`,
    `, relay=x [${ip}]`,
    ` rhost=${ip} `,
    ` host=x [${ip}]`,
    `,${ip}): unknown user`,
    ` from ${ip}. AUTHENTICATE`,
    `badlogin: x [${ip}] plaintext y`,
    `:${ip}`,
  ]),
  "user=<",
  "> (",
  "(auth failed, 99 attempts in 1 secs): ",
  "Login: ",
  "Disconnected ",
  "\n",
  "\r\n",
  "\0",
  "\t",
  "\u001b[31m",
  "é",
  "用户",
  "😀",
  "%s%n",
  "$\u007bjndi:x}",
  "'\"\\",
  "[",
  "]",
  "<",
  ">",
  "(",
  ")",
  ", ",
  ": ",
  "=",
  " ",
  "A".repeat(300),
  "-1",
  "admin",
  "a@b.example",
  ...templates.map(({ line }) => line.replaceAll(CLIENT, FORGED[0]!).replaceAll("¤", "root")),
];

export type Random = () => number;

export const randomFrom: (seed: number) => Random = mulberry32;

export function pick<T>(random: Random, from: readonly T[]): T {
  return from[Math.floor(random() * from.length)]!;
}

export function typed(random: Random): string {
  return Array.from({ length: 1 + Math.floor(random() * 4) }, () => pick(random, pieces)).join("");
}

/** A line as its daemon writes it when a client has typed something hostile. */
export function hostileLine(random: Random): string {
  const { line, clean } = pick(random, templates);
  return line.replaceAll("¤", () => clean(typed(random)));
}

/** Bytes of a line cut, doubled, swapped with another's, or changed. */
export function mutate(random: Random, a: Buffer, b: Buffer): Buffer {
  const at = Math.floor(random() * (a.length + 1));
  const other = Math.floor(random() * (b.length + 1));
  switch (Math.floor(random() * 4)) {
    case 0:
      return Buffer.concat([a.subarray(0, at), b.subarray(other)]);
    case 1:
      return a.subarray(0, at);
    case 2:
      return Buffer.concat([a.subarray(0, at), a.subarray(Math.floor(at / 2))]);
    default: {
      const changed = Buffer.from(a);
      for (let i = 0; i < 4 && changed.length > 0; i++)
        changed[Math.floor(random() * changed.length)] = Math.floor(random() * 256);
      return changed;
    }
  }
}
