/**
 * What the daemons write about one client, line by line: Dovecot 2.3 and Postfix 3.7 as Debian 12 packages them, and a
 * little of other servers. Worded as in logs of the daemons themselves.
 */
import type { Client, Customer, People } from "./people.ts";
import type { Random } from "./random.ts";

export interface Line {
  /** From the program's name on. */
  text: string;
  /** What the line tells of a login; where two lines tell of one, the first. */
  login?: { outcome: "failure" | "success"; ip: string; attempts: number };
}

export type Session = Line[];

export interface World {
  random: Random;
  people: People;
  /** Epoch seconds. */
  now: number;
}

export function attack(world: World): Session {
  const { random } = world;
  if (random.chance(0.02)) return [otherServersFailure(world)];
  if (random.chance(0.45)) return [dovecotFailure(world, random.pick(LOGINS))];
  return postfixAttack(world);
}

export function login(world: World): Session {
  return world.random.chance(0.93) ? mailboxSession(world) : submission(world);
}

export function rest(world: World): Session {
  const { random } = world;
  if (random.chance(0.2)) return delivery(world);
  return random.pick([refusedMail, greeter, silentClient, scanner])(world);
}

const HERE = "192.0.2.25";
const LOGINS = ["imap", "imap", "imap", "pop3", "pop3", "managesieve", "submission"] as const;
const SERVICES = [
  "postfix/smtpd",
  "postfix/smtpd",
  "postfix/submission/smtpd",
  "postfix/smtps/smtpd",
] as const;
const TLS =
  "TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519 server-signature RSA-PSS (2048 bits) server-digest SHA256";

function dovecotFailure(world: World, service: string): Line {
  const { random, people } = world;
  const mistyped = random.chance(0.02) ? people.customer() : undefined;
  const { ip } = mistyped ?? people.attacker();
  const attempts = mistyped || random.chance(0.7) ? 1 : random.int(2, 9);
  const reason = random.pick([
    "Connection closed ",
    "Connection closed ",
    "Aborted login by logging out ",
    "Inactivity ",
  ]);
  const about = `user=<${mistyped?.user ?? people.guess()}>, method=PLAIN, rip=${ip}, lip=${HERE}`;
  const told = `(auth failed, ${attempts} attempts in ${attempts * random.int(2, 7)} secs)`;
  return {
    text: `dovecot: ${service}-login: Disconnected: ${reason}${told}: ${about}, ${tls(random)}session=<${sessionId(world, ip)}>`,
    login: { outcome: "failure", ip, attempts },
  };
}

function postfixAttack(world: World): Session {
  const { random, people } = world;
  const client = people.attacker();
  const smtpd = process(world, random.pick(SERVICES));
  const tries = random.chance(0.8) ? 1 : random.int(2, 5);
  return [
    connect(smtpd, client),
    ...(random.chance(0.1) ? [encrypted(smtpd, client)] : []),
    ...Array.from({ length: tries }, () => saslFailure(world, smtpd, client)),
    ...(random.chance(0.3) ? [{ text: `${smtpd}: lost connection after AUTH from ${named(client)}` }] : []),
    {
      text: `${smtpd}: disconnect from ${named(client)} ehlo=1 auth=0/${tries} quit=1 commands=2/${tries + 2}`,
    },
  ];
}

function saslFailure({ random, people }: World, smtpd: string, client: Client): Line {
  const text = `${smtpd}: warning: ${named(client)}: SASL ${random.pick(["LOGIN", "LOGIN", "PLAIN"])} authentication failed: `;
  // no password was judged
  if (random.chance(0.03)) return { text: `${text}Connection lost to authentication server` };
  return {
    text: `${text}(reason unavailable), sasl_username=${people.guess()}`,
    login: { outcome: "failure", ip: client.ip, attempts: 1 },
  };
}

/** Courier, Cyrus and Exim. */
function otherServersFailure(world: World): Line {
  const { random, people } = world;
  const { ip } = people.attacker();
  const guess = random.pick(["admin", "info", "test", "office"]);
  const mapped = ip.includes(":") ? ip : `::ffff:${ip}`;
  const text = random.pick([
    `pop3d: LOGIN FAILED, user=${guess}, ip=[${mapped}], port=[${random.int(1024, 65536)}]`,
    `${process(world, "cyrus/imap")}: badlogin: [${ip}] PLAIN [SASL(-13): authentication failure: Password verification failed]`,
    `${process(world, "exim")}: plain_server authenticator failed for (ylmf-pc) [${ip}]: 535 Incorrect authentication data (set_id=${guess})`,
  ]);
  return { text, login: { outcome: "failure", ip, attempts: 1 } };
}

function mailboxSession(world: World): Session {
  const { random, people } = world;
  const { ip, user } = people.customer();
  const pid = random.int(1000, 60_000);
  const id = sessionId(world, ip);
  const service = random.pick(["imap", "pop3"]);
  const about = `user=<${user}>, method=PLAIN, rip=${ip}, lip=${HERE}, mpid=${pid}, ${tls(random)}session=<${id}>`;
  const done =
    service === "pop3"
      ? `top=0/0, retr=${random.int(0, 9)}/${random.int(0, 90_000)}, del=0/${random.int(0, 900)}, size=${random.int(0, 9_000_000)}`
      : `in=${random.int(100, 9000)} out=${random.int(900, 90_000)} deleted=0 expunged=0 trashed=0 hdr_count=${random.int(0, 20)} hdr_bytes=${random.int(0, 9000)} body_count=0 body_bytes=0`;
  return [
    { text: `dovecot: ${service}-login: Login: ${about}`, login: { outcome: "success", ip, attempts: 0 } },
    { text: `dovecot: ${service}(${user})<${pid}><${id}>: Disconnected: Logged out ${done}` },
  ];
}

function submission(world: World): Session {
  const { random, people } = world;
  const customer = people.customer();
  const smtpd = process(world, "postfix/submission/smtpd");
  const queue = queueId(random);
  return [
    connect(smtpd, customer),
    encrypted(smtpd, customer),
    submitted(smtpd, queue, customer),
    ...queued(world, queue, customer.user),
    {
      text: `${process(world, "postfix/smtp")}: ${queue}: to=<${random.hex(6).toLowerCase()}@example.com>, relay=mx.example.com[198.51.100.${random.int(1, 255)}]:25, delay=1.${random.int(1, 99)}, delays=0.1/0/0.6/0.4, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as ${queueId(random)})`,
    },
    { text: `postfix/qmgr[812]: ${queue}: removed` },
    {
      text: `${smtpd}: disconnect from ${named(customer)} ehlo=2 starttls=1 auth=1 mail=1 rcpt=1 data=1 quit=1 commands=8`,
    },
  ];
}

function submitted(smtpd: string, queue: string, { ip, host, user }: Customer): Line {
  return {
    text: `${smtpd}: ${queue}: client=${host}[${ip}], sasl_method=PLAIN, sasl_username=${user}`,
    login: { outcome: "success", ip, attempts: 0 },
  };
}

/** Mail from another server, filtered and put into a mailbox. */
function delivery(world: World): Session {
  const { random, people } = world;
  const client = people.server();
  const smtpd = process(world, "postfix/smtpd");
  const queue = queueId(random);
  const to = people.mailbox();
  const pid = random.int(1000, 60_000);
  const id = sessionId(world, HERE);
  return [
    connect(smtpd, client),
    ...(random.chance(0.3) ? [encrypted(smtpd, client)] : []),
    { text: `${smtpd}: ${queue}: client=${named(client)}` },
    ...queued(world, queue, `bounce+${random.hex(6)}@${client.host}`),
    {
      text: `spamd[2214]: spamd: result: . -1 - BAYES_00,SPF_PASS scantime=0.${random.int(1, 99)},size=${random.int(900, 90_000)},user=debian-spamd`,
    },
    { text: `dovecot: lmtp(${pid}): Connect from local` },
    {
      text: `dovecot: lmtp(${to})<${pid}><${id}>: msgid=<${random.hex(10)}@${client.host}>: saved mail to INBOX`,
    },
    {
      text: `${process(world, "postfix/lmtp")}: ${queue}: to=<${to}>, relay=mail.example.org[private/dovecot-lmtp], delay=0.${random.int(10, 99)}, delays=0.25/0.01/0.01/0.04, dsn=2.0.0, status=sent (250 2.0.0 <${to}> ${id} Saved)`,
    },
    { text: `dovecot: lmtp(${pid}): Disconnect from local: Logged out (state=READY)` },
    { text: `postfix/qmgr[812]: ${queue}: removed` },
    {
      text: `${smtpd}: disconnect from ${named(client)} ehlo=2 starttls=1 mail=1 rcpt=1 data=1 quit=1 commands=7`,
    },
  ];
}

function queued(world: World, queue: string, from: string): Session {
  const { random } = world;
  return [
    {
      text: `${process(world, "postfix/cleanup")}: ${queue}: message-id=<${random.hex(8)}.${random.hex(6)}@mail.example.com>`,
    },
    {
      text: `postfix/qmgr[812]: ${queue}: from=<${from}>, size=${random.int(900, 90_000)}, nrcpt=1 (queue active)`,
    },
  ];
}

function refusedMail(world: World): Session {
  const { random, people } = world;
  const client = people.attacker();
  const smtpd = process(world, "postfix/smtpd");
  return [
    connect(smtpd, client),
    {
      text: `${smtpd}: NOQUEUE: reject: RCPT from ${named(client)}: 554 5.7.1 Service unavailable; Client host [${client.ip}] blocked using zen.dnsbl.example; from=<${random.hex(6)}@example.com> to=<${people.mailbox()}> proto=ESMTP helo=<win-${random.hex(6)}>`,
    },
    { text: `${smtpd}: disconnect from ${named(client)} ehlo=1 mail=1 rcpt=0/1 quit=1 commands=3/4` },
  ];
}

/** A bot that talks before its turn. */
function greeter(world: World): Session {
  const { random, people } = world;
  const { ip } = people.attacker();
  const from = `[${ip}]:${random.int(1024, 65536)}`;
  const postscreen = "postfix/postscreen[790]";
  return [
    { text: `${postscreen}: CONNECT from ${from} to [${HERE}]:25` },
    { text: `${postscreen}: PREGREET 11 after 0.${random.int(1, 99)} from ${from}: EHLO User\\r\\n` },
    { text: `${postscreen}: DISCONNECT ${from}` },
  ];
}

function silentClient(world: World): Session {
  const client = world.people.attacker();
  const smtpd = process(world, world.random.pick(SERVICES));
  return [
    connect(smtpd, client),
    { text: `${smtpd}: lost connection after CONNECT from ${named(client)}` },
    { text: `${smtpd}: disconnect from ${named(client)} commands=0/0` },
  ];
}

function scanner(world: World): Session {
  const { ip } = world.people.attacker();
  const about = `user=<>, rip=${ip}, lip=${HERE}, session=<${sessionId(world, ip)}>`;
  const text = `dovecot: ${world.random.pick(LOGINS)}-login: Disconnected: Connection closed (no auth attempts in 0 secs): ${about}`;
  return [{ text }];
}

function connect(smtpd: string, client: Client): Line {
  return { text: `${smtpd}: connect from ${named(client)}` };
}

function encrypted(smtpd: string, client: Client): Line {
  return { text: `${smtpd}: Anonymous TLS connection established from ${named(client)}: ${TLS}` };
}

function named({ host, ip }: Client): string {
  return `${host}[${ip}]`;
}

function tls(random: Random): string {
  return random.chance(0.7) ? "TLS, " : "";
}

function process({ random }: World, name: string): string {
  return `${name}[${random.int(1000, 60_000)}]`;
}

function queueId(random: Random): string {
  return random.hex(5) + random.hex(6);
}

/** Made of the time, the port and the address, as Dovecot does (client-common.c: client_get_session_id). */
function sessionId({ random, now }: World, ip: string): string {
  const bytes = Buffer.alloc(12);
  bytes.writeUIntLE(Math.floor(now * 1e6) % 2 ** 48, 0, 6);
  bytes.writeUInt16LE(random.int(1024, 65536), 6);
  if (!ip.includes(":")) bytes.set(ip.split(".").map(Number), 8);
  return bytes.toString("base64");
}
