/** Puts entries in order within their array: most of an address's came in order, or nearly. */
import { ENTRY, eventsAndSpan, MOST_EVENTS, WIDTH } from "../parse/login-entry.ts";
import { type Entries, endOfHour, eventsAt, hourAt, lastAt, MOST, SECONDS_PER_HOUR } from "./entries.ts";

/** Entries that are in order in a second array at a time: 5 MiB. That array is all the memory that it takes. */
const ASIDE = 2 ** 18;

/** May take users from entries `[from, to)`, which are all of one address and in order, and tells whether it did. */
export type Limit = (values: Uint32Array, from: number, to: number) => boolean;

/**
 * In order by address, hour, code and user, equal ones as one, in the same array.
 *
 * @returns how many there are then, and where each address's begin: at `starts[n]`, and they end at `starts[n + 1]`
 */
export function putInOrder(
  { values, size }: Entries,
  addresses: number,
  limit: Limit,
): Entries & { starts: Uint32Array<ArrayBuffer> } {
  const ends = endsOf(values, size, addresses);
  const starts = new Uint32Array(addresses + 1);
  let aside = new Uint32Array(0);
  let rest = 0;
  let done = 0;
  for (let address = 0, begin = 0; address < addresses; ) {
    const beyond = beyondOf(ends, address, begin);
    const end = ends[beyond - 1]!;
    if ((end - begin) * WIDTH > aside.length)
      aside = asideFor(Math.max(end - begin, Math.min(size, ASIDE)), aside);
    rest = putAside(values, rest, size, beyond, ends, aside, begin);
    for (; address < beyond; address++) {
      const from = ends[address]! - begin;
      const to = (address + 1 < beyond ? ends[address + 1]! : end) - begin;
      starts[address] = done;
      done = putBehind(values, done, aside, from, to, limit);
    }
    begin = end;
  }
  starts[addresses] = done;
  aside.buffer.transfer(0);
  ends.buffer.transfer(0);
  if (scratch.length > 2 * FEW) scratch = scratchOf(0);
  return { values, size: done, starts };
}

/** Puts one address's entries `[from, to)` in order behind the `done` that are, equal ones as one; returns how many are then. */
export function putBehind(
  values: Uint32Array,
  done: number,
  aside: Uint32Array,
  from: number,
  to: number,
  limit: Limit,
): number {
  const sorted = sortInto(values, done, aside, from, to);
  return limit(values, done, sorted) ? sortAgain(values, done, sorted, aside, from) : sorted;
}

/** What was there is given back, so that no array waits for the collector. */
function asideFor(size: number, former: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  former.buffer.transfer(0);
  return new Uint32Array(size * WIDTH);
}

/** Where each address's entries end, were they in order. */
function endsOf(values: Uint32Array, size: number, addresses: number): Uint32Array<ArrayBuffer> {
  const ends = new Uint32Array(addresses);
  for (let at = 0; at < size * WIDTH; at += WIDTH) ends[values[at + ENTRY.ADDRESS]!]!++;
  for (let address = 1; address < addresses; address++) ends[address]! += ends[address - 1]!;
  return ends;
}

/** The address before which to end, so that no more than ASIDE entries, or those of one address, are put aside at once. */
function beyondOf(ends: Uint32Array, address: number, begin: number): number {
  let beyond = address + 1;
  while (beyond < ends.length && ends[beyond]! - begin <= ASIDE) beyond++;
  return beyond;
}

/**
 * Brings entries of addresses below `beyond` together by address, in the order in which they came, and moves all others of
 * entries `[rest, size)` to the end.
 * @param ends becomes where each of those addresses' entries begin, `begin` at the least
 * @returns where the others begin
 */
function putAside(
  values: Uint32Array,
  rest: number,
  size: number,
  beyond: number,
  ends: Uint32Array,
  aside: Uint32Array,
  begin: number,
): number {
  let others = size * WIDTH;
  for (let at = others - WIDTH; at >= rest * WIDTH; at -= WIDTH) {
    const address = values[at + ENTRY.ADDRESS]!;
    if (address < beyond) copy(values, at, aside, (--ends[address]! - begin) * WIDTH);
    else {
      others -= WIDTH;
      copy(values, at, values, others);
    }
  }
  return others / WIDTH;
}

/**
 * Puts one address's entries `[from, to)` in order behind the `done` that are; returns how many are then. One loop: most have a
 * few entries in order or nearly, and a command that is soon done has no time to get many functions compiled.
 */
function sortInto(values: Uint32Array, done: number, aside: Uint32Array, from: number, to: number): number {
  let place = done * WIDTH;
  // the hour that is being put in order: its end, its entries' beginnings in both arrays, and the last one's key
  let until = 0;
  let hour = place;
  let hourFrom = from;
  let last = 0;
  for (let entry = from; entry < to; entry++) {
    const at = entry * WIDTH;
    const first = aside[at + ENTRY.FIRST]!;
    const key = aside[at + ENTRY.CODE_AND_USER]!;
    if (first >= until) {
      until = endOfHour(aside, at);
      hour = place;
      hourFrom = entry;
    } else if (first < until - SECONDS_PER_HOUR) {
      sortByHour(values, done, aside, from, to);
      return sortInto(values, done, aside, from, to);
    } else if (key <= last) {
      const end = insert(values, hour, place, aside, at);
      if (end < 0) {
        const next = afterHour(aside, entry, to, until);
        place = sortHourInto(values, hour, aside, hourFrom, next);
        entry = next - 1;
        last = values[place - WIDTH + ENTRY.CODE_AND_USER]!;
      } else place = end;
      continue;
    }
    copy(aside, at, values, place);
    place += WIDTH;
    last = key;
  }
  return place / WIDTH;
}

/** How many places an entry is brought forward. An hour in which one has farther to go is sorted as a whole. */
const NEAR = 24;

/** Puts an entry among those of its hour, which stand at `[hour, end)`; returns where these end then, -1 where it has far to go. */
function insert(values: Uint32Array, hour: number, end: number, aside: Uint32Array, at: number): number {
  const key = aside[at + ENTRY.CODE_AND_USER]!;
  const nearest = Math.max(hour, end - NEAR * WIDTH);
  let hole = end;
  while (hole > nearest && values[hole - WIDTH + ENTRY.CODE_AND_USER]! > key) hole -= WIDTH;
  if (hole > hour) {
    if (values[hole - WIDTH + ENTRY.CODE_AND_USER]! > key) return -1;
    if (merge(values, hole - WIDTH, aside, at)) return end;
  }
  for (let moved = end; moved > hole; moved -= WIDTH) copy(values, moved - WIDTH, values, moved);
  copy(aside, at, values, hole);
  return end + WIDTH;
}

/** The first of entries `[from, to)` that is of another hour than the one that ends at `until`. */
function afterHour(aside: Uint32Array, from: number, to: number, until: number): number {
  let entry = from;
  while (entry < to && endOfHour(aside, entry * WIDTH) === until) entry++;
  return entry;
}

/** Puts entries `[from, to)`, which are of one hour, in order at place `hour`; returns where they end. */
function sortHourInto(
  values: Uint32Array,
  hour: number,
  aside: Uint32Array,
  from: number,
  to: number,
): number {
  const keys = scratchFor(to - from);
  for (let i = 0; i < to - from; i++) {
    keys[2 * i] = i;
    keys[2 * i + 1] = aside[(from + i) * WIDTH + ENTRY.CODE_AND_USER]!;
  }
  sortKeys(to - from);
  let place = hour;
  for (let i = 0; i < to - from; i++) {
    const at = (from + keys[2 * i]!) * WIDTH;
    if (place > hour && merge(values, place - WIDTH, aside, at)) continue;
    copy(aside, at, values, place);
    place += WIDTH;
  }
  return place;
}

/** Puts one address's entries `[from, to)` in order by hour; takes the places behind the `done` to do so. */
function sortByHour(values: Uint32Array, done: number, aside: Uint32Array, from: number, to: number): void {
  const keys = scratchFor(to - from);
  for (let i = 0; i < to - from; i++) {
    keys[2 * i] = i;
    keys[2 * i + 1] = hourAt(aside, (from + i) * WIDTH);
  }
  sortKeys(to - from);
  for (let i = 0; i < to - from; i++) copy(aside, (from + keys[2 * i]!) * WIDTH, values, (done + i) * WIDTH);
  aside.set(values.subarray(done * WIDTH, (done + to - from) * WIDTH), from * WIDTH);
}

/** The same for entries `[done, sorted)`, which were in order before their users were taken. */
function sortAgain(
  values: Uint32Array,
  done: number,
  sorted: number,
  aside: Uint32Array,
  from: number,
): number {
  aside.set(values.subarray(done * WIDTH, sorted * WIDTH), from * WIDTH);
  return sortInto(values, done, aside, from, from + sorted - done);
}

/** What is sorted: 64-bit numbers, of which the high half is a key and the low half tells whose. */
let scratch = new Uint32Array(0);

/** As many as are sorted again and again; what more of them took is given back. */
const FEW = 2 ** 14;

function scratchFor(size: number): Uint32Array {
  if (2 * size > scratch.length) scratch = scratchOf(Math.max(size, FEW));
  return scratch;
}

function scratchOf(size: number): Uint32Array<ArrayBuffer> {
  scratch.buffer.transfer(0);
  return new Uint32Array(2 * size);
}

/** By V8's own sort, which need not be compiled first. */
function sortKeys(size: number): void {
  new BigUint64Array(scratch.buffer, 0, size).sort();
}

/** Column by column: a loop would cost more than it copies. */
function copy(from: Uint32Array, at: number, to: Uint32Array, place: number): void {
  to[place] = from[at]!;
  to[place + 1] = from[at + 1]!;
  to[place + 2] = from[at + 2]!;
  to[place + 3] = from[at + 3]!;
  to[place + 4] = from[at + 4]!;
}

/** Adds an entry to one of the same address and hour; false where both stay: code or user differ, or it is more than one can stand for. */
function merge(values: Uint32Array, into: number, from: Uint32Array, at: number): boolean {
  const { CODE_AND_USER, ATTEMPTS, FIRST, EVENTS_AND_SPAN } = ENTRY;
  if (values[into + CODE_AND_USER] !== from[at + CODE_AND_USER]) return false;
  const events = eventsAt(values, into) + eventsAt(from, at);
  const attempts = values[into + ATTEMPTS]! + from[at + ATTEMPTS]!;
  if (events > MOST_EVENTS || attempts > MOST) return false;
  const first = Math.min(values[into + FIRST]!, from[at + FIRST]!);
  const last = Math.max(lastAt(values, into), lastAt(from, at));
  values[into + ATTEMPTS] = attempts;
  values[into + FIRST] = first;
  values[into + EVENTS_AND_SPAN] = eventsAndSpan(events, last - first);
  return true;
}
