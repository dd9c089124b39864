/**
 * A mail host's log of any length: Dovecot and Postfix in traditional syslog form, 150 bytes a line on average, 16 % of
 * the lines failed logins and 17 % proper ones; the rest is what else such hosts write. The same seed, the same log.
 */

import { once } from "node:events";
import { createWriteStream } from "node:fs";

export interface Generated {
  lines: number;
  bytes: number;
  failures: number;
  successes: number;
}

const FIRST = Date.UTC(2026, 9, 26) / 1000;
const SECONDS = 28 * 86_400;
const CHUNK = 1 << 20;

export async function generateLog(path: string, lines: number, seed: number): Promise<Generated> {
  const random = randomFrom(seed);
  const out = createWriteStream(path);
  const done: Generated = { lines, bytes: 0, failures: 0, successes: 0 };
  let chunk = "";
  for (let n = 0; n < lines; n++) {
    const stamp = stampOf(FIRST + Math.floor((n / lines) * SECONDS));
    const share = random();
    if (share < 0.16) done.failures++;
    else if (share < 0.33) done.successes++;
    const message = share < 0.16 ? failure(random) : share < 0.33 ? success(random) : other(random);
    chunk += `${stamp} mail ${message}\n`;
    if (chunk.length < CHUNK && n < lines - 1) continue;
    done.bytes += chunk.length;
    if (!out.write(chunk)) await once(out, "drain");
    chunk = "";
  }
  out.end();
  await once(out, "close");
  return done;
}

type Random = () => number;

function failure(random: Random): string {
  const ip = attacker(random);
  const user = pick(random, USERS);
  if (random() < 0.6) {
    const attempts = 1 + Math.floor(random() * 4);
    return `dovecot: ${pick(random, LOGINS)}-login: Disconnected: Connection closed (auth failed, ${attempts} attempts in ${attempts * 2} secs): user=<${user}>, method=PLAIN, rip=${ip}, lip=192.0.2.25, TLS, session=<${session(random)}>`;
  }
  return `postfix/${pick(random, SMTPDS)}[${pid(random)}]: warning: unknown[${ip}]: SASL LOGIN authentication failed: (reason unavailable), sasl_username=${user}`;
}

function success(random: Random): string {
  const ip = customer(random);
  const user = pick(random, USERS);
  if (random() < 0.8) {
    return `dovecot: ${pick(random, LOGINS)}-login: Login: user=<${user}>, method=PLAIN, rip=${ip}, lip=192.0.2.25, mpid=${pid(random)}, TLS, session=<${session(random)}>`;
  }
  return `postfix/submission/smtpd[${pid(random)}]: ${queueId(random)}: client=dsl.example.net[${ip}], sasl_method=PLAIN, sasl_username=${user}@example.org`;
}

const OTHERS: ((random: Random) => string)[] = [
  (random) => `postfix/smtpd[${pid(random)}]: connect from unknown[${attacker(random)}]`,
  (random) =>
    `postfix/smtpd[${pid(random)}]: disconnect from unknown[${attacker(random)}] ehlo=1 mail=1 rcpt=1 data=1 quit=1 commands=5`,
  (random) =>
    `postfix/smtpd[${pid(random)}]: Anonymous TLS connection established from mail.example.net[${customer(random)}]: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519 server-signature RSA-PSS (2048 bits) server-digest SHA256`,
  (random) =>
    `postfix/cleanup[${pid(random)}]: ${queueId(random)}: message-id=<${session(random)}.${pid(random)}@example.net>`,
  (random) =>
    `postfix/qmgr[812]: ${queueId(random)}: from=<${pick(random, USERS)}@example.net>, size=${pid(random)}, nrcpt=1 (queue active)`,
  (random) =>
    `postfix/lmtp[${pid(random)}]: ${queueId(random)}: to=<${pick(random, USERS)}@example.org>, relay=mail.example.org[private/dovecot-lmtp], delay=0.31, delays=0.25/0.01/0.01/0.04, dsn=2.0.0, status=sent (250 2.0.0 <${pick(random, USERS)}@example.org> ${session(random)} Saved)`,
  (random) => `postfix/qmgr[812]: ${queueId(random)}: removed`,
  (random) =>
    `dovecot: imap(${pick(random, USERS)})<${pid(random)}><${session(random)}>: Disconnected: Logged out in=${pid(random)} out=${pid(random)} deleted=0 expunged=0 trashed=0 hdr_count=0 hdr_bytes=0 body_count=0 body_bytes=0`,
  (random) =>
    `dovecot: lmtp(${pick(random, USERS)})<${pid(random)}><${session(random)}>: msgid=<${session(random)}@example.net>: saved mail to INBOX`,
];

const LOGINS = ["imap", "imap", "imap", "pop3", "pop3", "submission", "managesieve"];
const SMTPDS = ["smtpd", "submission/smtpd", "smtps/smtpd"];
const USERS = [
  "alice",
  "bob",
  "carol",
  "info",
  "sales",
  "admin",
  "root",
  "test",
  "webmaster",
  "office",
  "john.smith",
];

function other(random: Random): string {
  return pick(random, OTHERS)(random);
}

/** 20,000 addresses, some far busier than others. */
function attacker(random: Random): string {
  const n = Math.floor(20_000 * random() ** 3);
  return `45.${140 + Math.floor(n / 10_000)}.${Math.floor(n / 100) % 100}.${1 + (n % 100)}`;
}

function customer(random: Random): string {
  const n = Math.floor(5_000 * random());
  return `81.20.${Math.floor(n / 200)}.${1 + (n % 200)}`;
}

function pick<T>(random: Random, from: readonly T[]): T {
  return from[Math.floor(random() * from.length)]!;
}

function pid(random: Random): number {
  return 1000 + Math.floor(random() * 60_000);
}

const SESSION = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

function session(random: Random): string {
  return Array.from({ length: 16 }, () => SESSION[Math.floor(random() * SESSION.length)]).join("");
}

function queueId(random: Random): string {
  return Math.floor(random() * 2 ** 40)
    .toString(16)
    .toUpperCase()
    .padStart(10, "0");
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

function stampOf(at: number): string {
  const date = new Date(at * 1000);
  return `${MONTHS[date.getUTCMonth()]} ${String(date.getUTCDate()).padStart(2)} ${date.toISOString().slice(11, 19)}`;
}

/** mulberry32: small, seeded, good enough for a log. */
function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
