import { mulberry32 } from "../../test/random.ts";

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
