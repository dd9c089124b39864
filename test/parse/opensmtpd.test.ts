import { describe, expect, test } from "vitest";
import { failed, probed, readLog, syslog, worked } from "./read.ts";

const ID = "7a1c0f3e5b9d2486";
const OTHER = "7a1c0f3e5b9d2487";
const opensmtpd = { service: "smtp", daemon: "opensmtpd", user: "bob" } as const;
const eventsOf = (messages: readonly string[]) =>
  readLog(messages.map((message) => syslog("smtpd", message)));

describe("6.4 and later: who it was stands where the session opens", () => {
  const connected = `${ID} smtp connected address=203.0.113.7 host=a.example.net`;
  const refused = `${ID} smtp authentication user=bob result=permfail`;

  test("a refused password, and what the client is told", () => {
    const told = `${ID} smtp failed-command command="AUTH PLAIN (...)" result="535 Authentication failed"`;
    expect(eventsOf([connected, refused, told]).events).toEqual([
      failed(opensmtpd),
      failed({ ...opensmtpd, user: undefined, evidence: "summary" }),
    ]);
  });

  test("a proper login over IPv6", () => {
    const messages = [
      `${ID} smtp connected address=[2001:db8::7] host=<unknown>`,
      `${ID} smtp authentication user=bob result=ok`,
    ];
    expect(eventsOf(messages).events).toEqual([worked({ ...opensmtpd, ip: "2001:db8::7" })]);
  });

  test("each session is its own", () => {
    const messages = [
      connected,
      `${OTHER} smtp connected address=203.0.113.8 host=b`,
      refused,
      refused.replace(ID, OTHER),
    ];
    expect(eventsOf(messages).events.map(({ ip }) => ip)).toEqual(["203.0.113.7", "203.0.113.8"]);
  });

  test("a session that opened in another part of the log counts for nobody, and is reported", () => {
    const { events, unread } = eventsOf([connected, refused.replace(ID, OTHER)]);
    expect(events).toEqual([]);
    expect(unread).toHaveLength(1);
  });

  test("trouble of our own is no failed login", () => {
    expect(eventsOf([connected, refused.replace("permfail", "tempfail")]).events).toEqual([]);
  });

  test("what a client types moves nothing", () => {
    const messages = [
      connected,
      `${ID} smtp authentication user=x\\sresult=ok\\saddress=192.0.2.1 result=permfail`,
    ];
    expect(eventsOf(messages).events.map(({ ip, outcome }) => [ip, outcome])).toEqual([
      ["203.0.113.7", "failure"],
    ]);
  });
});

test.each([
  [
    "6.1",
    [
      `${ID} smtp event=connected address=203.0.113.7 host=a.example.net`,
      `${ID} smtp event=authentication user=bob result=permfail`,
    ],
  ],
  [
    "6.0",
    [`${ID} smtp event=authentication user=bob address=203.0.113.7 host=a.example.net result=permfail`],
  ],
  [
    "5.4",
    [
      `smtp-in: New session ${ID} from host a.example.net [203.0.113.7]`,
      `smtp-in: Authentication failed for user bob on session ${ID}`,
    ],
  ],
])("%s", (_version, messages) => {
  expect(eventsOf(messages).events).toEqual([failed(opensmtpd)]);
});

test("6.0, what the client is told", () => {
  const message = `${ID} smtp event=failed-command address=203.0.113.7 host=a.example.net command="AUTH LOGIN (password)" result="535 Authentication failed"`;
  expect(eventsOf([message]).events).toEqual([
    failed({ ...opensmtpd, user: undefined, evidence: "summary" }),
  ]);
});

test("AUTH where it is not offered is a probe", () => {
  const message = `${ID} smtp event=failed-command address=203.0.113.7 host=a.example.net command="AUTH LOGIN" result="503 5.5.1 Invalid command: Command not supported"`;
  expect(eventsOf([message]).events).toEqual([probed({ ...opensmtpd, user: undefined })]);
});
