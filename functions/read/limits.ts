import type { ByteOffset } from "./offset.ts";

/** Bounds on what one object may cost. Each ends in `LimitExceeded`, after the lines before it were delivered. */
export interface Limits {
  /** Bytes after decompression. The default is what one function can read within its 15 minutes. */
  bytes: ByteOffset;
  /**
   * Decompressed to compressed size, looked at from 64 MiB on. Mail logs reach 10 to 30, a flood of equal lines 150;
   * a bomb 1,000 and more (the most that deflate can do is 1,032).
   */
  ratio: number;
  /** Different addresses that one object may name: memory for them. Looked at after each piece of some hundred KB. */
  addresses: number;
  /** Longest line, without its end. rsyslog cuts at 8 KiB, Dovecot and Postfix before; a longer one is no line of theirs. */
  line: number;
}

export const DEFAULT_LIMITS: Limits = { bytes: 8 * 2 ** 30, ratio: 400, addresses: 2_000_000, line: 65_536 };

/** From here on the ratio is looked at: less does no harm. */
export const RATIO_FROM = 64 * 2 ** 20;

/** What each limit may be. A line must fit where it is matched. */
const BOUNDS: Record<keyof Limits, [least: number, most: number]> = {
  bytes: [1, 2 ** 50],
  ratio: [1, 1_000_000],
  addresses: [1, 100_000_000],
  line: [256, 2 ** 20],
};

const UNITS: Record<string, number> = { "": 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 };

/** Thrown for a text that is no limits. */
export class BadLimits extends Error {
  override name = "BadLimits";
  constructor(part: string) {
    const names = Object.entries(BOUNDS).map(([name, [least, most]]) => `${name} (${least} to ${most})`);
    super(
      `"${part}" is no limit: write NAME=NUMBER,…, as bytes=20G,ratio=800; names are ${names.join(", ")}`,
    );
  }
}

/** Reads `bytes=20G,ratio=800`: names of `Limits`, whole numbers, K, M, G, T for 2 to the power of 10, 20, 30, 40. @throws BadLimits */
export function parseLimits(text: string): Partial<Limits> {
  const limits: Partial<Limits> = {};
  for (const part of text.split(",").filter((one) => one !== "")) {
    const [, name = "", digits, unit = ""] = /^([a-z]+)=(\d{1,15})([KMGT]?)$/.exec(part) ?? [];
    const [least, most] = Object.hasOwn(BOUNDS, name) ? BOUNDS[name as keyof Limits] : [1, 0];
    const value = Number(digits) * UNITS[unit]!;
    if (!(value >= least && value <= most)) throw new BadLimits(part);
    limits[name as keyof Limits] = value;
  }
  return limits;
}
