/**
 * Runs of whole numbers below 2³², of any length, one after the other, in typed arrays that never move. Floating
 * numbers would take twice the memory; and V8 would change all decisions made so far once one is made from such.
 */
export interface NumberStore {
  /** Begins a run of so many numbers; `write` is called that often. */
  begin(size: number): void;
  write(number: number): void;
  /** Where the run that was begun last starts; undefined where a number of it does not fit. */
  end(): number | undefined;
  at(place: number): number;
  /** Gives the numbers from a place on, one a call. */
  readFrom(start: number): () => number;
}

const CHUNK = 1 << 16;

export function createNumberStore(): NumberStore {
  const chunks: Uint32Array[] = [];
  let chunk = new Uint32Array(0);
  let at = 0;
  let start = 0;
  let isExact = true;
  return {
    begin: (size) => {
      if (at + size > chunk.length) {
        chunk = new Uint32Array(Math.max(CHUNK, size));
        chunks.push(chunk);
        at = 0;
      }
      start = (chunks.length - 1) * CHUNK + at;
      isExact = true;
    },
    write: (number) => {
      if (number >>> 0 !== number) isExact = false;
      chunk[at++] = number;
    },
    end: () => (isExact ? start : undefined),
    at: (place) => chunks[Math.floor(place / CHUNK)]![place % CHUNK]!,
    readFrom: (from) => {
      const run = chunks[Math.floor(from / CHUNK)]!;
      let next = from % CHUNK;
      return () => run[next++]!;
    },
  };
}
