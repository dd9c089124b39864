import { bytes, numbersAt, reserve } from "./memory.ts";
import {
  add,
  and,
  both,
  bytesAlike,
  type Code,
  call,
  clear,
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
  mul,
  not,
  shiftLeft,
  shiftRight,
  store,
  sub,
  when,
  wordAt,
  xor,
} from "./wasm.ts";

const HASH_FACTOR = 0x85ebca6b;
const HASH_SHIFT = 15;
const LAST_FACTOR = 0xc2b2ae35;
const LAST_SHIFT = 16;

/** What a place holds, at these bytes of it: a text's length, 0 where the place is free, its hash, its number, and where it is. */
const PLACE = { LENGTH: 0, HASH: 4, NUMBER: 8, TEXT: 12 };
const WIDTH = 16;

/** Longer texts are not remembered. */
const LONGEST = 63;

/** Bytes for texts, by place: enough where half of the places are taken by what most users are called. */
const TEXT_BYTES = 16;

/**
 * Numbers by short texts, in the matchers' memory. Of fixed size: each text has two places, and where both are taken a new one
 * takes the first; when there is no room for another text, all are forgotten. The number of a text that is not there is asked for,
 * and remembered if it is not negative.
 */
export class TextTable {
  private readonly area: Area;
  /** Where the next text goes. */
  private readonly next: Int32Array;
  private readonly search: Func;

  /** @param places a power of two @param ask gives the number of a text `[from, to)` of that memory */
  constructor(places: number, ask: (from: Code, to: Code) => Code) {
    const size = places * WIDTH;
    const [next, texts] = [reserve(4), reserve(places * TEXT_BYTES + LONGEST)];
    this.area = {
      places,
      at: reservePairs(size, WIDTH),
      size,
      texts,
      textsEnd: texts + places * TEXT_BYTES,
      next,
    };
    this.next = numbersAt(next, 1);
    this.search = searching(this.area, ask);
    this.clear();
  }

  /** The number of the text there: for functions in that memory. */
  numberOf(from: Code, to: Code): Code {
    return call(this.search, from, to);
  }

  clear(): void {
    const { at, size, texts } = this.area;
    bytes.fill(0, at, at + size);
    this.next[0] = texts;
  }
}

/** Addresses of a table's parts. */
interface Area {
  places: number;
  at: number;
  /** Bytes of all places. */
  size: number;
  texts: number;
  /** No text begins behind it. */
  textsEnd: number;
  next: number;
}

/** Room for places of which two in a row differ in one bit of their address only. */
export function reservePairs(size: number, width: number): number {
  return Math.ceil(reserve(size + 2 * width) / (2 * width)) * 2 * width;
}

function searching(
  { places, at, size, texts, textsEnd, next }: Area,
  ask: (from: Code, to: Code) => Code,
): Func {
  const writer = new FuncWriter(2);
  const [from, to] = [writer.param(0), writer.param(1)];
  const [place, other, length, hash] = [writer.local(), writer.local(), writer.local(), writer.local()];
  const [number, text] = [writer.local(), writer.local()];
  const field = (of: Local, name: keyof typeof PLACE) => wordAt(of.get, PLACE[name]);
  const set = (name: keyof typeof PLACE, value: Local) => store(place.get, PLACE[name], value.get);
  const lookAt = (of: Local) => {
    const isAlike = both(equal(field(of, "HASH"), hash.get), equal(field(of, "LENGTH"), length.get));
    const isSame = both(isAlike, call(areSame, field(of, "TEXT"), from.get, to.get));
    return when(isSame, giveBack(field(of, "NUMBER")));
  };
  const isFree = (of: Local) => not(field(of, "LENGTH"));
  writer.body = [
    length.set(sub(to.get, from.get)),
    when(lower(int(LONGEST - 1), sub(length.get, int(1))), giveBack(ask(from.get, to.get))),
    hash.set(call(hashOf, from.get, to.get)),
    place.set(add(int(at), mul(and(hash.get, int(places - 1)), int(WIDTH)))),
    other.set(xor(place.get, int(WIDTH))),
    lookAt(place),
    lookAt(other),
    number.set(ask(from.get, to.get)),
    when(less(number.get, int(0)), giveBack(number.get)),
    text.set(wordAt(int(next))),
    when(less(int(textsEnd), text.get), [text.set(int(texts)), clear(int(at), size)]),
    when(both(not(isFree(place)), isFree(other)), place.set(other.get)),
    ...[set("LENGTH", length), set("HASH", hash), set("NUMBER", number), set("TEXT", text)],
    // what follows the text does not matter
    copy(text.get, from.get, LONGEST),
    store(int(next), 0, add(text.get, length.get)),
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

/** Makes the hash one of what it was of and of that word. */
export function mixInto(hash: Local, word: Code): Code {
  return [
    hash.set(mul(xor(hash.get, word), int(HASH_FACTOR))),
    hash.set(xor(hash.get, shiftRight(hash.get, int(HASH_SHIFT)))),
  ];
}

/** Lets the last word's last bytes count in the low bits, by which places are found. */
export function finish(hash: Local): Code {
  return [
    hash.set(mul(hash.get, int(LAST_FACTOR))),
    hash.set(xor(hash.get, shiftRight(hash.get, int(LAST_SHIFT)))),
  ];
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
