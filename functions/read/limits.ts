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
