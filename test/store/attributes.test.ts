import { expect, test } from "vitest";
import { fromAttributes, toAttributes } from "../../functions/store/attributes.ts";

test("values are written as DynamoDB's API has them", () => {
  const members = {
    ...{ pk: "2026-11-24#0a", start: 0, share: 0.5, partial: false, firstSuccess: undefined },
    ...{ cells: [[3, "dovecot"], []], users: { "0123456789abcdef": 16, "": 1 } },
  };
  expect(toAttributes(members)).toEqual({
    pk: { S: "2026-11-24#0a" },
    start: { N: "0" },
    share: { N: "0.5" },
    partial: { BOOL: false },
    cells: { L: [{ L: [{ N: "3" }, { S: "dovecot" }] }, { L: [] }] },
    users: { M: { "0123456789abcdef": { N: "16" }, "": { N: "1" } } },
  });
});

test("what was written is read again; a set of text is one", () => {
  const members = { text: "ä\0", number: 1_795_489_200, deep: { list: [true, { a: -1 }], none: {} } };
  expect(fromAttributes(toAttributes(members))).toEqual(members);
  expect(fromAttributes({ addresses: { SS: ["192.0.2.1"] } })).toEqual({ addresses: new Set(["192.0.2.1"]) });
});

test.each([
  ...[Number.NaN, Number.POSITIVE_INFINITY, null, () => 1, 1n],
  ...[new Set(["a"]), new Map(), new Date(0), new Uint8Array(1)],
])("%s is no value of a row", (value) => {
  expect(() => toAttributes({ value })).toThrow(/cannot be stored/);
});

test("a member of a type that no row has is refused", () => {
  expect(() => fromAttributes({ bytes: { B: new Uint8Array(1) } })).toThrow(/no row has/);
});

test("a user may be called like a member that all objects have", () => {
  const users = Object.fromEntries(["__proto__", "constructor", "toString"].map((name) => [name, 1]));
  const read = fromAttributes(toAttributes({ users })).users as object;
  expect(Object.entries(read)).toEqual(Object.entries(users));
});
