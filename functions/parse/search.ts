/** Where a literal stands: looked for by 16 places at once, those where its first and its last byte are. */
import {
  add,
  and,
  atLeast,
  atMost,
  bytesAmong,
  type Code,
  type Func,
  FuncWriter,
  giveBack,
  highestBit,
  int,
  isThere,
  loopWhile,
  lowestBit,
  not,
  sub,
  when,
  withoutBit,
  withoutLowest,
} from "./wasm.ts";

const BLOCK = 16;

/** A function that gives the first place of `sought` in `[at, end)`, or -1. */
export function firstPlace(sought: Uint8Array): Func {
  const writer = new FuncWriter(2);
  const [at, end, last] = [writer.param(0), writer.param(1), writer.local()];
  const [found, place] = [writer.local(), writer.local()];
  writer.body = [
    last.set(sub(end.get, int(sought.length))),
    loopWhile(atMost(at.get, last.get), [
      found.set(candidates(at.get, sought)),
      loopWhile(found.get, [
        place.set(add(at.get, lowestBit(found.get))),
        when(not(atMost(place.get, last.get)), giveBack(int(-1))),
        when(isThere(place.get, sought), giveBack(place.get)),
        found.set(withoutLowest(found.get)),
      ]),
      at.add(BLOCK),
    ]),
    int(-1),
  ];
  return writer;
}

/** A function that gives the last place of `sought` in `[at, end)`, or -1. */
export function lastPlace(sought: Uint8Array): Func {
  const writer = new FuncWriter(2);
  const [at, end, from] = [writer.param(0), writer.param(1), writer.local()];
  const [found, bit, place] = [writer.local(), writer.local(), writer.local()];
  writer.body = [
    // the block that ends with the last place where it could begin
    from.set(sub(end.get, int(sought.length + BLOCK - 1))),
    loopWhile(atLeast(from.get, sub(at.get, int(BLOCK - 1))), [
      found.set(candidates(from.get, sought)),
      loopWhile(found.get, [
        bit.set(highestBit(found.get)),
        place.set(add(from.get, bit.get)),
        when(not(atLeast(place.get, at.get)), giveBack(int(-1))),
        when(isThere(place.get, sought), giveBack(place.get)),
        found.set(withoutBit(found.get, bit.get)),
      ]),
      from.add(-BLOCK),
    ]),
    int(-1),
  ];
  return writer;
}

/** Of the 16 places from there on those where it can stand. */
function candidates(from: Code, sought: Uint8Array): Code {
  const first = bytesAmong(from, 0, sought[0]!);
  const last = sought.length - 1;
  return last === 0 ? first : and(first, bytesAmong(from, last, sought[last]!));
}
