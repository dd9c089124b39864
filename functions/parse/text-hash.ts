/** A hash of short texts, made in WebAssembly by `hashOf` of text-table.ts and here. */

export const HASH_FACTOR = 0x85ebca6b;
export const HASH_SHIFT = 15;

/** Of bytes `[from, to)`: word by word, little-endian, the last one overlapping the one before. */
export function hashOfText(bytes: Uint8Array, from: number, to: number): number {
  const length = to - from;
  if (length < 4) return mixed(length, lastOf(bytes, from, to));
  let hash = length;
  for (let at = from; at < to - 4; at += 4) hash = mixed(hash, wordAt(bytes, at));
  return mixed(hash, wordAt(bytes, to - 4));
}

function mixed(hash: number, word: number): number {
  const product = Math.imul(hash ^ word, HASH_FACTOR);
  return product ^ (product >>> HASH_SHIFT);
}

function wordAt(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
}

/** Fewer than four bytes. */
function lastOf(bytes: Uint8Array, from: number, to: number): number {
  let word = 0;
  for (let at = to - 1; at >= from; at--) word = (word << 8) | bytes[at]!;
  return word;
}
