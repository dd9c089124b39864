/** Puts entries in order within their array: most of an address's came in order, or in runs. */
import { CODES_AND_USERS, ENTRY, eventsAndSpan, MOST_EVENTS, WIDTH } from "../parse/login-entry.ts";
import { type Entries, eventsAt, hourAt, lastAt, MOST } from "./entries.ts";

/** Entries that are in order in a second array at a time: 5 MiB. That array is all the memory that it takes. */
const ASIDE = 2 ** 18;

/**
 * In order by address, hour, code and user, equal ones as one, in the same array. `limit` may take users from
 * entries `[from, to)`, which are all of one address and in order, and tells whether it did.
 *
 * @returns how many there are then, and where each address's begin: at `starts[n]`, and they end at `starts[n + 1]`
 */
export function putInOrder(
  { values, size }: Entries,
  addresses: number,
  limit: (values: Uint32Array, from: number, to: number) => boolean,
): Entries & { starts: Uint32Array } {
  const ends = endsOf(values, size, addresses);
  const starts = new Uint32Array(addresses + 1);
  let aside = new Uint32Array(0);
  let rest = 0;
  let done = 0;
  for (let address = 0, begin = 0; address < addresses; ) {
    const beyond = beyondOf(ends, address, begin);
    const end = ends[beyond - 1]!;
    if ((end - begin) * WIDTH > aside.length) aside = new Uint32Array((end - begin) * WIDTH);
    rest = putAside(values, rest, size, beyond, ends, aside, begin);
    for (; address < beyond; address++) {
      const from = ends[address]! - begin;
      const to = (address + 1 < beyond ? ends[address + 1]! : end) - begin;
      starts[address] = done;
      const sorted = sortInto(values, done, aside, from, to);
      done = limit(values, done, sorted) ? sortAgain(values, done, sorted, aside, from) : sorted;
    }
    begin = end;
  }
  starts[addresses] = done;
  aside.buffer.transfer(0);
  if (keys.length > LARGE) scratchFor(0);
  return { values, size: done, starts };
}

/** Where each address's entries end, were they in order. */
function endsOf(values: Uint32Array, size: number, addresses: number): Uint32Array {
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

/** Scratch of `sortInto`: grows to the largest group. */
let keys = new Float64Array(0);
let order = new Uint32Array(0);
let spareKeys = new Float64Array(0);
let spareOrder = new Uint32Array(0);

/** Entries of one address that are a flood: looked at before they are sorted, and what that took is given back. */
const LARGE = 2 ** 14;

function scratchFor(size: number): void {
  for (const { buffer } of [keys, order, spareKeys, spareOrder]) buffer.transfer(0);
  const length = size > LARGE ? size : 2 * size + 64;
  keys = new Float64Array(length);
  order = new Uint32Array(length);
  spareKeys = new Float64Array(length);
  spareOrder = new Uint32Array(length);
}

/** Puts one address's entries `[from, to)` in order behind the `done` that are; returns how many are then. */
function sortInto(values: Uint32Array, done: number, aside: Uint32Array, from: number, to: number): number {
  if (to - from > LARGE && isInOrder(aside, from, to)) return copyInto(values, done, aside, from, to);
  sortKeys(aside, from, to - from);
  let place = done * WIDTH;
  for (let i = 0; i < to - from; i++) {
    const at = (from + order[i]!) * WIDTH;
    if (i === 0 || keys[i - 1] !== keys[i] || !merge(values, place - WIDTH, aside, at)) {
      copy(aside, at, values, place);
      place += WIDTH;
    }
  }
  return place / WIDTH;
}

/** As most floods come: the same line again and again. */
function isInOrder(aside: Uint32Array, from: number, to: number): boolean {
  for (let entry = from + 1; entry < to; entry++)
    if (keyOf(aside, (entry - 1) * WIDTH) > keyOf(aside, entry * WIDTH)) return false;
  return true;
}

/** As `sortInto`, of entries that are in order. */
function copyInto(values: Uint32Array, done: number, aside: Uint32Array, from: number, to: number): number {
  let place = done * WIDTH;
  for (let at = from * WIDTH; at < to * WIDTH; at += WIDTH) {
    const isSame = at > from * WIDTH && keyOf(aside, at - WIDTH) === keyOf(aside, at);
    if (isSame && merge(values, place - WIDTH, aside, at)) continue;
    copy(aside, at, values, place);
    place += WIDTH;
  }
  return place / WIDTH;
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

/** One address's entries, most of which came in order: those that did not are few, or in runs. */
function sortKeys(aside: Uint32Array, from: number, size: number): void {
  if (size > keys.length) scratchFor(size);
  for (let i = 0; i < size; i++) {
    keys[i] = keyOf(aside, (from + i) * WIDTH);
    order[i] = i;
  }
  for (let run = 0; run < size; run += RUN) insertionSort(run, Math.min(run + RUN, size));
  if (size > RUN) mergeAll(size);
}

/** Apart from `sortKeys`, for which it is too rare to be compiled well. */
function mergeAll(size: number): void {
  for (let run = RUN; run < size; run *= 2) {
    for (let left = 0; left + run < size; left += 2 * run)
      mergeRuns(left, left + run, Math.min(left + 2 * run, size));
  }
}

const RUN = 24;

function keyOf(values: Uint32Array, at: number): number {
  return hourAt(values, at) * CODES_AND_USERS + values[at + ENTRY.CODE_AND_USER]!;
}

function insertionSort(left: number, right: number): void {
  for (let i = left + 1; i < right; i++) {
    const key = keys[i]!;
    if (keys[i - 1]! <= key) continue;
    const entry = order[i]!;
    let hole = i;
    for (; hole > left && keys[hole - 1]! > key; hole--) {
      keys[hole] = keys[hole - 1]!;
      order[hole] = order[hole - 1]!;
    }
    keys[hole] = key;
    order[hole] = entry;
  }
}

/** Two sorted runs next to each other as one; nothing to do where they are in order. */
function mergeRuns(left: number, middle: number, right: number): void {
  if (keys[middle - 1]! <= keys[middle]!) return;
  spareKeys.set(keys.subarray(left, middle));
  spareOrder.set(order.subarray(left, middle));
  const size = middle - left;
  let a = 0;
  let b = middle;
  for (let to = left; a < size; to++) {
    const isLeft = b >= right || spareKeys[a]! <= keys[b]!;
    keys[to] = isLeft ? spareKeys[a]! : keys[b]!;
    order[to] = isLeft ? spareOrder[a++]! : order[b++]!;
  }
}

/** Column by column: a loop would cost more than it copies. */
function copy(from: Uint32Array, at: number, to: Uint32Array, place: number): void {
  to[place] = from[at]!;
  to[place + 1] = from[at + 1]!;
  to[place + 2] = from[at + 2]!;
  to[place + 3] = from[at + 3]!;
  to[place + 4] = from[at + 4]!;
}

/** Adds an entry to one of the same address, hour, code and user; false where both stay, as more than one can stand for. */
function merge(values: Uint32Array, into: number, from: Uint32Array, at: number): boolean {
  const { ATTEMPTS, FIRST, EVENTS_AND_SPAN } = ENTRY;
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
