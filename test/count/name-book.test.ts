import fc from "fast-check";
import { expect, test } from "vitest";
import { NameBook } from "../../functions/count/name-book.ts";

const numberIn = (book: NameBook, bytes: Buffer) =>
  book.numberIn(Buffer.concat([Buffer.from("<"), bytes, Buffer.from(">")]), 1, bytes.length + 1, false);

test("each name has one number, whatever it is made of and however it comes", () => {
  const names = fc.oneof(
    fc.string(),
    fc.string({ unit: "binary" }),
    fc.constantFrom("é", "ann", "__proto__"),
  );
  const bytes = fc.oneof(
    names.map((name) => Buffer.from(name)),
    fc.uint8Array({ maxLength: 300 }).map((some) => Buffer.from(some)),
  );
  fc.assert(
    fc.property(fc.array(bytes, { maxLength: 300 }), (all) => {
      const book = new NameBook();
      const numbers = new Map<string, number>();
      for (const one of all) {
        const name = one.toString();
        const number = numberIn(book, one);
        expect(number).toBe(numbers.get(name) ?? numbers.size + 1);
        expect(book.numberOf(name, false)).toBe(number);
        if (name.length <= 128) expect(book.nameOf(number)).toBe(name);
        numbers.set(name, number);
      }
      expect(book.size).toBe(numbers.size);
    }),
  );
});

test("names are compared as their texts are", () => {
  const names = fc.oneof(
    fc.string({ maxLength: 3 }),
    fc.string({ unit: "binary", maxLength: 3 }),
    fc.constantFrom("", "a", "ab", "é", "aé", "\uffee", "\u{1f600}", "a\u{1f600}", "a\uffee"),
  );
  fc.assert(
    fc.property(names, names, (a, b) => {
      const book = new NameBook();
      const [one, other] = [book.numberOf(a, false), book.numberOf(b, false)];
      const [textOf, textOfOther] = [book.nameOf(one), book.nameOf(other)];
      expect(Math.sign(book.compare(one, other))).toBe(
        textOf === textOfOther ? 0 : textOf < textOfOther ? -1 : 1,
      );
    }),
  );
});

test("names that crowd together keep their numbers, also when the book grows", () => {
  const book = new NameBook();
  const crowd = Array.from({ length: 60_000 }, (_, n) => `u${n}`).filter((name) => placeOf(name) === 0);
  expect(crowd.length).toBeGreaterThan(100);
  const numbers = crowd.map((name) => book.numberOf(name, false));
  expect(numbers).toEqual(crowd.map((_, n) => n + 1));
  for (let n = 0; n < 5000; n++) book.numberOf(`other${n}`, false);
  expect(crowd.map((name) => book.numberOf(name, false))).toEqual(numbers);
  expect(numbers.map((number) => book.nameOf(number))).toEqual(crowd);
});

/** Where a book of 256 places begins to look for a name. */
function placeOf(name: string): number {
  let hash = 0x811c9dc5;
  for (const character of name) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193);
  hash >>>= 0;
  return ((hash ^ (hash >>> 15)) & 511) >> 1;
}

test.each([
  { limit: "bytes", length: 128, tried: (2 ** 25 - 2 ** 23) / 128, all: 2 ** 25 / 128 },
  { limit: "names", length: 6, tried: 2 ** 19 - 1 - 2 ** 17, all: 2 ** 19 - 1 },
])("names that were only tried leave room for those of proper logins: $limit", ({ length, tried, all }) => {
  const book = new NameBook();
  const name = (n: number) => `${n}`.padStart(length, "x");
  let roomy = 0;
  for (let n = 0; n <= tried; n++) {
    if (book.isRoomy) roomy++;
    book.numberOf(name(n), false);
  }
  expect(roomy).toBe(Math.floor(all / 4) + 1);
  expect(book.size).toBe(tried);
  expect(book.numberOf(name(tried), false)).toBe(0);
  for (let n = tried; n <= all; n++) book.numberOf(name(n), true);
  expect(book.size).toBe(all);
  expect(book.numberOf(name(all), true)).toBe(0);
  expect(book.numberOf(name(7), false)).toBe(8);
});
