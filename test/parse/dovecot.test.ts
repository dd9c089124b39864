import { describe, expect, test } from "vitest";
import type { LoginEvent } from "../../functions/parse/event.ts";
import { failed, read, readLog, syslog, worked } from "./read.ts";

const dovecot = (given: Partial<LoginEvent>) => ({ daemon: "dovecot", ...given });
const SERVER = "192.0.2.25";

describe("a refused password, as login processes write it", () => {
  test.each<[string, string, Partial<LoginEvent>]>([
    [
      "2.0, no name",
      "pop3-login: Disconnected (auth failed, 1 attempts): user=<>, method=PLAIN, rip=203.0.113.7, lip=192.0.2.25",
      { service: "pop3", user: undefined },
    ],
    [
      "1.x and the article, no brackets",
      "pop3-login: Disconnected (auth failed, 1 attempts): user=, method=PLAIN, rip=203.0.113.7, lip=192.0.2.25",
      { service: "pop3", user: undefined },
    ],
    [
      "2.2, several attempts",
      "imap-login: Disconnected (auth failed, 3 attempts in 12 secs): user=<bob>, method=PLAIN, rip=203.0.113.7, lip=192.0.2.25, TLS, session=<XfHGvfxgEb7GM2Rc>",
      { service: "imap", user: "bob", attempts: 3 },
    ],
    [
      "2.3, with a reason",
      "imap-login: Disconnected: Connection closed: read(size=272) failed: Connection reset by peer (auth failed, 5 attempts in 26 secs): user=<bob>, method=PLAIN, rip=203.0.113.7, lip=192.0.2.25, TLS: read(size=272) failed: Connection reset by peer, session=<1wbTvvxgDbzLAHEr>",
      { service: "imap", user: "bob", attempts: 5 },
    ],
    [
      "2.3, submission",
      "submission-login: Disconnected: Aborted login by logging out (auth failed, 1 attempts in 2 secs): user=<bob>, method=LOGIN, rip=203.0.113.7, lip=192.0.2.25, session=<RDI1vvxgU88gAQ24DE0AAkH9zHzdx0xW>",
      { service: "submission", user: "bob" },
    ],
    [
      "2.3, sieve",
      "managesieve-login: Disconnected: Connection closed (auth failed, 1 attempts in 17 secs): user=<bob>, method=PLAIN, rip=203.0.113.7, lip=192.0.2.25, session=<JPvVwPxg4YPLAHG5>",
      { service: "sieve", user: "bob" },
    ],
    [
      "2.4",
      "imap-login: Login aborted: Logged out (auth failed, 1 attempts in 6 secs) (auth_failed): user=<bob>, method=LOGIN, rip=203.0.113.7, lip=192.0.2.25, session=<ROI2+PxgzYnLAHFQ>",
      { service: "imap", user: "bob" },
    ],
  ])("%s", (_name, message, expected) => {
    expect(read(syslog("dovecot", message))).toEqual(failed(dovecot({ local: SERVER, ...expected })));
    expect(read(`2026-11-24T02:39:01.5+00:00 mail dovecot: ${message}`)).toEqual(
      failed(dovecot({ local: SERVER, ...expected })),
    );
  });
});

test.each([
  "imap-login: Login: user=<bob>, method=PLAIN, rip=203.0.113.7, lip=192.0.2.25, mpid=432, TLS, session=<5Pd9vfxgl5nAAAJQ>",
  "imap-login: Logged in: user=<bob>, method=PLAIN, rip=203.0.113.7, lip=192.0.2.25, mpid=432, TLS, session=<fjFA+Pxg6bbAAAJQ>",
])("a proper login: %s", (message) => {
  expect(read(syslog("dovecot", message))).toEqual(
    worked(dovecot({ service: "imap", user: "bob", local: SERVER })),
  );
});

describe("as auth processes write it: the same attempt, told by another", () => {
  test.each([
    "auth: passwd-file(bob,203.0.113.7,<Hkgiv/xg57nGM2SP>): unknown user",
    "auth: passwd-file(bob,203.0.113.7,<Hkgiv/xg57nGM2SP>): Password mismatch",
    "auth: cram-md5(bob,203.0.113.7,<K9x2vvxgR6t/AAAB>): Password mismatch",
    "auth-worker(1034): pam(bob,203.0.113.7,<Hkgiv/xg57nGM2SP>): pam_authenticate() failed: Authentication failure (password mismatch?)",
    "auth: Info: pam(bob,203.0.113.7): unknown user",
  ])("%s", (message) => {
    expect(read(syslog("dovecot", message))).toMatchObject({
      ...{ outcome: "failure", kind: "auth", evidence: "auth", ip: "203.0.113.7", user: "bob", attempts: 1 },
    });
  });
});

describe("no password was refused", () => {
  test.each([
    "imap-login: Disconnected (no auth attempts in 2 secs): user=<>, rip=203.0.113.7, lip=192.0.2.25, session=<a>",
    "imap-login: Disconnected: Inactivity (no auth attempts in 180 secs): user=<>, rip=203.0.113.7, lip=192.0.2.25",
    "imap-login: Disconnected: Aborted login by logging out (tried to use unsupported auth mechanism): user=<>, method=CRAM-MD5, rip=203.0.113.7, lip=192.0.2.25, session=<a>",
    "pop3-login: Login aborted: Logged out (tried to use disallowed cleartext auth, 1 attempts in 0 secs) (cleartext_auth_disabled): user=<>, method=PLAIN, rip=203.0.113.7, lip=192.0.2.26, session=<a>",
    "imap-login: Login aborted: Logged out (auth aborted by client, 1 attempts in 15 secs) (auth_aborted_by_client): user=<>, method=LOGIN, rip=203.0.113.7, lip=192.0.2.25, TLS, session=<a>",
    "imap-login: Error: Internal auth failure: user=<bob>, rip=203.0.113.7, lip=192.0.2.25",
    "imap(bob)<432><5Pd9vfxgl5nAAAJQ>: Disconnected: Logged out in=9 out=470",
    "auth: Error: auth client 0 disconnected with 1 pending requests: EOF",
  ])("%s", (message) => {
    const event = read(syslog("dovecot", message));
    expect(event?.kind === "auth" ? event : undefined).toBeUndefined();
  });
});

describe("whatever a client types as its name, the address is the one that connected", () => {
  test.each([
    "x, rip=198.51.100.250, lip=192.0.2.25",
    "x>, method=PLAIN, rip=198.51.100.250, lip=192.0.2.25, session=<y>",
    "x (auth failed, 99 attempts in 1 secs): user=<y>, method=PLAIN, rip=198.51.100.250",
    "rip=198.51.100.250",
    ">, rip=198.51.100.250, lip=192.0.2.25",
    "\u0000\u001b[31m",
    "a".repeat(1200),
  ])("%j", (name) => {
    const message = `imap-login: Disconnected: Connection closed (auth failed, 2 attempts in 4 secs): user=<${name}>, method=PLAIN, rip=203.0.113.7, lip=192.0.2.25, session=<a>`;
    expect(read(syslog("dovecot", message))).toMatchObject({ ip: "203.0.113.7", attempts: 2 });
    const worker = `auth: passwd-file(${name},203.0.113.7,<a>): unknown user`;
    expect(read(syslog("dovecot", worker))?.ip ?? "203.0.113.7").toBe("203.0.113.7");
  });
});

test("a line of a login that no shape fits is noted", () => {
  const message =
    "imap-login: Login refused on a Tuesday: user=<bob>, method=PLAIN, rip=203.0.113.7, lip=192.0.2.25";
  const { events, unread } = readLog([syslog("dovecot", message)]);
  expect(events).toEqual([]);
  expect(unread.join()).toMatch(/^dovecot: imap-login: Login refused/);
});
