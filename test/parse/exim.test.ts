import { describe, expect, test } from "vitest";
import type { LoginEvent } from "../../functions/parse/event.ts";
import { failed, probed, read, readLog, syslog, worked } from "./read.ts";

const FAILED = "dovecot_login authenticator failed for";
const WRONG = "535 Incorrect authentication data";
const OWN = "2026-11-24 02:39:01";

const exim = (given: Partial<LoginEvent>) => ({ service: "smtp", daemon: "exim", ...given }) as const;
const refused = (given: Partial<LoginEvent> = {}) => failed(exim(given));

describe("a refused password", () => {
  test.each([
    ["in the main log", `${OWN} ${FAILED} (client.example.net) [203.0.113.7]: ${WRONG} (set_id=alice)`],
    ["with a port", `${OWN} ${FAILED} (client.example.net) [203.0.113.7]:50118: ${WRONG} (set_id=alice)`],
    ["from a host with a name", `${OWN} ${FAILED} a-b.example.net [203.0.113.7]: ${WRONG} (set_id=alice)`],
    ["with name and HELO", `${OWN} ${FAILED} a.example.net (User) [203.0.113.7]: ${WRONG} (set_id=alice)`],
    ["with an address as HELO", `${OWN} ${FAILED} ([127.0.0.1]) [203.0.113.7]: ${WRONG} (set_id=alice)`],
    ["with H=, as 4.94 has it", `${OWN} ${FAILED} H=(User) [203.0.113.7]: ${WRONG} (set_id=alice)`],
    ["with an ident", `${OWN} ${FAILED} (User) [203.0.113.7] U=root: ${WRONG} (set_id=alice)`],
    ["with zone and pid", `${OWN} +0000 [4711] ${FAILED} (User) [203.0.113.7]: ${WRONG} (set_id=alice)`],
    ["with milliseconds", `${OWN}.123 ${FAILED} (User) [203.0.113.7]: ${WRONG} (set_id=alice)`],
    ["in syslog", syslog("exim", `${FAILED} (User) [203.0.113.7]: ${WRONG} (set_id=alice)`)],
    [
      "in syslog with time",
      syslog("exim4", `${OWN} ${FAILED} (User) [203.0.113.7]: ${WRONG} (set_id=alice)`),
    ],
    [
      "in syslog with all that Exim can write",
      syslog("exim", `${OWN}.123 +0000 [99] ${FAILED} (User) [203.0.113.7]: ${WRONG} (set_id=alice)`),
    ],
    [
      "in syslog, cut",
      syslog("exim", `[1/2] ${OWN} ${FAILED} (User) [203.0.113.7]: ${WRONG} (set_id=alice)`),
    ],
    ["in syslog, in lines", syslog("exim", `[1\\2] ${FAILED} (User) [203.0.113.7]: ${WRONG} (set_id=alice)`)],
    ["in syslog with pid", syslog("exim", `[99] ${FAILED} (User) [203.0.113.7]: ${WRONG} (set_id=alice)`)],
  ])("%s", (_name, line) => {
    expect(read(line)).toEqual(refused({ user: "alice" }));
  });

  test("without a name", () => {
    expect(read(`${OWN} ${FAILED} (User) [203.0.113.7]: ${WRONG}`)).toEqual(refused());
  });

  test("at an address of ours, which is kept", () => {
    const line = `${OWN} ${FAILED} (User) [2001:db8::7]:50118 I=[192.0.2.25]:587 Ci=99: ${WRONG} (set_id=bob)`;
    expect(read(line)).toEqual(
      refused({ ip: "2001:db8::7", local: "192.0.2.25", user: "bob", service: "submission" }),
    );
  });

  test("counts once where syslog has it twice, for the main and for the reject log", () => {
    const line = syslog("exim", `${FAILED} (User) [203.0.113.7]: ${WRONG} (set_id=alice)`);
    expect(readLog([line, line, line, line]).events).toHaveLength(2);
    const rfc5424 = `<22>1 2026-11-24T02:39:01.123456+00:00 mail exim 89 - -  ${FAILED} (User) [203.0.113.7]: ${WRONG} (set_id=a)`;
    expect(readLog([rfc5424, rfc5424]).events).toHaveLength(1);
    const message = `${FAILED} (User) [203.0.113.7]: ${WRONG} (set_id=a)`;
    const journal = `{"SYSLOG_IDENTIFIER":"exim","__REALTIME_TIMESTAMP":"1795488541123456","MESSAGE":"${message}"}`;
    expect(readLog([journal, journal, journal, journal]).events).toHaveLength(2);
    const fields = ["__CURSOR=s=1", "__REALTIME_TIMESTAMP=1795488541123456", "SYSLOG_IDENTIFIER=exim"];
    const entry = [...fields, `MESSAGE=${message}`, ""];
    expect(readLog([...entry, ...entry]).events).toHaveLength(1);
  });

  test("counts each line of Exim's own log", () => {
    const line = `${OWN} ${FAILED} (User) [203.0.113.7]: ${WRONG} (set_id=alice)`;
    expect(readLog([line, line]).events).toHaveLength(2);
  });
});

describe("a proper login", () => {
  const message = "1xVgif-0000nJ-1x <= alice@example.org H=(phone) [203.0.113.7]:50118";
  test.each([
    ["with TLS", `${message} P=esmtpsa X=TLS1.3:AES_256:256 CV=no A=plain:alice S=1024 id=x@example.org`],
    ["without", `${message} P=esmtpa A=plain:alice S=1024`],
    ["from a list's sender", `${message.replace("alice@", "list+a=b@")} P=esmtpsa A=plain:alice S=1024`],
    ["with an empty sender", `${message.replace("alice@example.org", "<>")} P=esmtpsa A=plain:alice S=1024`],
    [
      "with all that Exim can write",
      `${message} Ci=Ab-1 P=utf8esmtpsa L. X=TLS1.3:AES_256:256 CV=no SNI=x A=plain:alice:alice@example.org K M8S=0 RT=0.1s S=1024 T="A=plain:bob S=1"`,
    ],
    ["with the name as sender too", `${message} P=esmtpsa A=plain:alice:alice@example.org S=1024`],
    [
      "with a name from the DNS that is signed, and fast open",
      `${message.replace("H=(phone)", "DS H=a.example.net (phone)")} TFO* P=esmtpa A=plain:alice S=1024`,
    ],
  ])("%s", (_name, line) => {
    expect(read(`${OWN} ${line}`)).toEqual(worked(exim({ user: "alice" })));
  });

  test.each([
    ["a certificate's subject", "A=tls:CN=alice smith,O=Example S=1024", "CN=alice smith,O=Example"],
    ["in quotes", 'CV=yes DN="/CN=a" A=ext:"alice smith" K S=1024 id=x@example.org', '"alice smith"'],
    ["with two extensions behind it", "A=ntlm:(alice) PRDR K S=1024", "(alice)"],
    ["none", "X=TLS1.3:AES_256:256 CV=no A=plain S=1024", undefined],
    ["none, and nothing more", "L. S=1024", undefined],
  ])("by an authenticator that says who it was in its own way: %s", (_name, rest, user) => {
    expect(read(`${OWN} ${message} P=esmtpsa ${rest}`)).toEqual(worked(exim({ user })));
  });
});

test("a zone that Exim writes counts (log_timezone)", () => {
  const line = `${FAILED} (User) [203.0.113.7]: ${WRONG} (set_id=alice)`;
  expect(read(`2026-11-24 05:39:01 +0300 ${line}`)).toEqual(refused({ user: "alice" }));
  expect(read(`2026-11-23 21:39:01.123 -0500 [4711] ${line}`)).toEqual(refused({ user: "alice" }));
});

describe("no failed login", () => {
  test.each([
    ["the authenticator is down", `${FAILED} (User) [203.0.113.7]: 435 Unable to authenticate at present`],
    [
      "the same, with a name",
      `${FAILED} (User) [203.0.113.7]: 435 Unable to authenticate at present (set_id=a): x`,
    ],
    ["a mistake of ours", `${FAILED} (User) [203.0.113.7]: 435 Internal error: return code 9`],
    ["malformed", `${FAILED} (User) [203.0.113.7]: 501 Invalid base64 data`],
    ["cancelled", `${FAILED} (User) [203.0.113.7]: 501 Authentication cancelled`],
    ["out of turn (Cyrus SASL)", `${FAILED} (User) [203.0.113.7]: 553 Initial data not expected`],
    [
      "we are the client",
      "1xVgif-0000nJ-1x plain authenticator failed H=mx.example.net [203.0.113.7] 535 no",
    ],
    [
      "a message without login",
      "1xVgif-0000nJ-1x <= a@example.net H=mx.example.net [203.0.113.7] P=esmtps S=9",
    ],
    [
      "a refused recipient",
      "H=(User) [203.0.113.7] F=<a@example.net> rejected RCPT <b@example.org>: relay not permitted",
    ],
  ])("%s", (_name, line) => {
    expect(readLog([`${OWN} ${line}`])).toEqual({ events: [], unread: [] });
  });
});

describe("a probe", () => {
  test.each([
    [
      "AUTH where there is none",
      'SMTP protocol error in "AUTH LOGIN" H=(User) [203.0.113.7] AUTH command used when not advertised',
    ],
    [
      "an unknown mechanism",
      'SMTP protocol error in "AUTH NTLM" H=(User) [203.0.113.7] NTLM authentication mechanism not supported',
    ],
    ["AUTH that an ACL refuses", "H=(User) [203.0.113.7]:50118 rejected AUTH LOGIN: not from there"],
    [
      "the same with TLS",
      "H=(User) [203.0.113.7] X=TLS1.3:AES_256:256 CV=no temporarily rejected AUTH PLAIN AGEAYg==: later",
    ],
    [
      "commands that are none",
      'SMTP call from a.example.net (x) [203.0.113.7]:50118 dropped: too many unrecognized commands (last was "GET")',
    ],
    [
      "nothing but errors",
      'SMTP call from (x) [203.0.113.7] dropped: too many syntax or protocol errors (last command was "AUTH LOGIN", C=EHLO,AUTH)',
    ],
    [
      "HTTP",
      'SMTP protocol synchronization error (input sent without waiting for greeting): rejected connection from H=[203.0.113.7]:50118 input="GET / HTTP/1.1\\r\\n"',
    ],
    [
      "a port that demands AUTH",
      "H=(User) [203.0.113.7]:50118 X=TLS1.3:AES:128 CV=no F=<a@example.net> rejected RCPT <b@example.org>: SMTP AUTH is required for message submission on port 587",
    ],
  ])("%s", (_name, line) => {
    expect(read(`${OWN} ${line}`)).toEqual(probed(exim({})));
  });
});

describe("what a client types moves no address", () => {
  test.each([
    [
      "a name with a line's end",
      `${FAILED} (User) [203.0.113.7]: ${WRONG} (set_id=x) [192.0.2.1]: ${WRONG} (set_id=y)`,
    ],
    [
      "a name with a whole line",
      `${FAILED} (User) [203.0.113.7]: ${WRONG} (set_id=${FAILED} [192.0.2.1]: ${WRONG})`,
    ],
    [
      "an ident with a line's end",
      `${FAILED} (User) [203.0.113.7] U=x [192.0.2.1]: 435 y: ${WRONG} (set_id=a)`,
    ],
  ])("%s", (_name, line) => {
    expect(read(`${OWN} ${line}`)?.ip).toBe("203.0.113.7");
  });

  const ACCEPTED = "1xVgif-0000nJ-1x <= a@example.net H=(User) [203.0.113.7]";
  const ANOTHER = "H=(x) [192.0.2.1] P=esmtpsa A=plain:bob S=1";
  test.each([
    ["a name", `${ACCEPTED} P=esmtpsa A=plain:x ${ANOTHER} S=1024`],
    ["a name that is a line", `${ACCEPTED} P=esmtpsa A=tls:${OWN} 1xVgif-0000nJ-1y <= b@c ${ANOTHER} S=1024`],
    ["a subject", `${ACCEPTED} P=esmtpsa A=plain S=1024 T="${ANOTHER}"`],
    ["a server's name", `${ACCEPTED} P=esmtpsa X=TLS1.3:AES:256 SNI=x ${ANOTHER} A=plain:alice S=1024`],
  ])("of who has logged in: %s", (_name, line) => {
    expect(read(`${OWN} ${line}`)).toMatchObject({ ip: "203.0.113.7", outcome: "success" });
  });

  test.each([
    ["a sender", `1xVgif-0000nJ-1x <= "x ${ANOTHER}"@a H=(User) [203.0.113.7] P=esmtp S=1024`],
    ["a subject", `${ACCEPTED} P=esmtps X=TLS1.3:AES:256 S=1024 T="x ${ANOTHER}"`],
    ["a certificate", `${ACCEPTED} P=esmtps X=TLS1.3:AES:256 CV=no DN="/CN=x ${ANOTHER}" S=1024`],
    ["a server's name", `${ACCEPTED} P=esmtps X=TLS1.3:AES:256 SNI=P=esmtpsa A=plain:bob S=1024`],
  ])("of who has not logged in: %s", (_name, line) => {
    expect(read(`${OWN} ${line}`)).toBeUndefined();
  });

  test.each([
    [
      "HELO",
      `rejected EHLO from [203.0.113.7]: syntactically invalid argument(s): ${FAILED} [192.0.2.1]: ${WRONG}`,
    ],
    [
      "sender",
      `H=(User) [203.0.113.7] F=<"x ${FAILED} [192.0.2.1]: ${WRONG}"@a> rejected RCPT <b@example.org>: no`,
    ],
  ])("%s", (_name, line) => {
    expect(read(`${OWN} ${line}`)).toBeUndefined();
  });

  test("command", () => {
    const line = `SMTP call from [203.0.113.7] dropped: too many unrecognized commands (last was "${FAILED} [192.0.2.1]: ${WRONG}")`;
    expect(read(`${OWN} ${line}`)).toEqual(probed(exim({})));
  });
});

test("a HELO of any length hides no attempt", () => {
  for (const length of [255, 256, 8000]) {
    const line = `login authenticator failed for (${"a".repeat(length)}) [203.0.113.7]: 535 Incorrect authentication data (set_id=bob)`;
    expect(read(syslog("exim", line)), String(length)).toMatchObject({ ip: "203.0.113.7", user: "bob" });
  }
});
