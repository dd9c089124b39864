import { describe, expect, test } from "vitest";
import { AT, failed, probed, read, readLog, syslog, worked } from "./read.ts";

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

const OWN = "[2026-11-24 02:39:01,112] INFO in";
const attempt = (who: string, how: string, from = "203.0.113.7/35618") =>
  `${OWN} nginx: Login attempt for: ${who} from: ${from}: ${how}`;
const refused = (given: object) => failed({ ...mailu, evidence: "auth", ...given });

describe("an attempt, as 2024.06 tells it", () => {
  test.each([
    ["a wrong password", "bob@example.org/imap/993", "failed: badauth: 12ab34", "imap"],
    ["nobody's name", "'bob@example.org'/submission/465", "failed: account disabled", "submission"],
    ["nobody's name, with a quote", `"o'neil"/pop3/995`, "failed: account disabled", "pop3"],
    ["the page", "bob@example.org/sso/https", "failed: badauth: 12ab34", "webmail"],
    ["a name with a slash", "a/b/sso/https", "failed: badauth: 12ab34", "webmail"],
  ] as const)("refused: %s", (_name, who, how, service) => {
    const user = who
      .split(`/${service === "webmail" ? "sso" : service}/`)[0]!
      .replace(/^(['"])(.*)\1$/, "$2");
    expect(read(attempt(who, how))).toEqual(refused({ service, user }));
  });

  test("refused: webdav, which names its user for the port", () => {
    const line = attempt("bob@example.org/web/443", "failed: badauth: 12ab34", "203.0.113.7/bob@example.org");
    expect(read(line)).toEqual(refused({ service: "webmail", user: "bob@example.org" }));
  });

  test.each([
    ["a password", "bob@example.org/imap/993", "success: password", "imap"],
    ["a token", "bob@example.org/smtp/25", "success: token-3: 'my phone'", "smtp"],
    ["the page", "bob@example.org/sso/https", "success: password: -1", "webmail"],
  ] as const)("accepted: %s", (_name, who, how, service) => {
    expect(read(attempt(who, how))).toEqual(worked({ ...mailu, service, user: "bob@example.org" }));
  });

  test.each([
    "failed: account disabled",
    "failed: password ok, but a token is required",
    "failed: badip: token-3: 'my phone'",
    "success: webmail-token",
  ])("no password was refused: %s", (how) => {
    expect(readLog([attempt("bob@example.org/imap/993", how)])).toEqual({ events: [], unread: [] });
  });

  test("one of another kind is reported", () => {
    const { events, unread } = readLog([attempt("bob@example.org/imap/993", "failed: no idea")]);
    expect(events).toEqual([]);
    expect(unread).toHaveLength(1);
  });
});

test.each(["", " pwned=-1"])("a proper login, before 2024.06%s", (pwned) => {
  const line = `${OWN} base: Login succeeded for bob@example.org from 203.0.113.7${pwned}.`;
  expect(read(line)).toEqual(worked({ ...mailu, service: "webmail", user: "bob@example.org" }));
});

const FORGED = "from: 192.0.2.1/1: ";
test.each([
  ["a name", attempt(`a/sso/https ${FORGED}success: password/sso/https`, "failed: badauth: 12ab34")],
  [
    "a name, refused",
    attempt(`a/imap/993 ${FORGED}failed: badauth: 12ab34/sso/https`, "failed: badauth: 12ab34"),
  ],
  [
    "nobody's name",
    attempt(`'a/imap/993 ${FORGED}failed: badauth: 12'/imap/993`, "failed: account disabled"),
  ],
  [
    "a token's name",
    attempt("bob/imap/993", `success: token-1: 'a/imap/993 ${FORGED}failed: badauth: 12ab34'`),
  ],
  [
    "a password's report",
    attempt("bob/sso/https", `success: password: a/sso/https ${FORGED}failed: badauth: 12`),
  ],
  ["how the browser came", attempt(`bob/sso/x ${FORGED}success: password`, "failed: badauth: 12ab34")],
])("what a client says counts for nobody else, and is reported: %s", (_name, line) => {
  const { events, unread } = readLog([line]);
  expect(events).toEqual([]);
  expect(unread).toHaveLength(1);
});
