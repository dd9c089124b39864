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
      "2.3, submission, hung up",
      "submission-login: Remote closed connection (auth failed, 2 attempts in 2 secs): user=<bob>, method=LOGIN, rip=203.0.113.7, lip=192.0.2.25",
      { service: "submission", user: "bob", attempts: 2 },
    ],
    [
      "1.1",
      "pop3-login: Aborted login (2 authentication attempts): user=<bob>, method=PLAIN, rip=::ffff:203.0.113.7, lip=::ffff:192.0.2.25, TLS",
      { service: "pop3", user: "bob", attempts: 2 },
    ],
    [
      "2.3, submission, silent",
      "submission-login: Disconnected for inactivity (auth failed, 1 attempts in 300 secs): user=<bob>, method=LOGIN, rip=203.0.113.7, lip=192.0.2.25",
      { service: "submission", user: "bob" },
    ],
    [
      "1.0, no reason",
      "pop3-login: Aborted login: user=<bob>, method=PLAIN, rip=::ffff:203.0.113.7, lip=::ffff:192.0.2.25",
      { service: "pop3", user: "bob" },
    ],
    [
      "1.0, no reason, without the server's address",
      "pop3-login: Aborted login: user=<bob>, method=PLAIN, rip=::ffff:203.0.113.7",
      { service: "pop3", user: "bob", local: undefined },
    ],
    [
      "2.3, refused by the server behind a proxy",
      "imap-login: Disconnected (proxy dest auth failed): user=<bob>, method=PLAIN, rip=203.0.113.7, lip=192.0.2.25, session=<a>",
      { service: "imap", user: "bob" },
    ],
    [
      "2.4, in the middle of a command",
      "imap-login: Login aborted: Connection closed (unfinished AUTH command) (auth failed, 2 attempts in 5 secs) (auth_failed): user=<bob>, method=PLAIN, rip=203.0.113.7, lip=192.0.2.25, session=<a>",
      { service: "imap", user: "bob", attempts: 2 },
    ],
    [
      "2.4, refused by the server behind a proxy",
      "imap-login: Login aborted: Logged out (proxy dest authentication failure, 2 attempts in 5 secs) (proxy_dest_auth_failed): user=<bob>, method=PLAIN, rip=203.0.113.7, lip=192.0.2.25, session=<a>",
      { service: "imap", user: "bob", attempts: 2 },
    ],
    [
      "2.4, the same where the proxy asked nobody",
      "imap-login: Login aborted: Logged out (proxy dest authentication failure, 1/1 successful auths in 5 secs) (proxy_dest_auth_failed): user=<bob>, method=PLAIN, rip=203.0.113.7, lip=192.0.2.25, session=<a>",
      { service: "imap", user: "bob" },
    ],
    [
      "2.4, the same, several",
      "imap-login: Login aborted: Logged out (proxy dest authentication failure, 3/3 successful auths in 6 secs) (proxy_dest_auth_failed): user=<bob>, method=PLAIN, rip=203.0.113.7, lip=192.0.2.25, session=<a>",
      { service: "imap", user: "bob", attempts: 3 },
    ],
    [
      "2.4, the same, some refused by the proxy itself",
      "imap-login: Login aborted: Logged out (proxy dest authentication failure, 1/3 successful auths in 6 secs) (proxy_dest_auth_failed): user=<bob>, method=PLAIN, rip=203.0.113.7, lip=192.0.2.25, session=<a>",
      { service: "imap", user: "bob", attempts: 3 },
    ],
    [
      "2.4, the last of several was not finished",
      "imap-login: Login aborted: Connection closed (unfinished AUTH command) (client didn't finish SASL auth, 3 attempts in 5 secs) (auth_waiting_client): user=<bob>, method=PLAIN, rip=203.0.113.7, lip=192.0.2.25, session=<a>",
      { service: "imap", user: "bob", attempts: 3 },
    ],
    [
      "2.4, the last of several was cancelled",
      "pop3-login: Login aborted: Logged out (auth aborted by client, 2 attempts in 5 secs) (auth_aborted_by_client): user=<bob>, method=PLAIN, rip=203.0.113.7, lip=192.0.2.25, session=<a>",
      { service: "pop3", user: "bob", attempts: 2 },
    ],
    [
      "2.4, and an exchange cancelled at last",
      "imap-login: Login aborted: Logged out (auth aborted by client, 4 attempts in 6 secs) (auth_aborted_by_client): user=<carol>, method=PLAIN, rip=203.0.113.7, lip=192.0.2.25, session=<a>",
      { service: "imap", user: "carol", attempts: 4 },
    ],
    [
      "2.4, and a mechanism that is not there at last",
      "imap-login: Login aborted: Logged out (tried to use unsupported auth mechanism, 4 attempts in 6 secs) (invalid_mech): user=<carol>, method=FOO, rip=203.0.113.7, lip=192.0.2.25, TLS, session=<a>",
      { service: "imap", user: "carol", attempts: 4 },
    ],
    [
      "2.4, by CRAM-MD5, and by a mechanism that is not allowed without TLS at last",
      "pop3-login: Login aborted: Logged out (tried to use disallowed cleartext auth, 4 attempts in 6 secs) (cleartext_auth_disabled): user=<carol>, method=PLAIN, rip=203.0.113.7, lip=192.0.2.25, session=<a>",
      { service: "pop3", user: "carol", attempts: 4 },
    ],
    [
      "2.3, the same: how many is not said",
      "pop3-login: Disconnected: Aborted login by logging out (tried to use disallowed plaintext auth): user=<carol>, method=PLAIN, rip=203.0.113.7, lip=192.0.2.25, session=<a>",
      { service: "pop3", user: "carol" },
    ],
    [
      "2.4, hung up in the next exchange",
      "submission-login: Login aborted: Connection closed (unfinished AUTH command) (client didn't finish SASL auth, 4 attempts in 6 secs) (auth_waiting_client): user=<carol>, method=PLAIN, rip=203.0.113.7, lip=192.0.2.25, session=<a>",
      { service: "submission", user: "carol", attempts: 4 },
    ],
    [
      "2.3, hung up in the next exchange",
      "submission-login: Disconnected: Connection closed (unfinished AUTH command) (auth failed, 4 attempts in 6 secs): user=<carol>, method=PLAIN, rip=203.0.113.7, lip=192.0.2.25, session=<a>",
      { service: "submission", user: "carol", attempts: 4 },
    ],
    [
      "2.3, and a mechanism that is not there at last: how many is not said",
      "imap-login: Disconnected: Aborted login by logging out (tried to use unsupported auth mechanism): user=<carol>, method=FOO, rip=203.0.113.7, lip=192.0.2.25, session=<a>",
      { service: "imap", user: "carol" },
    ],
    [
      "2.4, some of the attempts worked",
      "imap-login: Login aborted: Connection closed (auth failed, 1/3 successful auths in 12 secs) (auth_failed): user=<bob>, method=PLAIN, rip=203.0.113.7, lip=192.0.2.25, session=<a>",
      { service: "imap", user: "bob", attempts: 2 },
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

test.each(["log", "dovecot", "imap-login"])("on macOS, as %s", (program) => {
  const message =
    "(libdovecot.0.dylib) imap-login: Aborted login (auth failed, 2 attempts in 5 secs): user=<bob>, method=PLAIN, rip=203.0.113.7, lip=192.0.2.25, TLS";
  const expected = { service: "imap", user: "bob", attempts: 2, local: SERVER } as const;
  expect(read(syslog(program, message))).toEqual(failed(dovecot(expected)));
});

test.each([
  "imap-login: Login: user=<bob>, method=PLAIN, rip=203.0.113.7, lip=192.0.2.25, mpid=432, TLS, session=<5Pd9vfxgl5nAAAJQ>",
  "imap-login: Logged in: user=<bob>, method=PLAIN, rip=203.0.113.7, lip=192.0.2.25, mpid=432, TLS, session=<fjFA+Pxg6bbAAAJQ>",
  "imap-login: proxy(bob): started proxying to 192.0.2.30:143: user=<bob>, method=PLAIN, rip=203.0.113.7, lip=192.0.2.25, TLS",
  "imap-login: proxy(bob,192.0.2.30:143): Started proxying to <192.0.2.30> (0.5 secs): user=<bob>, method=PLAIN, rip=203.0.113.7, lip=192.0.2.25",
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
    "auth: Info: ldap(bob,203.0.113.7,): invalid credentials",
    "Info: auth(default): passwd-file(bob,::ffff:203.0.113.7): unknown user",
    "auth: pam(bob,203.0.113.7,<a>): pam_authenticate() failed: Authentication failure (Password mismatch?) (given password: a b)",
    "auth: oauth2(bob,203.0.113.7,<a>): oauth2 failed: Introspection failed: Token is no longer valid",
    "auth: checkpassword(bob,203.0.113.7,<a>): Login failed (status=1)",
    "auth-worker(bob,203.0.113.7)<566595><a>: request [3]: pam: pam_authenticate() failed: Authentication failure (Password mismatch?)",
    "auth-worker(bob,203.0.113.7)<566595>: request [1]: sql: unknown user",
    "auth(bob,203.0.113.7,sasl:login)<a>: sql: Password mismatch (given password: x)",
    // its own log, where the level stands behind what the process says of itself
    "auth-worker(bob,203.0.113.7)<566595><a>: request [12]: Info: sql: Password mismatch (given password: x)",
    "auth(bob,203.0.113.7,sasl:login)<a>: Info: passwd-file: unknown user",
    "auth: Info: conn unix:auth (pid=1,uid=2): auth<3>: sql(bob,203.0.113.7): unknown user",
    "auth(default): vpopmail(bob,203.0.113.7): user not found",
    "auth: passwd-file(bob,203.0.113.7,master): Password mismatch",
    "auth-worker(7): sql(bob,203.0.113.7,master,<a>): unknown user",
    "auth(bob,203.0.113.7,sasl:plain,master)<a>: passwd-file: Password mismatch",
    "auth: pam_unix(dovecot:auth): authentication failure; logname= uid=0 euid=0 tty=dovecot ruser=bob rhost=203.0.113.7  user=bob",
    "pam_unix(dovecot:auth): authentication failure; logname= uid=0 euid=0 tty=dovecot ruser=bob rhost=203.0.113.7 ",
    // auth_verbose_passwords, where the mechanism has none to give
    "auth(bob,203.0.113.7,sasl:cram-md5)<Ph7TyIFha6fLAHFY>: passwd-file: unknown user ",
    "imap-login: proxy(bob,192.0.2.30:143): Login failed: [AUTHENTICATIONFAILED] Authentication failed.: user=<bob>, method=PLAIN, rip=203.0.113.7, lip=192.0.2.25",
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
    "imap-login: Disconnected (client didn't finish SASL auth, waited 2 secs): user=<>, method=PLAIN, rip=203.0.113.7, lip=192.0.2.25",
    "imap-login: Login aborted: Connection closed (client didn't finish SASL auth, 1 attempts in 2 secs) (auth_waiting_client): user=<>, method=PLAIN, rip=203.0.113.7, lip=192.0.2.25",
    "imap-login: Login aborted: Logged out (proxy dest connection failed, 1 attempts in 2 secs) (proxy_dest_connect_failed): user=<bob>, method=PLAIN, rip=203.0.113.7, lip=192.0.2.25",
    "imap-login: Login aborted: Logged out (proxy dest temporary authentication failure, 1 attempts in 2 secs) (proxy_dest_auth_temp_failed): user=<bob>, method=PLAIN, rip=203.0.113.7, lip=192.0.2.25",
    "imap-login: Disconnected (disconnected before greeting, waited 0 secs): user=<>, rip=203.0.113.7, lip=192.0.2.25",
    "imap-login: Maximum number of connections from user+IP exceeded (mail_max_userip_connections=10): user=<bob>, method=PLAIN, rip=203.0.113.7, lip=192.0.2.25",
    "imap-login: Internal login failure (pid=1 id=2) (internal failure, 1 successful auths): user=<bob>, method=PLAIN, rip=203.0.113.7, lip=192.0.2.25",
    "imap-login: Disconnected: Connection closed (internal failure, 1 successful auths): user=<bob>, method=PLAIN, rip=203.0.113.7, lip=192.0.2.25",
    "imap-login: Disconnected: Connection closed (auth service reported temporary failure): user=<bob>, method=PLAIN, rip=203.0.113.7, lip=192.0.2.25",
    "imap-login: proxy(bob,192.0.2.30:143): Login failed: [UNAVAILABLE] Temporary authentication failure.: user=<bob>, method=PLAIN, rip=203.0.113.7, lip=192.0.2.25",
    "auth-worker(1): sql(bob,203.0.113.7,<a>): unknown user (given password: x) - trying the next passdb",
    "auth: pam(bob,203.0.113.7,<a>): pam_authenticate() failed: Authentication service cannot retrieve authentication info",
    "auth: pam(bob,203.0.113.7,<a>): pam_acct_mgmt() failed: User account has expired",
    "auth-worker(default): pam(bob,203.0.113.7): pam_start() failed: Critical error - immediate abort",
    "auth: passwd-file(admin,203.0.113.7,master,<a>): Master user logging in as bob",
    "imap-login: proxy: Logging in to 192.0.2.30:143 timed out (state=0, duration=180s) (internal failure, 4 successful auths): user=<bob>, method=PLAIN, rip=203.0.113.7, lip=192.0.2.25, session=<a>",
    "auth: policy(bob,203.0.113.7,<a>): Authentication failure due to policy server refusal",
    "pop3-login: Disconnected: rip=203.0.113.7, lip=192.0.2.25",
    "pop3-login: Disconnected: Inactivity: rip=203.0.113.7, lip=192.0.2.25, TLS",
    "imap-login: Aborted login: method=PLAIN, rip=203.0.113.7, lip=192.0.2.25",
    "imap-login: Error: Internal auth failure: user=<bob>, rip=203.0.113.7, lip=192.0.2.25",
    "imap(bob)<432><5Pd9vfxgl5nAAAJQ>: Disconnected: Logged out in=9 out=470",
    "auth: Error: auth client 0 disconnected with 1 pending requests: EOF",
    "imap-login: Login aborted: Logged out (tried to use unsupported auth mechanism, 5 attempts in 0 secs) (invalid_mech): user=<>, method=FOO, rip=203.0.113.7, lip=192.0.2.25, session=<a>",
    "imap-login: Login aborted: Connection closed (client didn't finish SASL auth, 1 attempts in 9 secs) (auth_waiting_client): user=<>, method=PLAIN, rip=203.0.113.7, lip=192.0.2.25, session=<a>",
    "imap-login: Login aborted: Logged out (proxy dest connection failed, 1/1 successful auths in 3 secs) (proxy_dest_connect_failed): user=<bob>, method=PLAIN, rip=203.0.113.7, lip=192.0.2.25, session=<a>",
    "auth(bob,203.0.113.7,sasl:plain)<a>: Debug: pam: Performing passdb lookup",
    "auth-worker(bob,203.0.113.7)<239><a>: request [1]: Debug: pam: lookup service=dovecot",
    "auth-worker(bob,203.0.113.7)<239>: request [2]: Error: sql: Password query failed: disk I/O error",
    "auth-worker(bob,203.0.113.7)<239>: request [2]: Info: sql: unknown user - trying the next passdb",
    "pop3-login: APOP failed: APOP not enabled: user=<>, rip=203.0.113.7, lip=192.0.2.25, session=<a>",
  ])("%s", (message) => {
    const { events, unread } = readLog([syslog("dovecot", message)]);
    expect(events.filter(({ kind }) => kind === "auth")).toEqual([]);
    expect(unread).toEqual([]);
  });
});

describe("the server ended the connection for its own reasons: no probe either", () => {
  const from = "user=<>, rip=203.0.113.7, lip=192.0.2.25, session=<a>";
  test.each([
    `imap-login: Disconnected: Auth process broken (disconnected before auth was ready, waited 31 secs): ${from}`,
    `pop3-login: Login aborted: Auth process broken (disconnected before greeting, waited 0 secs) (disconnected_before_greeting): ${from}`,
    `imap-login: Disconnected: Shutting down (no auth attempts in 7 secs): ${from}`,
    `imap-login: Disconnected: TLS initialization failed. (no auth attempts in 0 secs): ${from}`,
  ])("%s", (message) => {
    expect(readLog([syslog("dovecot", message)])).toMatchObject({ events: [], unread: [] });
  });

  test("but what was refused before counts, and whoever goes by itself is a probe", () => {
    const refused =
      "imap-login: Disconnected: Shutting down (auth failed, 3 attempts in 9 secs): user=<bob>, method=PLAIN";
    expect(read(syslog("dovecot", `${refused}, rip=203.0.113.7, lip=192.0.2.25`))).toMatchObject({
      ...{ kind: "auth", ip: "203.0.113.7", attempts: 3 },
    });
    const gone = `imap-login: Disconnected (disconnected before auth was ready, waited 0 secs): ${from}`;
    expect(read(syslog("dovecot", gone))).toMatchObject({ kind: "probe", ip: "203.0.113.7" });
  });

  test("no name makes a refusal look like it", () => {
    const name = "x>: Disconnected: Auth process broken (no auth attempts in 1 secs): user=<";
    const refused = `imap-login: Disconnected (auth failed, 2 attempts in 4 secs): user=<${name}>, method=PLAIN, rip=203.0.113.7, lip=192.0.2.25`;
    expect(read(syslog("dovecot", refused))).toMatchObject({ kind: "auth", ip: "203.0.113.7", attempts: 2 });
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

test.each([">, method=PLAIN, rip=192.0.2.1, lip=1", ">, x", "x: user=<>, method=PLAIN, rip=192.0.2.1"])(
  "no name looks like none where the last attempt was cancelled: %s",
  (name) => {
    const message = `imap-login: Login aborted: Logged out (auth aborted by client, 4 attempts in 6 secs) (auth_aborted_by_client): user=<${name}>, method=PLAIN, rip=203.0.113.7, lip=192.0.2.25, session=<a>`;
    expect(read(syslog("dovecot", message))).toMatchObject({ ip: "203.0.113.7", attempts: 4, user: name });
  },
);

test("no name looks like a proper login behind a proxy", () => {
  const name = "x): started proxying to y";
  const message = `imap-login: proxy(${name},192.0.2.30:143): Login failed: no: user=<${name}>, method=PLAIN, rip=203.0.113.7, lip=192.0.2.25`;
  expect(read(syslog("dovecot", message))?.outcome).not.toBe("success");
});

test("in a log of its own, with a long name", () => {
  const name = `${"a".repeat(80)}@example.org`;
  const line = `Nov 24 02:39:01 auth(${name},203.0.113.7,sasl:login)<a>: Info: sql: Password mismatch`;
  expect(read(line)).toMatchObject({ ip: "203.0.113.7", user: name });
});

test("in a log of its own, with a name that is not taken", () => {
  const disallowed = "Username character disallowed by auth_username_chars: 0x3d (username: rip=192.0.2.1)";
  const line = `Nov 24 02:39:01 auth(?,203.0.113.7,sasl:plain)<a>: Info: plain: ${disallowed}`;
  expect(read(line)).toMatchObject({ ip: "203.0.113.7", evidence: "auth", user: "rip=192.0.2.1" });
});

test("a line of a login that no shape fits is noted in Dovecot's own log too", () => {
  const line =
    "Nov 24 02:39:01 imap-login: Info: Login refused on a Tuesday: user=<bob>, method=PLAIN, rip=203.0.113.7, lip=192.0.2.25";
  expect(readLog([line]).unread).toHaveLength(1);
});

test("a line of a login that no shape fits is noted", () => {
  const message =
    "imap-login: Login refused on a Tuesday: user=<bob>, method=PLAIN, rip=203.0.113.7, lip=192.0.2.25";
  const { events, unread } = readLog([syslog("dovecot", message)]);
  expect(events).toEqual([]);
  expect(unread.join()).toMatch(/^dovecot: imap-login: Login refused/);
});
