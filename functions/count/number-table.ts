/**
 * Rows of numbers, found by two integers: what a Map of objects would hold, in a fraction of its memory and without
 * work for the garbage collector. Rows are never removed and keep their index.
 */
export interface NumberTable {
  /** Numbers a row. */
  readonly width: number;
  /** How many rows there are. */
  size: number;
  keys: Int32Array;
  values: Float64Array;
  /** Open addressing, linear probing: row index and one, or 0 where the slot is free. */
  slots: Int32Array;
}

const FIRST_ROWS = 64;

export function createTable(width: number): NumberTable {
  return {
    width,
    size: 0,
    keys: new Int32Array(FIRST_ROWS * 2),
    values: new Float64Array(FIRST_ROWS * width),
    slots: new Int32Array(FIRST_ROWS * 2),
  };
}

/** The row of `(a, b)`, made with zeros where there was none: then its index is the size from before. */
export function rowAt(table: NumberTable, a: number, b: number): number {
  const slot = slotOf(table, a, b);
  const found = table.slots[slot]!;
  return found > 0 ? found - 1 : append(table, a, b, slot);
}

/** The row of `(a, b)`, or -1. */
export function findRow(table: NumberTable, a: number, b: number): number {
  return table.slots[slotOf(table, a, b)]! - 1;
}

/** The second of the two integers that a row is found by. */
export function secondKey(table: NumberTable, row: number): number {
  return table.keys[row * 2 + 1]!;
}

export function value(table: NumberTable, row: number, column: number): number {
  return table.values[row * table.width + column]!;
}

export function setValue(table: NumberTable, row: number, column: number, to: number): void {
  table.values[row * table.width + column] = to;
}

export function addTo(table: NumberTable, row: number, column: number, amount: number): void {
  table.values[row * table.width + column]! += amount;
}

/** Where the row of `(a, b)` is found, or belongs. */
function slotOf({ slots, keys }: NumberTable, a: number, b: number): number {
  const mask = slots.length - 1;
  let slot = hash(a, b) & mask;
  for (let found = slots[slot]!; found > 0; found = slots[slot]!) {
    if (keys[found * 2 - 2] === a && keys[found * 2 - 1] === b) break;
    slot = (slot + 1) & mask;
  }
  return slot;
}

function append(table: NumberTable, a: number, b: number, slot: number): number {
  const row = table.size++;
  if (row * 2 === table.keys.length) grow(table);
  table.keys[row * 2] = a;
  table.keys[row * 2 + 1] = b;
  if (table.size * 2 > table.slots.length) rehash(table);
  else table.slots[slot] = row + 1;
  return row;
}

function grow(table: NumberTable): void {
  const keys = new Int32Array(table.keys.length * 2);
  const values = new Float64Array(table.values.length * 2);
  keys.set(table.keys);
  values.set(table.values);
  table.keys = keys;
  table.values = values;
}

/** At most half of the slots are taken, so probing stays short. */
function rehash(table: NumberTable): void {
  table.slots = new Int32Array(table.slots.length * 2);
  for (let row = 0; row < table.size; row++) {
    table.slots[slotOf(table, table.keys[row * 2]!, table.keys[row * 2 + 1]!)] = row + 1;
  }
}

/** Murmur3's finaliser over both. Keys are counters of our own and times: nobody can aim at a slot. */
function hash(a: number, b: number): number {
  let mixed = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x7feb352d);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x846ca68b);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
