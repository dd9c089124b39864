import { describe, expect, test } from "vitest";
import { failed, probed, read, syslog, worked } from "./read.ts";

const OWN = "2026/11/24 02:39:01 [info] 8#8: *6631";
const STATE = "while in http auth state, client: 203.0.113.7, server:";
const nginx = { daemon: "nginx", user: "bob@example.org" } as const;

describe("a refused password", () => {
  test.each([
    ["143", "0.0.0.0:143", "imap"],
    ["993, IPv6", "[::]:993", "imap"],
    ["110", "0.0.0.0:110", "pop3"],
    ["587", "0.0.0.0:587", "submission"],
    ["a port of its own", "0.0.0.0:11143", "auth"],
  ] as const)("at port %s", (_name, server, service) => {
    const line = `${OWN} client login failed: "Authentication credentials invalid" ${STATE} ${server}, login: "bob@example.org"`;
    expect(read(line)).toEqual(failed({ ...nginx, service }));
  });

  test("in syslog, after STARTTLS", () => {
    const client = "while in auth state, client: 203.0.113.7 using starttls, server: 0.0.0.0:143";
    const message = `${OWN} client login failed: "Invalid login: bob" ${client}, login: "bob@example.org"`;
    for (const program of ["nginx", "mailu-front"]) {
      expect(read(syslog(program, message))).toEqual(failed({ ...nginx, service: "imap" }));
    }
  });
});

test.each([
  ["a name with a line break, which nginx writes as it is", ', login: "x', "x"],
  ["an empty name", "", undefined],
])("a refused password, %s", (_name, login, user) => {
  const line = `${OWN} client login failed: "Invalid login or password" ${STATE} [::]:110${login}`;
  expect(read(line)).toEqual(failed({ daemon: "nginx", service: "pop3", user }));
});

test("a proper login", () => {
  const line = `${OWN} client logged in, client: 203.0.113.7, server: 0.0.0.0:993, login: "bob@example.org", upstream: 192.0.2.30:143`;
  expect(read(line)).toEqual(worked({ ...nginx, service: "imap" }));
});

test.each(["AUTH not supported", "Authentication rate limit from one source exceeded"])(
  "a probe: %s",
  (reason) => {
    const line = `${OWN} client login failed: "${reason}" ${STATE} 0.0.0.0:25, login: "bob@example.org"`;
    expect(read(line)).toEqual(probed({ ...nginx, service: "smtp" }));
  },
);

test("a client that was turned away before it had a name probes", () => {
  const line = `${OWN} client login failed: "Domain not allowed" ${STATE} 0.0.0.0:25`;
  expect(read(line)).toEqual(probed({ ...nginx, service: "smtp", user: undefined }));
});

test.each([
  `client login failed: "Temporary server failure" ${STATE} 0.0.0.0:143, login: "bob"`,
  "client 203.0.113.7:50118 connected to 0.0.0.0:25",
  "proxied session done, client: 203.0.113.7, server: 0.0.0.0:25",
])("no failed login: %s", (message) => {
  expect(read(`${OWN} ${message}`)).toBeUndefined();
});

test("what a client types moves no address", () => {
  const login = 'x" while in http auth state, client: 192.0.2.1, server: 0.0.0.0:25, login: "y';
  const line = `${OWN} client login failed: "Authentication credentials invalid" ${STATE} 0.0.0.0:143, login: "${login}"`;
  expect(read(line)).toEqual(failed({ ...nginx, service: "imap", user: login }));
});
