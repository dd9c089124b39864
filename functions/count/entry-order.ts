/** Puts entries in order within their array: most of an address's came in order, or in runs. */
import { CODES_AND_USERS, ENTRY, type Entries, hourAt, MOST, WIDTH } from "./entries.ts";

/**
 * In order by address, hour, code and user, equal ones as one, in the same array. `limit` may take users from
 * entries `[from, to)`, which are all of one address and in order, and tells whether it did.
 *
 * @returns how many there are then, and where each address's begin: at `starts[n]`, and they end at `starts[n + 1]`
 */
export function putInOrder(
  { values, size }: Entries,
  addresses: number,
  limit: (from: number, to: number) => boolean,
): Entries & { starts: Uint32Array } {
  const ends = gather(values, size, addresses);
  const starts = new Uint32Array(addresses + 1);
  let to = 0;
  for (let address = 0, from = 0; address < addresses; address++) {
    const end = ends[address]!;
    sortGroup(values, from, end);
    if (limit(from, end)) sortGroup(values, from, end);
    starts[address] = to / WIDTH;
    const first = to;
    for (; from < end; from++) {
      copy(values, from * WIDTH, values, to);
      if (to > first && isSame(values, to - WIDTH, to)) merge(values, to - WIDTH, to);
      else to += WIDTH;
    }
  }
  starts[addresses] = to / WIDTH;
  return { values, size: to / WIDTH, starts };
}

/** Brings each address's entries together, in the order in which they came; returns where they end. */
function gather(values: Uint32Array, size: number, addresses: number): Uint32Array {
  const ends = new Uint32Array(addresses + 1);
  for (let at = 0; at < size * WIDTH; at += WIDTH) ends[values[at + ENTRY.ADDRESS]! + 1]!++;
  for (let address = 1; address <= addresses; address++) ends[address]! += ends[address - 1]!;
  const order = new Uint32Array(size);
  for (let entry = 0; entry < size; entry++) order[ends[values[entry * WIDTH + ENTRY.ADDRESS]!]!++] = entry;
  rearrange(values, 0, order, size);
  return ends;
}

const spare = new Uint32Array(WIDTH);

/**
 * Brings entry `start + order[n]` to place `start + n`, for each n below `size`, going round each cycle of places; `order` is
 * spent.
 */
function rearrange(values: Uint32Array, start: number, order: Uint32Array, size: number): void {
  const base = start * WIDTH;
  for (let first = 0; first < size; first++) {
    if (order[first] === first) continue;
    copy(values, base + first * WIDTH, spare, 0);
    let place = first;
    for (let from = order[place]!; from !== first; from = order[place]!) {
      copy(values, base + from * WIDTH, values, base + place * WIDTH);
      order[place] = place;
      place = from;
    }
    copy(spare, 0, values, base + place * WIDTH);
    order[place] = place;
  }
}

/** Scratch of `sortGroup`: grows to the largest group. */
let keys = new Float64Array(64);
let order = new Uint32Array(64);
let spareKeys = new Float64Array(64);
let spareOrder = new Uint32Array(64);

/** One address's entries, most of which came in order: those that did not are few, or in runs. */
function sortGroup(values: Uint32Array, from: number, to: number): void {
  const size = to - from;
  if (size > keys.length) {
    keys = new Float64Array(size * 2);
    order = new Uint32Array(size * 2);
    spareKeys = new Float64Array(size * 2);
    spareOrder = new Uint32Array(size * 2);
  }
  let isSorted = true;
  for (let i = 0; i < size; i++) {
    keys[i] = keyOf(values, (from + i) * WIDTH);
    order[i] = i;
    if (i > 0 && keys[i - 1]! > keys[i]!) isSorted = false;
  }
  if (isSorted) return;
  for (let run = 0; run < size; run += RUN) insertionSort(run, Math.min(run + RUN, size));
  if (size > RUN) mergeAll(size);
  rearrange(values, from, order, size);
}

/** Apart from `sortGroup`, for which it is too rare to be compiled well. */
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

function copy(from: Uint32Array, at: number, to: Uint32Array, place: number): void {
  for (let column = 0; column < WIDTH; column++) to[place + column] = from[at + column]!;
}

/** Of the same address, that is: of the same hour, code and user. */
function isSame(values: Uint32Array, a: number, b: number): boolean {
  return (
    values[a + ENTRY.CODE_AND_USER] === values[b + ENTRY.CODE_AND_USER] &&
    hourAt(values, a) === hourAt(values, b)
  );
}

function merge(values: Uint32Array, into: number, at: number): void {
  for (const column of [ENTRY.ATTEMPTS, ENTRY.EVENTS]) {
    values[into + column] = Math.min(values[into + column]! + values[at + column]!, MOST);
  }
  values[into + ENTRY.FIRST] = Math.min(values[into + ENTRY.FIRST]!, values[at + ENTRY.FIRST]!);
  values[into + ENTRY.LAST] = Math.max(values[into + ENTRY.LAST]!, values[at + ENTRY.LAST]!);
}
