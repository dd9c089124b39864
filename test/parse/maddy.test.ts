import { expect, test } from "vitest";
import { AT, failed, read, readLog, syslog, worked } from "./read.ts";

const fields = '"src_ip":"203.0.113.7:50118","username":"bob@example.org"}';
const refused = `authentication failed\t{"reason":"unknown credentials",${fields}`;
const maddy = { service: "submission", daemon: "maddy", user: "bob@example.org" } as const;

test.each([
  ["syslog", syslog("maddy", `submission/sasl: ${refused}`), maddy],
  ["syslog that escapes", syslog("maddy", `submission: ${refused.replace("\t", "#011")}`), maddy],
  ["its own", `2026-11-24T02:39:01.123Z imap/sasl: ${refused}`, { ...maddy, service: "imap" as const }],
  [
    "a container's",
    JSON.stringify({ log: `pop3/sasl: ${refused}\n`, time: "2026-11-24T02:39:01Z" }),
    { ...maddy, service: "pop3" as const },
  ],
  [
    "several databases",
    syslog(
      "maddy",
      `smtp: ${refused.replace("unknown", "no auth. provider accepted creds, last err: unknown")}`,
    ),
    { ...maddy, service: "smtp" as const },
  ],
  [
    "a wrong password",
    syslog("maddy", `imap: ${refused.replace("unknown credentials", "pass_table: hash mismatch")}`),
    { ...maddy, service: "imap" as const },
  ],
  [
    "IPv6",
    syslog("maddy", `imap: ${refused.replace("203.0.113.7", "[2001:db8::7]")}`),
    { ...maddy, service: "imap" as const, ip: "2001:db8::7" },
  ],
  [
    "somebody else's name, which is hostile",
    syslog(
      "maddy",
      `imap/sasl: ${refused.replace("{", '{"identity":"\\",\\"src_ip\\":\\"192.0.2.1:1\\",\\"username\\":\\"x",')}`,
    ),
    { ...maddy, service: "imap" as const },
  ],
])("a refused password: %s", (_name, line, expected) => {
  expect(read(line)).toEqual(failed({ ...expected, at: AT }));
});

test("a message from a client that has authenticated is a proper login", () => {
  const message = `submission: incoming message\t{"msg_id":"7d2b3c1a","sender":"bob@example.org","src_host":"x",${fields}`;
  expect(read(syslog("maddy", message))).toEqual(worked({ ...maddy, at: AT }));
  expect(read(syslog("maddy", message.replace(',"username":"bob@example.org"', "")))).toBeUndefined();
});

test("trouble of its database is reported", () => {
  const line = syslog("maddy", `imap: ${refused.replace("unknown credentials", "sql: database is closed")}`);
  expect(readLog([line])).toEqual({ events: [], unread: ["maddy: imap: authentication failed"] });
});
