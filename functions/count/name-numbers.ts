import type { NameBook } from "./name-book.ts";

/** The numbers that somebody gives the names of a book. */
interface Numbers {
  numberOf: (name: string) => number;
  /** By a name's number in the book: the one that was given, and one; 0 where nobody asked yet. */
  given: Uint32Array;
}

const numbersBy = new WeakMap<NameBook, Numbers>();

/**
 * What `numberOf` gives names, by their numbers in the book: made a text and looked up once, however many addresses they were
 * tried from.
 * @param numbers those of the names in the book; become the given ones
 */
export function numbered(numbers: number[], book: NameBook, numberOf: (name: string) => number): number[] {
  const { given } = numbersOf(book, numberOf);
  for (let at = 0; at < numbers.length; at++) {
    const name = numbers[at]!;
    if (given[name] === 0) given[name] = numberOf(book.nameOf(name)) + 1;
    numbers[at] = given[name]! - 1;
  }
  return numbers;
}

/** Of one who asks at a time. */
function numbersOf(book: NameBook, numberOf: (name: string) => number): Numbers {
  const known = numbersBy.get(book);
  if (known?.numberOf === numberOf && known.given.length > book.size) return known;
  const made = { numberOf, given: new Uint32Array(book.size + 1) };
  numbersBy.set(book, made);
  return made;
}
