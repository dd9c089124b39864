/** One counter a key and day, for a million keys: one typed array, since a million small ones would not fit. */
export interface DayCounters<Key> {
  /** The number of a key's row of counters. */
  rowOf(key: Key): number;
  /** Counts one more on that day. */
  add(row: number, day: number): void;
  at(row: number, day: number): number;
}

/** @param days how many there are; a day is a number from 0 */
export function dayCounters<Key>(days: number): DayCounters<Key> {
  const rows = new Map<Key, number>();
  let counts = new Uint32Array(days * 64);
  return {
    rowOf: (key) => {
      const known = rows.get(key);
      if (known !== undefined) return known;
      const row = rows.size;
      rows.set(key, row);
      if ((row + 1) * days > counts.length) counts = grown(counts);
      return row;
    },
    add: (row, day) => {
      counts[row * days + day]!++;
    },
    at: (row, day) => counts[row * days + day]!,
  };
}

function grown(counts: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(counts.length * 2);
  larger.set(counts);
  return larger;
}
