/** Offset in bytes in the decompressed log. */
export type ByteOffset = number;

/** Half-open: `[start, end)`. */
export interface ByteRange {
  start: ByteOffset;
  end: ByteOffset;
}
