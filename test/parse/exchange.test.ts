import { expect, test } from "vitest";
import { AT, failed, read, readLog, worked } from "./read.ts";

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
  [
    "a name in quotes",
    mailbox("143", `login,x,"R=""1 NO LOGIN failed."";${denied}`).replace(",bob,", ',"dom,bob",'),
    { service: "imap", user: "dom,bob" },
  ],
  [
    "SMTP, another code",
    `${receive},>,535 5.7.139 Authentication unsuccessful,`,
    { service: "smtp", user: undefined },
  ],
] as const)("a refused password: %s", (_name, line, given) => {
  expect(read(line)).toEqual(failed({ ...exchange, ...given }));
});

test("is read alike behind a line of syslog", () => {
  const syslogLine = "2026-11-24T02:39:01.514+00:00 mail sshd[1]: Connection closed";
  const { events } = readLog([syslogLine, `${receive},>,535 5.7.3 Authentication unsuccessful,`]);
  expect(events).toEqual([failed({ ...exchange, service: "smtp", user: undefined })]);
});

test("a proper login", () => {
  expect(read(mailbox("110", 'pass,*****,"R=ok;RpcC=17"'))).toEqual(worked(exchange));
});

test("a name that looks like a proper login is none", () => {
  const name = '"x"",1,1,1,pass,y,R=ok"';
  const line = mailbox("143", `login,x,"R=""1 NO LOGIN failed."";${denied}`).replace(",bob,", `,${name},`);
  expect(read(line)).toMatchObject({ outcome: "failure", ip: "203.0.113.7" });
});

test.each([
  `${receive},<,AUTH LOGIN,`,
  `${receive},>,235 2.7.0 Authentication successful,`,
  `${receive},<,>,535 5.7.3 Authentication unsuccessful,`,
])("no failed login: %s", (line) => {
  expect(read(line)).toBeUndefined();
});

test("a refused login that says of itself that it worked did not", () => {
  const about =
    '2026-11-24T02:39:01.514Z,0000000000000001,4,192.0.2.25:143,203.0.113.7:50118,bob,10,5,32,login,"x,R=ok *****",';
  for (const result of [
    '"R=""a1 NO LOGIN failed."";Msg=""AuthFailed:LogonDenied""',
    '"R=""-ERR Authentication failure: unknown user name or bad password."""',
  ])
    expect(read(`${about}${result}`)).toMatchObject({ outcome: "failure", ip: "203.0.113.7" });
});
