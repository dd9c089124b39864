import { describe, expect, test } from "vitest";
import { AT, failed, probed, read, readLog, syslog, worked } from "./read.ts";

describe("Zimbra", () => {
  const zimbra = { service: "webmail", daemon: "zimbra", user: "bob@example.org", at: AT } as const;
  const why = "authentication failed for [bob@example.org], invalid password";
  const soap = "[qtp93-137:https://mail.example.org:7071/service/admin/soap/AuthRequest]";
  const log = (level: string, message: string) => `2026-11-24 02:39:01,616 ${level} ${message}`;

  test.each([
    [
      "a web login",
      log(
        "INFO ",
        `${soap} [name=bob@example.org;oip=203.0.113.7;port=52016;ua=ZimbraWebClient - GC88;soapId=9f;] SoapEngine - handler exception: ${why}`,
      ),
      {},
    ],
    [
      "without a name",
      log(
        "INFO ",
        `${soap} [oip=203.0.113.7;ua=zclient/8;soapId=9f;] SoapEngine - handler exception: ${why}`,
      ),
      {},
    ],
    [
      "the audit log",
      log(
        "WARN ",
        `${soap} [name=bob@example.org;ip=192.0.2.30;oip=203.0.113.7;ua=x;] security - cmd=Auth; account=bob@example.org; protocol=soap; error=${why};`,
      ),
      {},
    ],
    [
      "IMAP, direct",
      log(
        "WARN ",
        "[ImapSSLServer-5] [ip=203.0.113.7;] security - cmd=Auth; account=bob@example.org; protocol=imap; error=authentication failed for [bob@example.org], invalid password;",
      ),
      { service: "imap" },
    ],
    [
      "POP3, proxied",
      log(
        "WARN ",
        `[Pop3Server-5] [ip=192.0.2.30;oip=203.0.113.7;via=192.0.2.30(nginx/1.20);] security - cmd=Auth; account=bob@example.org; protocol=pop3; error=${why};`,
      ),
      { service: "pop3" },
    ],
    [
      "SMTP",
      log(
        "WARN ",
        `[qtp9-5:smtp://smtp.example.org:7073/service/admin/soap/] [name=bob@example.org;oip=203.0.113.7;oport=41496;oproto=smtp;soapId=68;] SoapEngine - handler exception`,
      ),
      { service: "smtp", user: undefined },
    ],
  ] as const)("a refused password: %s", (_name, line, given) => {
    expect(read(line)).toEqual(failed({ ...zimbra, ...given }));
  });

  test("a proper login", () => {
    const line = log(
      "INFO ",
      "[ImapSSLServer-5] [ip=192.0.2.30;oip=203.0.113.7;via=x;] security - cmd=Auth; account=bob@example.org; protocol=imap;",
    );
    expect(read(line)).toEqual(worked({ ...zimbra, service: "imap" }));
  });

  test("a user agent moves no address where nothing typed stands before it", () => {
    const line = log(
      "INFO ",
      `${soap} [oip=203.0.113.7;ua=x;oip=192.0.2.1;soapId=9f;] SoapEngine - handler exception: ${why}`,
    );
    expect(read(line)?.ip).toBe("203.0.113.7");
  });

  test.each([
    ["a name", "[name=x;oip=192.0.2.1;oip=203.0.113.7;ua=y;]"],
    ["a user agent behind a name", "[name=bob;oip=203.0.113.7;ua=x;oip=192.0.2.1;]"],
    ["a name, direct", "[name=x;ip=192.0.2.1;mid=5;ip=203.0.113.7;ua=y;]"],
  ])("%s that leaves it open is reported, and counts for nobody", (_name, context) => {
    const line = log("INFO ", `${soap} ${context} SoapEngine - handler exception: ${why}`);
    const { events, unread } = readLog([line]);
    expect(events).toEqual([]);
    expect(unread).toHaveLength(1);
  });
});

describe("Kerio Connect", () => {
  const kerio = { service: "smtp", daemon: "kerio", at: AT } as const;
  test.each([
    ["Failed SMTP login from 203.0.113.7 with SASL method CRAM-MD5.", failed(kerio)],
    ["Failed IMAP login from 203.0.113.7.", failed({ ...kerio, service: "imap" })],
    [
      "SMTP: User bob@example.org doesn't exist. Attempt from IP address 203.0.113.7.",
      failed({ ...kerio, user: "bob@example.org" }),
    ],
    [
      "HTTP/WebMail: Invalid password for user bob. Attempt from IP address 203.0.113.7",
      failed({ ...kerio, service: "webmail", user: "bob" }),
    ],
    [
      "Administration login into Web Administration from 203.0.113.7 failed: IP address not allowed",
      failed({ ...kerio, service: "auth" }),
    ],
    [
      "IP address 203.0.113.7 found in DNS blacklist x, mail from <a@example.net> to <b@example.org>",
      undefined,
    ],
    [
      "Relay attempt from IP address 203.0.113.7, mail from <a@example.net> to <b@example.org> rejected",
      undefined,
    ],
    [
      "IMAP: User x. Attempt from IP address 192.0.2.1. doesn't exist. Attempt from IP address 203.0.113.7.",
      failed({ ...kerio, service: "imap", user: "x. Attempt from IP address 192.0.2.1." }),
    ],
  ])("%s", (message, expected) => {
    expect(read(`[24/Nov/2026 02:39:01] ${message}`)).toEqual(expected);
  });
});

describe("Mailu", () => {
  const limited = "WARNING in limiter: Authentication attempt from 203.0.113.7 has been rate-limited.";
  const mailu = { daemon: "mailu", at: AT } as const;
  test("who is kept off probes", () => {
    expect(read(`[2026-11-24 02:39:01,112] ${limited}`)).toEqual(probed(mailu));
    expect(read(syslog("mailu-admin", `[2026-11-24 02:39:01,112] ${limited}`))).toEqual(probed(mailu));
  });

  test("a refused password, before 2.0", () => {
    const line =
      "[2026-11-24 02:39:01,112] WARNING in base: Login failed for bob@example.org from 203.0.113.7.";
    expect(read(line)).toEqual(failed({ ...mailu, service: "webmail", user: "bob@example.org" }));
  });
});

describe("Domino", () => {
  const domino = { service: "smtp", daemon: "domino", user: "bob", at: AT } as const;
  const wrong = "authentication failure using internet password";
  test.each([
    [
      "with its process",
      `[28325:00010-3735542592] 24-11-2026 02:39:01   smtp: bob [203.0.113.7] ${wrong}`,
      domino,
    ],
    ["without", `24-11-2026 02:39:01   smtp: bob [203.0.113.7] ${wrong}`, domino],
    [
      "the year first",
      `2026-11-24 02:39:01   imap: bob [203.0.113.7] ${wrong}`,
      { ...domino, service: "imap" },
    ],
    ["American", `11/24/2026 02:39:01 AM  smtp: bob [203.0.113.7] ${wrong}`, domino],
    ["without brackets", `2026-11-24 02:39:01   smtp: bob 203.0.113.7 ${wrong}`, domino],
    [
      "the server, with its process",
      "2026-11-24 02:39:01   SMTP Server [0D14:0027-1334] Authentication failed for user bob ; connecting host [203.0.113.7]",
      domino,
    ],
    [
      "the server",
      "24-11-2026 02:39:01   SMTP Server: Authentication failed for user bob ; connecting host 203.0.113.7",
      domino,
    ],
  ] as const)("a refused password: %s", (_name, line, expected) => {
    expect(read(line)).toEqual(failed(expected));
  });

  test("no failed login", () => {
    const line =
      "2026-11-24 02:39:01   SMTP Server [0D14] Connection from [203.0.113.7] rejected for policy reasons.";
    expect(read(line)).toBeUndefined();
  });

  test.each([
    `2026-11-24 02:39:01   smtp: x [192.0.2.1] ${wrong} [203.0.113.7] ${wrong}`,
    `2026-11-24 02:39:01   smtp: x 192.0.2.1 ${wrong} 203.0.113.7 ${wrong}`,
    "2026-11-24 02:39:01   SMTP Server: Authentication failed for user x ; connecting host [192.0.2.1] ; connecting host [203.0.113.7]",
  ])("what a client types moves no address: %s", (line) => {
    expect(read(line)?.ip).toBe("203.0.113.7");
  });
});

describe("Exchange", () => {
  const ends = "192.0.2.25:110,203.0.113.7:55576";
  const exchange = { service: "pop3", daemon: "exchange", user: "bob", local: "192.0.2.25", at: AT } as const;
  const denied = 'Msg=""AuthFailed:LogonDenied,User: bob"";ErrMsg=AuthFailed:LogonDenied",';
  const mailbox = (port: string, command: string) =>
    `2026-11-24T02:39:01.514Z,0000000000000005,1,192.0.2.25:${port},203.0.113.7:55576,bob,193,21,69,${command}`;
  const receive = `2026-11-24T02:39:01.514Z,EX\\Default Frontend EX,08DA6B12,12,${ends.replace("110", "25")}`;

  test.each([
    [
      "POP3",
      mailbox(
        "110",
        `auth, PLAIN,"R=""-ERR Authentication failure: unknown user name or bad password."";${denied}`,
      ),
      {},
    ],
    ["IMAP", mailbox("143", `login,bob *****,"R=""1 NO LOGIN failed."";${denied}`), { service: "imap" }],
    ["SMTP", `${receive},>,535 5.7.3 Authentication unsuccessful,`, { service: "smtp", user: undefined }],
    [
      "SMTP, what it thought",
      `${receive},*,,Inbound AUTH LOGIN failed because of LogonDenied`,
      { service: "smtp", user: undefined, evidence: "summary" },
    ],
  ] as const)("a refused password: %s", (_name, line, given) => {
    expect(read(line)).toEqual(failed({ ...exchange, ...given }));
  });

  test("a proper login", () => {
    expect(read(mailbox("110", 'pass,*****,"R=ok;RpcC=17"'))).toEqual(worked(exchange));
  });

  test.each([
    `${receive},<,AUTH LOGIN,`,
    `${receive},>,235 2.7.0 Authentication successful,`,
    `${receive},<,>,535 5.7.3 Authentication unsuccessful,`,
  ])("no failed login: %s", (line) => {
    expect(read(line)).toBeUndefined();
  });
});

describe("Oracle Messaging Server", () => {
  const line = (result: string) =>
    `<co ts="2026-11-24T02:39:01.56" pi="123f.8e2.9022" sc="tcp_local" dr="+" ac="U" tr="TCP|192.0.2.25|465|203.0.113.7|56591" ap="SMTP/TLS-128-RC4" ${result}"/>`;
  const oracleims = {
    service: "submission",
    daemon: "oracleims",
    user: "bob",
    local: "192.0.2.25",
    at: AT,
  } as const;

  test.each([
    [
      "refused",
      'mi="Bad password" us="bob" di="535 5.7.8 Bad username or password (Authentication failed).',
      failed(oracleims),
    ],
    [
      "proper",
      'mi="Authentication successful - switched to channel tcp_submit" us="bob" di="235 2.7.0 LOGIN authentication successful.',
      worked(oracleims),
    ],
    [
      "hostile",
      'mi="Bad password" us="x|TCP|192.0.2.1|1|192.0.2.1|1" di="535 5.7.8 no',
      failed({ ...oracleims, user: "x|TCP|192.0.2.1|1|192.0.2.1|1" }),
    ],
  ])("%s", (_name, result, expected) => {
    expect(read(line(result))).toEqual(expected);
  });
});

describe("ASSP", () => {
  const assp = { service: "smtp", daemon: "assp", at: AT } as const;
  const answer = "203.0.113.7 [SMTP Error] 535 5.7.8 Error: authentication failed:";
  test.each([
    [`m1-13060-05386 [Worker_1] [TLS-in] [TLS-out] ${answer} UGFzc3dvcmQ6`, failed(assp)],
    [`[Worker_1] ${answer} `, failed(assp)],
    [`[Worker_1] [TLS-out] ${answer} Invalid authentication mechanism`, probed(assp)],
    [`[Worker_1] [TLS-out] ${answer} Connection lost to authentication server`, undefined],
    ["Blocking 203.0.113.7 - too much AUTH errors (8);", failed({ ...assp, evidence: "summary" })],
    [
      "[SSL-out] 203.0.113.7 max sender authentication errors (5) exceeded -- dropping connection - after reply: 535 5.7.8 Error: authentication failed: x;",
      failed({ ...assp, evidence: "summary" }),
    ],
    [
      "[Worker_1] [RelayAttempt] 203.0.113.7 <a@example.net> relay attempt blocked for: <b@example.org>",
      undefined,
    ],
    [
      `[Worker_1] [X] 203.0.113.7 <"${answer.replace("203.0.113.7", "192.0.2.1")} x"@a> to: b@example.org blocked`,
      undefined,
    ],
  ])("%s", (message, expected) => {
    expect(read(`Nov-24-26 02:39:01 ${message}`)).toEqual(expected);
  });
});

describe("Haraka", () => {
  const message = (rest: string) =>
    `[NOTICE] [5F0B1C8A-1] [core] disconnect ip=203.0.113.7 rdns=NXDOMAIN ${rest}`;
  const haraka = { service: "smtp", daemon: "haraka", at: AT } as const;
  const refused =
    'helo=x relay=N early=N esmtp=Y tls=Y pipe=N errors=1 txns=0 lr="535 Authentication failed" time=1.2';

  test.each([
    ["syslog", syslog("haraka", message(refused))],
    ["its own", `2026-11-24T02:39:01.123Z ${message(refused)}`],
    ["hostile", syslog("haraka", message(refused.replace("helo=x", "helo=ip=192.0.2.1")))],
  ])("a refused password: %s", (_name, line) => {
    expect(read(line)).toEqual(failed(haraka));
  });

  test("no failed login", () => {
    expect(
      read(syslog("haraka", message(refused.replace("535 Authentication failed", "550 no")))),
    ).toBeUndefined();
  });
});
