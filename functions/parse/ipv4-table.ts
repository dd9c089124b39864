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
  run,
  select,
  store,
  storeHalves,
  sub,
  when,
  wordAt,
  xor,
} from "./wasm.ts";

/** What a place holds, at these bytes of it: an address's text as `SOUGHT` has it, 0 where the place is free, and its number. */
const PLACE = { LOW: 0, HIGH: 4, NUMBER: 8 };

const SHORTEST = "0.0.0.0".length;
const LONGEST = "255.255.255.255".length;

/** An address is made of dots and, one byte behind it, the ten digits. */
const DOT = 0x2e;
const BYTES = 12;

/**
 * What is looked for, at these bytes of a record: four bits for each byte of the text, 1 for a dot, none for those behind it, LOW
 * 0 where it is no IPv4 address; and its hash.
 */
const SOUGHT = { LOW: 0, HIGH: 4, HASH: 8 };
export const SOUGHT_BYTES = 12;

/**
 * Numbers by texts of IPv4 addresses, in the matchers' memory, for clients, whom most logins name and who are many: as `TextTable`,
 * which the other texts are left to, but that texts are numbers, which stand in their places.
 */
export class Ipv4Table {
  private readonly places: TwoPlaces;
  private readonly others: TextTable;
  private readonly note: Func;
  private readonly search: Func;

  /** @param places a power of two @param ask gives the number of a text `[from, to)` of that memory */
  constructor(places: number, ask: (from: Code, to: Code) => Code, others: TextTable) {
    this.places = new TwoPlaces(places);
    this.others = others;
    this.note = noting(others);
    this.search = searching(this.places, ask, others);
  }

  /** Notes in a record what is looked for: the first of the steps to a number, as those of `TextTable`. */
  sought(record: Code, from: Code, to: Code): Code {
    return run(this.note, record, from, to);
  }

  fetchPlace(record: Code): Code {
    const hash = wordAt(record, SOUGHT.HASH);
    return select(wordAt(record, SOUGHT.LOW), this.places.wordOf(hash), this.others.fetchPlace(hash));
  }

  /** The number of the text that is looked for. */
  numberBy(record: Code, from: Code, to: Code): Code {
    return call(this.search, record, from, to);
  }

  clear(): void {
    this.places.clear();
    this.others.clear();
  }
}

function noting(others: TextTable): Func {
  const writer = new FuncWriter(3);
  const [record, from, to] = [writer.param(0), writer.param(1), writer.param(2)];
  const [length, hash] = [writer.local(), writer.local()];
  const firstOther = lowestBit(xor(bytesWithin(from.get, DOT, BYTES), int(-1)));
  const isIpv4 = both(
    both(atLeast(length.get, int(SHORTEST)), atMost(length.get, int(LONGEST))),
    atLeast(firstOther, length.get),
  );
  writer.body = [
    length.set(sub(to.get, from.get)),
    when(
      isIpv4,
      [
        storeHalves(record.get, from.get, length.get, DOT - 1),
        ...[
          hash.set(wordAt(record.get, SOUGHT.LOW)),
          mixInto(hash, wordAt(record.get, SOUGHT.HIGH)),
          finish(hash),
        ],
      ],
      [store(record.get, SOUGHT.LOW, int(0)), hash.set(others.hashOf(from.get, to.get))],
    ),
    store(record.get, SOUGHT.HASH, hash.get),
    int(1),
  ];
  return writer;
}

function searching(places: TwoPlaces, ask: (from: Code, to: Code) => Code, others: TextTable): Func {
  const writer = new FuncWriter(3);
  const [record, from, to] = [writer.param(0), writer.param(1), writer.param(2)];
  const [place, hash, number] = [writer.local(), writer.local(), writer.local()];
  const [low, high] = [writer.local(), writer.local()];
  const field = (name: keyof typeof PLACE) => wordAt(place.get, PLACE[name]);
  const set = (name: keyof typeof PLACE, value: Local) => store(place.get, PLACE[name], value.get);
  const isSame = both(equal(field("LOW"), low.get), equal(field("HIGH"), high.get));
  writer.body = [
    hash.set(wordAt(record.get, SOUGHT.HASH)),
    low.set(wordAt(record.get, SOUGHT.LOW)),
    when(not(low.get), giveBack(others.numberBy(hash.get, from.get, to.get))),
    high.set(wordAt(record.get, SOUGHT.HIGH)),
    places.lookAt(place, hash, when(isSame, giveBack(field("NUMBER")))),
    number.set(ask(from.get, to.get)),
    when(less(number.get, int(0)), giveBack(number.get)),
    places.makeRoom(place, hash),
    ...[set("LOW", low), set("HIGH", high), set("NUMBER", number)],
    number.get,
  ];
  return writer;
}
