import { afterPrefix, bytewise, firstFrom, fromBytewise, type SortedKeys } from "./sorted.ts";

export interface ListQuestion {
  prefix: string;
  /** "" for none. */
  delimiter: string;
  /** Keys up to and including this one are left out; "" for none. */
  startAfter: string;
  /** From `next` of the page before; undefined for the first page. */
  token: string | undefined;
  /** Most keys and common prefixes together. */
  maxKeys: number;
}

export interface ListPage {
  keys: string[];
  prefixes: string[];
  /** Where the next page begins; undefined on the last. */
  next: string | undefined;
}

/**
 * One page of ListObjectsV2: keys in order of their bytes; keys that share what lies between the prefix and the
 * next delimiter become one common prefix and are skipped in one step, however many there are.
 */
export function listPage(sorted: SortedKeys, question: ListQuestion): ListPage {
  const prefix = bytewise(question.prefix);
  const delimiter = bytewise(question.delimiter);
  const page: ListPage = { keys: [], prefixes: [], next: undefined };
  let at = firstFrom(sorted, startOf(question, prefix));
  while (at < sorted.length && sorted[at]!.startsWith(prefix)) {
    if (page.keys.length + page.prefixes.length >= question.maxKeys) {
      // asking for no keys at all is answered by "that is all"
      if (question.maxKeys > 0) page.next = sorted[at]!;
      break;
    }
    const key = sorted[at]!;
    const cut = delimiter === "" ? -1 : key.indexOf(delimiter, prefix.length);
    if (cut < 0) {
      page.keys.push(fromBytewise(key));
      at++;
      continue;
    }
    const common = key.slice(0, cut + delimiter.length);
    page.prefixes.push(fromBytewise(common));
    const after = afterPrefix(common);
    at = after === undefined ? sorted.length : firstFrom(sorted, after);
  }
  return page;
}

/** The next page begins at the first key not yet told of, so that keys deleted or added meanwhile do no harm. */
function startOf({ startAfter, token }: ListQuestion, prefix: string): string {
  // the smallest string above a key is the key and a NUL
  const after = startAfter === "" ? "" : `${bytewise(startAfter)}\0`;
  return [prefix, after, token ?? ""].reduce((latest, start) => (start > latest ? start : latest));
}
