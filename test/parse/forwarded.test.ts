import { expect, test } from "vitest";
import { clientOf, clientOfHeaders } from "../../functions/parse/forwarded.ts";

const PROXIES = ["192.0.2.80", "192.0.2.81"];
const isProxy = (address: string) => PROXIES.includes(address);

test.each([
  ["203.0.113.7", "203.0.113.7"],
  ["192.0.2.1, 203.0.113.7", "203.0.113.7"],
  ["203.0.113.7, 192.0.2.80, 192.0.2.81", "203.0.113.7"],
  ["203.0.113.7:50118", "203.0.113.7"],
  ["[2001:db8::7]:50118", "2001:db8::7"],
  ["2001:db8::7", "2001:db8::7"],
  ["192.0.2.1, fe80::1", "192.0.2.1"],
  ["10.0.0.7", "10.0.0.7"],
  ["10.0.0.7, 10.0.0.8", "10.0.0.8"],
  ["10.0.0.7, 192.0.2.80", "10.0.0.7"],
  ["100.128.0.1", "100.128.0.1"],
  ["X-Real-IP: 192.0.2.1, 203.0.113.7", "203.0.113.7"],
  ["Real-IP: 192.0.2.1,X-Forwarded-For: 192.0.2.1, 203.0.113.7", "203.0.113.7"],
  ["192.0.2.1, unknown", undefined],
  ["192.0.2.1, 203.0.113.7x", undefined],
  ["192.0.2.80", undefined],
  ["", undefined],
])("%s", (list, client) => {
  expect(clientOf(list, isProxy)).toBe(client);
});

test.each([
  ["192.0.2.1, 203.0.113.7", "203.0.113.7"],
  ["Forwarded-For: 203.0.113.7", "203.0.113.7"],
  ["X-Forwarded-For: 192.0.2.1, 203.0.113.7, 192.0.2.80", "203.0.113.7"],
  ["Real-IP: 203.0.113.7", "203.0.113.7"],
  ["X-Real-IP: 203.0.113.7", "203.0.113.7"],
  ["Real-IP: 203.0.113.7,X-Forwarded-For: 192.0.2.1, 203.0.113.7", "203.0.113.7"],
  ["Real-IP: 203.0.113.7,X-Forwarded-For: 192.0.2.1", undefined],
  ["Real-IP: 192.0.2.80", undefined],
  ["Real-IP: 192.0.2.80,X-Forwarded-For: 203.0.113.7", undefined],
  ["Real-IP: ", undefined],
  // what a client has sent as X-Forwarded-For
  ["Real-IP: 192.0.2.1, 203.0.113.7", "203.0.113.7"],
  ["Forwarded-For: Real-IP: 192.0.2.1, 203.0.113.7", "203.0.113.7"],
  ["Forwarded-For: X-Real-IP: 192.0.2.1,X-Forwarded-For: 192.0.2.1, 203.0.113.7", "203.0.113.7"],
])("headers: %s", (headers, client) => {
  expect(clientOfHeaders(headers, isProxy)).toBe(client);
});
