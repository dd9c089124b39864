import { reserve } from "./memory.ts";
import type { TextTable } from "./text-table.ts";
import { finish, mixInto, TwoPlaces } from "./two-places.ts";
import {
  atLeast,
  atMost,
  both,
  bytesWithin,
  type Code,
  call,
  equal,
  type Func,
  FuncWriter,
  giveBack,
  int,
  type Local,
  less,
  lowestBit,
  not,
  store,
  storeHalves,
  sub,
  when,
  wordAt,
  xor,
} from "./wasm.ts";

/** What a place holds, at these bytes of it: an address's text as `KEY` has it, 0 where the place is free, and its number. */
const PLACE = { LOW: 0, HIGH: 4, NUMBER: 8 };

const SHORTEST = "0.0.0.0".length;
const LONGEST = "255.255.255.255".length;

/** An address is made of dots and, one byte behind it, the ten digits. */
const DOT = 0x2e;
const BYTES = 12;

/** The text that is looked for: four bits for each of its bytes, 1 for a dot, none for those behind it. */
const KEY = reserve(8);

/**
 * Numbers by texts of IPv4 addresses, in the matchers' memory, for clients, whom most logins name and who are many: as `TextTable`,
 * which the other texts are left to, but that texts are numbers, which stand in their places.
 */
export class Ipv4Table {
  private readonly places: TwoPlaces;
  private readonly others: TextTable;
  private readonly search: Func;

  /** @param places a power of two @param ask gives the number of a text `[from, to)` of that memory */
  constructor(places: number, ask: (from: Code, to: Code) => Code, others: TextTable) {
    this.places = new TwoPlaces(places);
    this.others = others;
    this.search = searching(this.places, ask, others);
  }

  /** The number of the text there: for functions in that memory. */
  numberOf(from: Code, to: Code): Code {
    return call(this.search, from, to);
  }

  clear(): void {
    this.places.clear();
    this.others.clear();
  }
}

function searching(places: TwoPlaces, ask: (from: Code, to: Code) => Code, others: TextTable): Func {
  const writer = new FuncWriter(2);
  const [from, to] = [writer.param(0), writer.param(1)];
  const [place, hash, number] = [writer.local(), writer.local(), writer.local()];
  const [low, high, length] = [writer.local(), writer.local(), writer.local()];
  const field = (name: keyof typeof PLACE) => wordAt(place.get, PLACE[name]);
  const set = (name: keyof typeof PLACE, value: Local) => store(place.get, PLACE[name], value.get);
  const isSame = both(equal(field("LOW"), low.get), equal(field("HIGH"), high.get));
  const firstOther = lowestBit(xor(bytesWithin(from.get, DOT, BYTES), int(-1)));
  const isIpv4 = both(
    both(atLeast(length.get, int(SHORTEST)), atMost(length.get, int(LONGEST))),
    atLeast(firstOther, length.get),
  );
  writer.body = [
    length.set(sub(to.get, from.get)),
    when(not(isIpv4), giveBack(others.numberOf(from.get, to.get))),
    storeHalves(int(KEY), from.get, length.get, DOT - 1),
    ...[low.set(wordAt(int(KEY))), high.set(wordAt(int(KEY), 4))],
    ...[hash.set(low.get), mixInto(hash, high.get), finish(hash)],
    places.lookAt(place, hash, when(isSame, giveBack(field("NUMBER")))),
    number.set(ask(from.get, to.get)),
    when(less(number.get, int(0)), giveBack(number.get)),
    places.makeRoom(place, hash),
    ...[set("LOW", low), set("HIGH", high), set("NUMBER", number)],
    number.get,
  ];
  return writer;
}
