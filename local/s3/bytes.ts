/** Reads lines and counted runs of bytes from a stream, holding no more than what arrived in one piece and one line. */
export interface ByteReader {
  /** Up to CRLF, without it; undefined where the stream ends first or `max` bytes hold no CRLF. */
  line(max: number): Promise<string | undefined>;
  /** The next `count` bytes as they come; fewer only where the stream ends. */
  take(count: number): AsyncGenerator<Uint8Array>;
  atEnd(): Promise<boolean>;
}

export function readBytes(source: AsyncIterable<Uint8Array>): ByteReader {
  const pieces = source[Symbol.asyncIterator]();
  let held: Buffer = Buffer.alloc(0);

  async function more(): Promise<boolean> {
    const { done, value } = await pieces.next();
    if (done) return false;
    const piece = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    held = held.length === 0 ? piece : Buffer.concat([held, piece]);
    return true;
  }

  return {
    async line(max) {
      while (true) {
        const end = held.subarray(0, max).indexOf("\r\n");
        if (end >= 0) {
          const text = held.toString("latin1", 0, end);
          held = held.subarray(end + 2);
          return text;
        }
        if (held.length >= max || !(await more())) return undefined;
      }
    },
    async *take(count) {
      for (let left = count; left > 0; ) {
        if (held.length === 0 && !(await more())) return;
        const piece = held.subarray(0, left);
        held = held.subarray(piece.length);
        left -= piece.length;
        yield piece;
      }
    },
    async atEnd() {
      while (held.length === 0) if (!(await more())) return true;
      return false;
    },
  };
}
