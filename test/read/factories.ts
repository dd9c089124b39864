/** Bytes in chunks of a size, as a file or a socket gives them. */
export async function* chunked(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** Lines that do not compress to nothing. */
export function numberedLines(count: number): string {
  return Array.from({ length: count }, (_, i) => `${i} ${Math.imul(i, 2_654_435_761) >>> 0}\n`).join("");
}

/** Pseudo-random bytes, the same each time. */
export function noise(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let i = 0, state = 1; i < length; i++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    bytes[i] = state >>> 16;
  }
  return bytes;
}
