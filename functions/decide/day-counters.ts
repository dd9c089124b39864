/** One counter a key and day, for a million keys: one typed array, since a million small ones would not fit. */
export interface DayCounters<Key> {
  /** Counts one more on that day. */
  add(key: Key, day: number): void;
  at(key: Key, day: number): number;
}

/** @param days how many there are; a day is a number from 0 */
export function dayCounters<Key>(days: number): DayCounters<Key> {
  const rows = new Map<Key, number>();
  let counts = new Uint32Array(days * 64);
  const rowOf = (key: Key): number => {
    const known = rows.get(key);
    if (known !== undefined) return known;
    const row = rows.size * days;
    rows.set(key, row);
    if (row + days > counts.length) counts = grown(counts);
    return row;
  };
  return {
    add: (key, day) => {
      // first the row: counts may grow by it
      const row = rowOf(key);
      counts[row + day]!++;
    },
    at: (key, day) => {
      const row = rows.get(key);
      return row === undefined ? 0 : counts[row + day]!;
    },
  };
}

function grown(counts: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(counts.length * 2);
  larger.set(counts);
  return larger;
}
