/** Random numbers from a seed, so that the same seed makes the same log. */
export interface Random {
  /** In [0, 1). */
  real(): number;
  /** In [from, to). */
  int(from: number, to: number): number;
  chance(share: number): boolean;
  pick<T>(from: readonly T[]): T;
  /** In [0, count): low numbers far more often, so that each doubling has the same share. */
  heavyTailed(count: number): number;
  hex(digits: number): string;
}

export function randomFrom(seed: number): Random {
  const real = mulberry32(seed);
  const int = (from: number, to: number) => from + Math.floor(real() * (to - from));
  return {
    real,
    int,
    chance: (share) => real() < share,
    pick: (from) => from[int(0, from.length)]!,
    heavyTailed: (count) => Math.floor((count + 1) ** real()) - 1,
    hex: (digits) =>
      int(0, 16 ** digits)
        .toString(16)
        .toUpperCase()
        .padStart(digits, "0"),
  };
}

/** Small, seeded, good enough for a log. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
