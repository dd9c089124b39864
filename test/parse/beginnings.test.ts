import { expect, test } from "vitest";
import { beginningOf } from "../../functions/parse/beginnings.ts";

const ANY = undefined;

test.each([
  ["Login: <ip>", ["L", "o", "g", "i", "n", ":"]],
  ["Lo<<gin", ["L", "o", "<", "<", "g", "i"]],
  ["{Info: |}ok", ["Io", "kn", ANY, ANY, ANY, ANY]],
  ["{a|bc}de<x:note>", ["ab", "cd", "de", ANY, ANY, ANY]],
  ["a{<id:int>: }b", ["a", "0123456789b", ANY, ANY, ANY, ANY]],
  ["<d:date> ", new Array(6).fill("-0123456789")],
  ["<x:note>: a", new Array(6).fill(ANY)],
])("how a message of a shape can begin: %s", (text, wanted) => {
  const found = beginningOf(text, 6).map(
    (bytes) =>
      bytes &&
      Buffer.from([...bytes])
        .sort()
        .toString(),
  );
  expect(found).toEqual(wanted);
});

test("as many positions are told as are asked for, whatever was asked for before", () => {
  const lengths = [2, 6, 1].map((count) => beginningOf("<d:date> ", count).length);
  expect(lengths).toEqual([2, 6, 1]);
});
