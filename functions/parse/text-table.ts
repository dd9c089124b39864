import { bytes, reserve } from "./memory.ts";
import {
  add,
  and,
  both,
  bytesAlike,
  type Code,
  call,
  copy,
  differ,
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

/** Bytes a place takes: the text's length, the number, and the text. */
const WIDTH = 64;
const NUMBER = 4;
const TEXT = 8;
const LONGEST = WIDTH - TEXT;

/**
 * Numbers by short texts, in the matchers' memory. Of fixed size: each text has two places, and where both are taken a new one
 * takes the first. The number of a text that is not there is asked for, and remembered if it is not negative.
 */
export class TextTable {
  private readonly at: number;
  private readonly places: number;
  private readonly search: Func;

  /** @param places a power of two @param ask gives the number of a text `[from, to)` of that memory */
  constructor(places: number, ask: (from: Code, to: Code) => Code) {
    this.places = places;
    // both places of a text differ in one bit of their address
    this.at = Math.ceil(reserve((places + 1) * WIDTH) / (2 * WIDTH)) * 2 * WIDTH;
    this.search = searching(this.at, places, ask);
  }

  /** The number of the text there: for functions in that memory. */
  numberOf(from: Code, to: Code): Code {
    return call(this.search, from, to);
  }

  clear(): void {
    bytes.fill(0, this.at, this.at + this.places * WIDTH);
  }
}

function searching(table: number, places: number, ask: (from: Code, to: Code) => Code): Func {
  const writer = new FuncWriter(2);
  const [from, to] = [writer.param(0), writer.param(1)];
  const [place, other, length, number] = [writer.local(), writer.local(), writer.local(), writer.local()];
  const lookAt = (at: Local) => when(call(holds, at.get, from.get, to.get), giveBack(wordAt(at.get, NUMBER)));
  const isFree = (at: Local) => not(wordAt(at.get));
  writer.body = [
    length.set(sub(to.get, from.get)),
    when(lower(int(LONGEST - 1), sub(length.get, int(1))), giveBack(ask(from.get, to.get))),
    place.set(placeOf(table, places, from, to)),
    other.set(xor(place.get, int(WIDTH))),
    lookAt(place),
    lookAt(other),
    number.set(ask(from.get, to.get)),
    when(less(number.get, int(0)), giveBack(number.get)),
    when(both(not(isFree(place)), isFree(other)), place.set(other.get)),
    store(place.get, 0, length.get),
    store(place.get, NUMBER, number.get),
    // what follows the text does not matter
    copy(add(place.get, int(TEXT)), from.get, LONGEST),
    number.get,
  ];
  return writer;
}

/** The first place of a text. */
function placeOf(table: number, places: number, from: Local, to: Local): Code {
  const hash = call(hashOf, from.get, to.get);
  return add(int(table), shiftLeft(and(hash, int(places - 1)), int(Math.log2(WIDTH))));
}

/** Of a text, word by word, the last one overlapping the one before. */
const hashOf = hashing();

function hashing(): Func {
  const writer = new FuncWriter(2);
  const [from, to] = [writer.param(0), writer.param(1)];
  const [hash, length] = [writer.local(), writer.local()];
  const mix = (word: Code): Code => [
    hash.set(mul(xor(hash.get, word), int(HASH_FACTOR))),
    hash.set(xor(hash.get, shiftRight(hash.get, int(HASH_SHIFT)))),
  ];
  writer.body = [
    length.set(sub(to.get, from.get)),
    hash.set(length.get),
    when(less(length.get, int(4)), mix(beginningOf(wordAt(from.get), length)), [
      loopWhile(less(from.get, sub(to.get, int(4))), [mix(wordAt(from.get)), from.add(4)]),
      mix(wordAt(sub(to.get, int(4)))),
    ]),
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

const holds = holding();

/** Whether the text `[from, to)` is at a place. */
function holding(): Func {
  const writer = new FuncWriter(3);
  const [place, from, to] = [writer.param(0), writer.param(1), writer.param(2)];
  const [text, left] = [writer.local(), writer.local()];
  const differing = xor(bytesAlike(text.get, from.get), int(2 ** STEP - 1));
  // of the last bytes those that are not the text's are alike or not
  const lastOnes = sub(shiftLeft(int(1), left.get), int(1));
  writer.body = [
    left.set(sub(to.get, from.get)),
    when(differ(wordAt(place.get), left.get), giveBack(int(0))),
    text.set(add(place.get, int(TEXT))),
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
