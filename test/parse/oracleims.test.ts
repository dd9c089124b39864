import { expect, test } from "vitest";
import { AT, failed, read, worked } from "./read.ts";

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
