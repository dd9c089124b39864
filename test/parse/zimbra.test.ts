import { expect, test } from "vitest";
import { AT, failed, read, readLog, worked } from "./read.ts";

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
    log("INFO ", `${soap} [oip=203.0.113.7;ua=zclient/8;soapId=9f;] SoapEngine - handler exception: ${why}`),
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
    "IMAP, proxied, with the reason in brackets",
    log(
      "INFO ",
      "[ImapSSLServer-1] [ip=192.0.2.30;oip=203.0.113.7;via=192.0.2.30(nginx/1.7.1);cid=57;] imap - authentication failed for [bob@example.org] (invalid password)",
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
    { service: "smtp" },
  ],
  [
    "SMTP, of no account",
    log(
      "INFO ",
      `[qtp9-5:smtp://smtp.example.org:7073/service/admin/soap/] [oip=203.0.113.7;oport=41496;oproto=smtp;soapId=68;] SoapEngine - handler exception: ${why}`,
    ),
    { service: "smtp" },
  ],
  [
    "SMTP, the audit log",
    log(
      "WARN ",
      `[qtp9-5:smtp://smtp.example.org:7073/service/admin/soap/] [name=bob@example.org;oip=203.0.113.7;oport=41496;oproto=smtp;soapId=68;] security - cmd=Auth; account=bob@example.org; protocol=soap; error=${why};`,
    ),
    { service: "smtp" },
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

test("trouble of a request that came by way of another proxy is no refusal", () => {
  const line = log(
    "WARN ",
    `${soap} [name=bob@example.org;oip=203.0.113.7;oproto=https;soapId=9f;] SoapEngine - handler exception`,
  );
  expect(readLog([line]).events).toEqual([]);
});

test.each([
  ["a user agent", "[oip=203.0.113.7;ua=x;;oip=192.0.2.1;soapId=9f;]"],
  ["a user agent behind a name", "[name=bob;oip=203.0.113.7;ua=x;;oip=192.0.2.1;]"],
  ["a header", "[oip=192.0.2.1, 203.0.113.7;port=52016;ua=y;]"],
  ["a header behind a name", "[name=bob;mid=5;oip=192.0.2.1, 203.0.113.7;port=52016;ua=y;]"],
  [
    "a header that speaks of another",
    "[oip=X-Real-IP: 192.0.2.1,X-Forwarded-For: 192.0.2.1, 203.0.113.7;ua=y;]",
  ],
  ["a header that is no address", "[oip=<x>] [oip=192.0.2.1, 203.0.113.7;port=52016;ua=y;]"],
])("what a client sends moves no address: %s", (_name, context) => {
  const line = log("INFO ", `${soap} ${context} SoapEngine - handler exception: ${why}`);
  expect(read(line)?.ip).toBe("203.0.113.7");
});

test("of several addresses that of a proxy of ours does not count", () => {
  const line = log(
    "INFO ",
    `${soap} [oip=203.0.113.7, 192.0.2.80;ua=y;] SoapEngine - handler exception: ${why}`,
  );
  expect(read(line, ["192.0.2.80"])?.ip).toBe("203.0.113.7");
});

test.each([
  ["a name", "[name=x;;oip=192.0.2.1;;oip=203.0.113.7;ua=y;]"],
  ["a header with a semicolon", "[oip=192.0.2.1;;, 203.0.113.7;port=52016;ua=y;]"],
  ["a header with a key", "[oip=192.0.2.1;;ua=x, 203.0.113.7;port=52016;ua=y;]"],
  ["a name, direct", "[name=x;ip=192.0.2.1;mid=5;ip=203.0.113.7;ua=y;]"],
])("%s that leaves it open is reported, and counts for nobody", (_name, context) => {
  const line = log("INFO ", `${soap} ${context} SoapEngine - handler exception: ${why}`);
  const { events, unread } = readLog([line]);
  expect(events).toEqual([]);
  expect(unread).toHaveLength(1);
});
