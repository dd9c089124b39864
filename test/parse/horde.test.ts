import { expect, test } from "vitest";
import { failed, read, readLog, syslog, worked } from "./read.ts";

const SERVER =
  '{mx.example.org:993 [imap/ssl/novalidate-cert]} [pid 4711 on line 139 of "/usr/share/horde/imp/lib/Auth/imp.php"]';
const horde = { service: "webmail", daemon: "horde", user: "bob" } as const;

test.each([
  ["its own log", `Nov 24 02:39:01 HORDE [error] [imp] FAILED LOGIN for bob [203.0.113.7] to ${SERVER}`],
  ["syslog", syslog("HORDE", `[imp] FAILED LOGIN for bob [203.0.113.7] to ${SERVER}`)],
  [
    "Horde itself",
    syslog("HORDE", '[horde] FAILED LOGIN for bob [203.0.113.7] to Horde [pid 4711 on line 9 of "x.php"]'),
  ],
  ["IMP 5 and later", syslog("HORDE", `[imp] FAILED LOGIN for bob (203.0.113.7) to ${SERVER}`)],
  [
    "with a header",
    syslog("HORDE", `[imp] FAILED LOGIN for bob (203.0.113.7) (forwarded for [192.0.2.1]) to ${SERVER}`),
  ],
  [
    "with a header at once",
    syslog("HORDE", `[imp] FAILED LOGIN for bob [203.0.113.7](forwarded for [192.0.2.1]) to ${SERVER}`),
  ],
  [
    "its own log since 4",
    `2026-11-24T03:39:01+01:00 ERR: HORDE [imp] FAILED LOGIN for bob (203.0.113.7) to ${SERVER}`,
  ],
  [
    "its own log since 4, without its name",
    `2026-11-24T02:39:01+00:00 NOTICE: [horde] FAILED LOGIN for bob (203.0.113.7) to Horde [pid 4711 on line 9 of "x.php"]`,
  ],
  [
    "Horde 3",
    syslog(
      "HORDE",
      '[imp] FAILED LOGIN 203.0.113.7 to localhost:143[imap/notls] as bob [on line 258 of "redirect.php"]',
    ),
  ],
])("a refused password: %s", (_name, line) => {
  expect(read(line)).toEqual(failed(horde));
});

test.each([
  `[imp] FAILED LOGIN  [203.0.113.7] to ${SERVER}`,
  `[imp] FAILED LOGIN  [203.0.113.7] (forwarded for [192.0.2.1]) to ${SERVER}`,
])("a refused password, without a name: %s", (message) => {
  expect(read(syslog("HORDE", message))).toEqual(failed({ ...horde, user: undefined }));
});

test("a proper login", () => {
  const line = syslog("HORDE", `[imp] Login success for bob [203.0.113.7] to ${SERVER}`);
  expect(read(line)).toEqual(worked(horde));
});

test("behind a proxy of ours the client that it names counts", () => {
  const message = `[imp] FAILED LOGIN for bob (192.0.2.80) (forwarded for [203.0.113.7]) to ${SERVER}`;
  expect(read(syslog("HORDE", message), ["192.0.2.80"])?.ip).toBe("203.0.113.7");
});

test("what a client types moves no address", () => {
  const message = `[imp] FAILED LOGIN for x [192.0.2.1] to {h} [203.0.113.7] to ${SERVER}`;
  expect(read(syslog("HORDE", message))?.ip).toBe("203.0.113.7");
});

test("a header with a line's end moves no address", () => {
  const header = "192.0.2.1]) to {h}, 203.0.113.7";
  for (const name of [" for bob", ""]) {
    const message = `[imp] FAILED LOGIN${name} (192.0.2.80) (forwarded for [${header}]) to ${SERVER}`;
    const { events, unread } = readLog([syslog("HORDE", message)], ["192.0.2.80"]);
    expect(events).toEqual([]);
    expect(unread).toHaveLength(1);
  }
});
