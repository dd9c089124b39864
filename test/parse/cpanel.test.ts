import { describe, expect, test } from "vitest";
import { failed, read, readLog, worked } from "./read.ts";

const cpanel = { service: "webmail", daemon: "cpanel", user: "bob@example.org" } as const;
const REQUEST = '"POST /login/?login_only=1 HTTP/1.1"';
const OWN = "[2026-11-24 04:39:01 +0200] info [webmaild] 203.0.113.7";
const refused = (name: string, reason = "user password incorrect") =>
  `${OWN} - ${name} ${REQUEST} FAILED LOGIN webmaild: ${reason}`;

const NOBODY = "user password hash is missing from system (user probably does not exist)";

test.each([
  ["a wrong password", refused("bob@example.org")],
  ["nobody's name", refused("bob@example.org", NOBODY)],
  ["as older versions write it", refused("bob@example.org").replace("[webmaild]", "[cpsrvd]")],
])("refused: %s", (_name, line) => {
  expect(read(line)).toEqual(failed(cpanel));
});

test("an IPv6 address", () => {
  expect(read(refused("bob").replace("203.0.113.7", "2001:db8::7"))?.ip).toBe("2001:db8::7");
});

test.each([
  ["plain", "bob@example.org"],
  ["of somebody who may", "bob@example.org (possessor: reseller)"],
])("a proper login, %s", (_name, who) => {
  expect(read(`${OWN} - ${who} - SUCCESS LOGIN webmaild`)).toEqual(worked(cpanel));
});

test.each([
  ["without a name", `${OWN} - - "GET /x HTTP/1.1" FAILED LOGIN webmaild: login attempt without username`],
  ["at a hosting panel", refused("bob").replaceAll("webmaild", "cpaneld")],
  ["at the server's panel", refused("root").replaceAll("webmaild", "whostmgrd")],
  ["at a hosting panel, proper", `${OWN} - bob - SUCCESS LOGIN cpaneld`],
])("nobody counts, and nothing is unread: %s", (_name, line) => {
  expect(readLog([line])).toEqual({ events: [], unread: [] });
});

test("another reason is reported", () => {
  const { events, unread } = readLog([refused("bob", "something new")]);
  expect(events).toEqual([]);
  expect(unread).toHaveLength(1);
});

describe("what a client types", () => {
  const forged = refused("x").replace("203.0.113.7", "192.0.2.1");
  test.each([
    ["a line", forged],
    ["a line's end", `x ${REQUEST} FAILED LOGIN webmaild: login attempt without username`],
    ["a proper login's end", "x - SUCCESS LOGIN webmaild"],
    ["another address", "x 192.0.2.1 - y"],
    ["quotes", 'x" "y'],
  ])("moves and hides no address: %s", (_name, name) => {
    expect(read(refused(name))).toEqual(failed({ ...cpanel, user: name }));
    const request = refused("bob").replace(REQUEST, `"GET /${name} HTTP/1.1"`);
    expect(read(request)).toMatchObject({ outcome: "failure", ip: "203.0.113.7" });
  });

  test("makes no proper login, where the reason repeats it", () => {
    const { events, unread } = readLog([refused("x (possessor: y", "no z) - SUCCESS LOGIN webmaild")]);
    expect(events).toEqual([]);
    expect(unread).toHaveLength(1);
  });
});
