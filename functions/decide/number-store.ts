/** Runs of numbers of any length, one after the other, in typed arrays that never move. */
export interface NumberStore {
  /** Begins a run of so many numbers; `write` is called that often. */
  begin(size: number): void;
  write(number: number): void;
  /** Where the run that was begun last starts. */
  readonly start: number;
  at(place: number): number;
  /** Gives the numbers from a place on, one a call. */
  readFrom(start: number): () => number;
}

const CHUNK = 1 << 16;

export function createNumberStore(): NumberStore {
  const chunks: Float64Array[] = [];
  let chunk = new Float64Array(0);
  let at = 0;
  let start = 0;
  return {
    begin: (size) => {
      if (at + size > chunk.length) {
        chunk = new Float64Array(Math.max(CHUNK, size));
        chunks.push(chunk);
        at = 0;
      }
      start = (chunks.length - 1) * CHUNK + at;
    },
    write: (number) => {
      chunk[at++] = number;
    },
    get start() {
      return start;
    },
    at: (place) => chunks[Math.floor(place / CHUNK)]![place % CHUNK]!,
    readFrom: (from) => {
      const run = chunks[Math.floor(from / CHUNK)]!;
      let next = from % CHUNK;
      return () => run[next++]!;
    },
  };
}
