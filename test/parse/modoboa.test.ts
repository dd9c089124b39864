import { expect, test } from "vitest";
import { AT, failed, read, readLog, syslog } from "./read.ts";

const refused = (name: string, from = "203.0.113.7") =>
  `WARNING Failed connection attempt from '${from}' as user '${name}'`;
const modoboa = { service: "webmail", daemon: "modoboa", at: AT } as const;

test.each([
  ["with a process", syslog("modoboa.auth", refused("bob"))],
  ["without", `Nov 24 02:39:01 mail modoboa.auth: ${refused("bob")}`],
])("a refused password, %s", (_name, line) => {
  expect(read(line)).toEqual(failed({ ...modoboa, user: "bob" }));
});

test("an IPv6 address", () => {
  expect(read(syslog("modoboa.auth", refused("bob", "2001:db8::7")))?.ip).toBe("2001:db8::7");
});

test("nobody counts behind a proxy of ours, nor where the web server gives no address", () => {
  expect(read(syslog("modoboa.auth", refused("bob")), ["203.0.113.7"])).toBeUndefined();
  expect(readLog([syslog("modoboa.auth", refused("bob", ""))])).toMatchObject({
    events: [],
    unread: [expect.anything()],
  });
});

test("other lines tell of nobody", () => {
  const line = syslog("modoboa.auth", "INFO User 'bob' successfully logged in");
  expect(readLog([line])).toEqual({ events: [], unread: [] });
});

test.each(["x' as user 'y", refused("y", "192.0.2.1"), "x' from '192.0.2.1", "'", ""])(
  "what a client types moves no address: %s",
  (name) => {
    const user = name === "" ? undefined : name;
    expect(read(syslog("modoboa.auth", refused(name)))).toEqual(failed({ ...modoboa, user }));
  },
);
