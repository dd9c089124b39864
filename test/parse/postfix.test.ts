import { describe, expect, test } from "vitest";
import type { LoginEvent } from "../../functions/parse/event.ts";
import { failed, probed, read, syslog, worked } from "./read.ts";

const postfix = (given: Partial<LoginEvent>) => ({ daemon: "postfix", ...given });

describe("a refused password, under every service name", () => {
  test.each<[string, LoginEvent["service"]]>([
    ["postfix/smtpd", "smtp"],
    ["postfix/submission/smtpd", "submission"],
    ["postfix/smtps/smtpd", "submission"],
    ["postfix-out/submissions/smtpd", "submission"],
  ])("%s", (program, service) => {
    const message = "warning: unknown[203.0.113.7]: SASL LOGIN authentication failed: UGFzc3dvcmQ6";
    expect(read(syslog(program, message))).toEqual(failed(postfix({ service })));
  });

  test.each([
    [
      "without reason and name",
      "warning: unknown[203.0.113.7]: SASL PLAIN authentication failed:",
      undefined,
    ],
    [
      "with the name",
      "warning: unknown[203.0.113.7]: SASL PLAIN authentication failed: (reason unavailable), sasl_username=bob",
      "bob",
    ],
    [
      "with the port",
      "warning: a.example.net[203.0.113.7]:49152: SASL CRAM-MD5 authentication failed: authentication failure, sasl_username=bob",
      "bob",
    ],
  ])("%s", (_name, message, user) => {
    expect(read(syslog("postfix/smtpd", message))).toEqual(failed(postfix({ service: "smtp", user })));
  });

  test("from IPv6", () => {
    const message = "warning: unknown[2001:db8::7]: SASL PLAIN authentication failed: , sasl_username=bob";
    expect(read(syslog("postfix/smtpd", message))?.ip).toBe("2001:db8::7");
  });
});

test.each([
  "4F8E22825F2: client=dsl.example.net[203.0.113.7]",
  "4F8E22825F2: client=dsl.example.net[203.0.113.7]:49152",
  "4ZkzXl6Dycz2xQT: client=dsl.example.net[203.0.113.7]",
  "NOQUEUE: client=dsl.example.net[203.0.113.7]",
])("a message of a user who logged in: %s", (client) => {
  const message = `${client}, sasl_method=PLAIN, sasl_username=bob@example.org`;
  expect(read(syslog("postfix/submission/smtpd", message))).toEqual(
    worked(postfix({ service: "submission", user: "bob@example.org" })),
  );
});

// it counts what was refused without a look at a password too: each failure has a line of its own
describe("the summary at the end of a connection tells of no refused password", () => {
  test.each([
    ["auth=0/3", { outcome: "failure", kind: "probe", attempts: 0 }],
    ["auth=1/3", { outcome: "failure", kind: "probe", attempts: 0 }],
    ["auth=1", { outcome: "success", kind: "auth", attempts: 0 }],
  ])("%s", (counts, expected) => {
    const message = `disconnect from unknown[203.0.113.7] ehlo=1 ${counts} quit=1 commands=2/5`;
    expect(read(syslog("postfix/smtpd", message))).toMatchObject({
      evidence: "summary",
      ip: "203.0.113.7",
      ...expected,
    });
  });
});

describe("no password was refused", () => {
  test.each([
    "warning: unknown[203.0.113.7]: SASL LOGIN authentication failed: Connection lost to authentication server, sasl_username=(unavailable)",
    "warning: unknown[203.0.113.7]: SASL LOGIN authentication failed: Temporary authentication failure",
    "disconnect from unknown[203.0.113.7] ehlo=1 quit=1 commands=2",
    "connect from unknown[203.0.113.7]",
  ])("%s", (message) => {
    expect(read(syslog("postfix/smtpd", message))).toBeUndefined();
  });

  test("our host as the client", () => {
    const message =
      "4F8E22825F2: SASL authentication failed; server relay.example.net[203.0.113.7] said: 535 5.7.8 authentication failed";
    expect(read(syslog("postfix/smtp", message))).toBeUndefined();
  });
});

describe("no password was read, but somebody probes", () => {
  test.each([
    ["hangs up in the middle of AUTH", "lost connection after AUTH from unknown[203.0.113.7]"],
    [
      "a mechanism that is not offered",
      "warning: unknown[203.0.113.7]: SASL X-FOO[192.0.2.1] authentication failed: Invalid authentication mechanism, sasl_username=(unavailable)",
    ],
    [
      "malformed",
      "warning: unknown[203.0.113.7]: SASL LOGIN authentication failed: Invalid base64 data in continued response",
    ],
    [
      "a mechanism that is not offered without TLS",
      "warning: unknown[203.0.113.7]: SASL PLAIN authentication failed: encryption needed to use mechanism",
    ],
    ["does not wait, and says nothing", "improper command pipelining after DATA from unknown[203.0.113.7]:"],
    ["does not wait", "improper command pipelining after AUTH from unknown[203.0.113.7]: QUIT\\r\\n"],
    ["nothing but errors", "too many errors after AUTH from a.example.net[203.0.113.7]"],
    [
      "kept off for too many attempts",
      "warning: AUTH command rate limit exceeded: 61 from unknown[203.0.113.7]:4711 for service submission",
    ],
    ["HTTP", "warning: non-SMTP command from unknown[203.0.113.7]: GET / HTTP/1.1"],
  ])("%s", (_name, message) => {
    expect(read(syslog("postfix/smtpd", message))).toEqual(probed(postfix({ service: "smtp" })));
  });
});

test("2.0 gives no reason", () => {
  const message = "warning: unknown[203.0.113.7]: SASL LOGIN authentication failed";
  expect(read(syslog("postfix/smtpd", message))).toEqual(failed(postfix({ service: "smtp" })));
});

describe("whatever a client types, the address is the one that connected", () => {
  test.each([
    "bob, sasl_username=alice",
    "x[198.51.100.250]: SASL LOGIN authentication failed: y",
    "warning: unknown[198.51.100.250]: SASL LOGIN authentication failed: z, sasl_username=q",
  ])("as user: %j", (name) => {
    const message = `warning: unknown[203.0.113.7]: SASL LOGIN authentication failed: (reason unavailable), sasl_username=${name}`;
    expect(read(syslog("postfix/smtpd", message))?.ip).toBe("203.0.113.7");
  });

  test("as reverse name", () => {
    const message =
      "warning: rip.198.51.100.250.example.com[203.0.113.7]: SASL LOGIN authentication failed: x";
    expect(read(syslog("postfix/smtpd", message))?.ip).toBe("203.0.113.7");
  });

  test("as sender or HELO", () => {
    const message =
      'NOQUEUE: reject: RCPT from unknown[203.0.113.7]: 454 4.7.1 <a@example.com>: Relay access denied; from=<"unknown[198.51.100.250]: SASL LOGIN authentication failed"@example.net> to=<a@example.com> proto=ESMTP helo=<x>';
    expect(read(syslog("postfix/smtpd", message))).toBeUndefined();
  });
});
