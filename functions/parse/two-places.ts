import { bytes, reserve } from "./memory.ts";
import { add, and, type Code, clear, int, type Local, mul, shiftRight, when, wordAt, xor } from "./wasm.ts";

/** Bytes of a place. Its first word is 0 where it is free. */
const WIDTH = 16;

const HASH_FACTOR = 0x85ebca6b;
const HASH_SHIFT = 15;
const LAST_FACTOR = 0xc2b2ae35;
const LAST_SHIFT = 16;

/** The places of a table in the matchers' memory, of fixed size: whatever is put there has two, side by side, by its hash. */
export class TwoPlaces {
  private readonly places: number;
  private readonly size: number;
  private readonly at: number;

  /** @param places a power of two */
  constructor(places: number) {
    this.places = places;
    this.size = places * WIDTH;
    // both places differ in one bit of their address
    this.at = Math.ceil(reserve(this.size + 2 * WIDTH) / (2 * WIDTH)) * 2 * WIDTH;
  }

  /** Sets `place` to the first place and looks there, then sets it to the second and looks there. */
  lookAt(place: Local, hash: Local, look: Code): Code {
    return [this.first(place, hash), look, toOther(place), look];
  }

  /** A word of the first place: looked at ahead of time, it is near when its place is looked at. Both share a line of the cache. */
  wordOf(hash: Code, offset = 0): Code {
    return wordAt(this.addressOf(hash), offset);
  }

  /** Sets `place` to where something new goes: to the first place where both are taken. */
  makeRoom(place: Local, hash: Local): Code {
    const isTaken = wordAt(place.get);
    return [this.first(place, hash), when(isTaken, [toOther(place), when(isTaken, toOther(place))])];
  }

  /** Makes all places free: for functions in that memory. */
  forget(): Code {
    return clear(int(this.at), this.size);
  }

  clear(): void {
    bytes.fill(0, this.at, this.at + this.size);
  }

  private first(place: Local, hash: Local): Code {
    return place.set(this.addressOf(hash.get));
  }

  private addressOf(hash: Code): Code {
    return add(int(this.at), mul(and(hash, int(this.places - 1)), int(WIDTH)));
  }
}

function toOther(place: Local): Code {
  return place.set(xor(place.get, int(WIDTH)));
}

/** Makes the hash one of what it was of and of that word. */
export function mixInto(hash: Local, word: Code): Code {
  return [hash.set(mul(xor(hash.get, word), int(HASH_FACTOR))), fold(hash, HASH_SHIFT)];
}

/** Lets the last word's last bytes count in the low bits, by which places are found. */
export function finish(hash: Local): Code {
  return [hash.set(mul(hash.get, int(LAST_FACTOR))), fold(hash, LAST_SHIFT)];
}

function fold(hash: Local, shift: number): Code {
  return hash.set(xor(hash.get, shiftRight(hash.get, int(shift))));
}
