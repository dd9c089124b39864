import { numbersAt, reserve } from "./memory.ts";
import { finish, mixInto, TwoPlaces } from "./two-places.ts";
import {
  add,
  and,
  both,
  bytesAlike,
  type Code,
  call,
  copy,
  equal,
  type Func,
  FuncWriter,
  giveBack,
  int,
  type Local,
  less,
  loopWhile,
  lower,
  not,
  shiftLeft,
  store,
  sub,
  when,
  wordAt,
  xor,
} from "./wasm.ts";

/** What a place holds, at these bytes of it: a text's length, 0 where the place is free, its hash, its number, and where it is. */
const PLACE = { LENGTH: 0, HASH: 4, NUMBER: 8, TEXT: 12 };

/** Longer texts are not remembered. */
const LONGEST = 63;

/** Bytes for texts, by place: enough where half of the places are taken by what most users are called. */
const TEXT_BYTES = 16;

/**
 * Numbers by short texts, in the matchers' memory. Of fixed size: a new text may take another's place, and when there is no room for
 * its bytes, all are forgotten. The number of a text that is not there is asked for, and remembered if it is not negative.
 */
export class TextTable {
  private readonly places: TwoPlaces;
  private readonly texts: Texts;
  /** Where the next text goes. */
  private readonly next: Int32Array;
  private readonly search: Func;

  /** @param places a power of two @param ask gives the number of a text `[from, to)` of that memory */
  constructor(places: number, ask: (from: Code, to: Code) => Code) {
    this.places = new TwoPlaces(places);
    const size = places * TEXT_BYTES;
    const [next, from] = [reserve(4), reserve(size + LONGEST)];
    this.texts = { next, from, to: from + size };
    this.next = numbersAt(next, 1);
    this.next[0] = from;
    this.search = searching(this.places, this.texts, ask);
  }

  /** The number of the text there: for functions in that memory. */
  numberOf(from: Code, to: Code): Code {
    return this.numberBy(this.hashOf(from, to), from, to);
  }

  /** The same in steps, so that what many texts need is fetched at once: first the hashes of all. */
  hashOf(from: Code, to: Code): Code {
    return call(hashOf, from, to);
  }

  /** Then what is at their places; the number is of no use. */
  fetchPlace(hash: Code): Code {
    return this.places.wordOf(hash);
  }

  /** Then the texts there; likewise. */
  fetchText(hash: Code): Code {
    return wordAt(this.places.wordOf(hash, PLACE.TEXT));
  }

  /** At last their numbers. */
  numberBy(hash: Code, from: Code, to: Code): Code {
    return call(this.search, hash, from, to);
  }

  clear(): void {
    this.places.clear();
    this.next[0] = this.texts.from;
  }
}

/** Where texts are, and where it says where the next one goes. */
interface Texts {
  next: number;
  from: number;
  /** No text begins behind it. */
  to: number;
}

function searching(places: TwoPlaces, texts: Texts, ask: (from: Code, to: Code) => Code): Func {
  const writer = new FuncWriter(3);
  const [hash, from, to] = [writer.param(0), writer.param(1), writer.param(2)];
  const [place, length] = [writer.local(), writer.local()];
  const [number, text] = [writer.local(), writer.local()];
  const field = (name: keyof typeof PLACE) => wordAt(place.get, PLACE[name]);
  const set = (name: keyof typeof PLACE, value: Local) => store(place.get, PLACE[name], value.get);
  const isAlike = both(equal(field("HASH"), hash.get), equal(field("LENGTH"), length.get));
  const isSame = both(isAlike, call(areSame, field("TEXT"), from.get, to.get));
  writer.body = [
    length.set(sub(to.get, from.get)),
    when(lower(int(LONGEST - 1), sub(length.get, int(1))), giveBack(ask(from.get, to.get))),
    places.lookAt(place, hash, when(isSame, giveBack(field("NUMBER")))),
    number.set(ask(from.get, to.get)),
    when(less(number.get, int(0)), giveBack(number.get)),
    text.set(wordAt(int(texts.next))),
    when(less(int(texts.to), text.get), [text.set(int(texts.from)), places.forget()]),
    places.makeRoom(place, hash),
    ...[set("LENGTH", length), set("HASH", hash), set("NUMBER", number), set("TEXT", text)],
    // what follows the text does not matter
    copy(text.get, from.get, LONGEST),
    store(int(texts.next), 0, add(text.get, length.get)),
    number.get,
  ];
  return writer;
}

/** Of a text, word by word, the last one overlapping the one before. */
const hashOf = hashing();

function hashing(): Func {
  const writer = new FuncWriter(2);
  const [from, to] = [writer.param(0), writer.param(1)];
  const [hash, length] = [writer.local(), writer.local()];
  writer.body = [
    length.set(sub(to.get, from.get)),
    hash.set(length.get),
    when(less(length.get, int(4)), mixInto(hash, beginningOf(wordAt(from.get), length)), [
      loopWhile(less(from.get, sub(to.get, int(4))), [mixInto(hash, wordAt(from.get)), from.add(4)]),
      mixInto(hash, wordAt(sub(to.get, int(4)))),
    ]),
    finish(hash),
    hash.get,
  ];
  return writer;
}

/** The first bytes of a word, fewer than four. */
function beginningOf(word: Code, length: Local): Code {
  return and(word, sub(shiftLeft(int(1), shiftLeft(length.get, int(3))), int(1)));
}

/** Bytes that are compared at once. */
const STEP = 16;

const areSame = comparing();

/** Whether the text at a place in memory is the one `[from, to)`. */
function comparing(): Func {
  const writer = new FuncWriter(3);
  const [text, from, to] = [writer.param(0), writer.param(1), writer.param(2)];
  const left = writer.local();
  const differing = xor(bytesAlike(text.get, from.get), int(2 ** STEP - 1));
  // of the last bytes those that are not the text's are alike or not
  const lastOnes = sub(shiftLeft(int(1), left.get), int(1));
  writer.body = [
    left.set(sub(to.get, from.get)),
    loopWhile(less(int(STEP), left.get), [
      when(differing, giveBack(int(0))),
      text.add(STEP),
      from.add(STEP),
      left.add(-STEP),
    ]),
    not(and(differing, lastOnes)),
  ];
  return writer;
}
