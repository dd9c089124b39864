import type { NameBook } from "./name-book.ts";
import type { TriedUsers } from "./tried-users.ts";

/** The numbers that somebody gives the names of a book. */
interface Numbers {
  numberOf: (name: string) => number;
  /** By a name's number in the book: the one that was given, and one; 0 where nobody asked yet. */
  given: Uint32Array;
}

const numbersBy = new WeakMap<NameBook, Numbers>();

/**
 * Gives users what `numberOf` gives their names, instead of their numbers in the book: made a text and looked up once, however many
 * addresses they were tried from.
 */
export function renumber(
  { user, size }: Pick<TriedUsers, "user" | "size">,
  book: NameBook,
  numberOf: (name: string) => number,
): void {
  const { given } = numbersOf(book, numberOf);
  for (let at = 0; at < size; at++) {
    const name = user[at]!;
    if (given[name] === 0) given[name] = numberOf(book.nameOf(name)) + 1;
    user[at] = given[name]! - 1;
  }
}

/** Of one who asks at a time. */
function numbersOf(book: NameBook, numberOf: (name: string) => number): Numbers {
  const known = numbersBy.get(book);
  if (known?.numberOf === numberOf && known.given.length > book.size) return known;
  const made = { numberOf, given: new Uint32Array(book.size + 1) };
  numbersBy.set(book, made);
  return made;
}
