import { DamagedObject, LimitExceeded } from "./errors.ts";
import { type FingerprintOf, firstLineOf } from "./lines.ts";

/** Packed bytes looked at for the first line. One that does not end within them is no line of a mail log. */
const MOST = 256 * 1024;
/** Of what they unpack to so much is. */
const MOST_UNPACKED = 2 ** 20;
/** Bytes looked at at once: the first ones mostly tell. */
const PIECE = 2 ** 14;

/** A log whose first line has been read, and which can still be read whole. */
export interface Peeked {
  /** Undefined where no line ends within the first bytes. */
  fingerprint: string | undefined;
  source: AsyncIterable<Uint8Array>;
  /** Closes the log instead, where nobody reads it on. */
  close(): Promise<void>;
}

/**
 * Reads as much of a log as tells its fingerprint, so that the ledger can be asked before the rest is read.
 * @throws NotALog
 */
export async function peek(
  source: AsyncIterable<Uint8Array>,
  name: string,
  fingerprintOf?: FingerprintOf,
): Promise<Peeked> {
  const iterator = source[Symbol.asyncIterator]();
  const close = async () => void (await iterator.return?.());
  const head: Uint8Array[] = [];
  let fingerprint: string | undefined;
  try {
    for (let size = 0; size < MOST && fingerprint === undefined; ) {
      const next = await iterator.next();
      if (next.done) break;
      // a source may use a chunk's memory again
      head.push(Buffer.from(next.value));
      size += next.value.length;
      fingerprint = await fingerprintWithin(head, name, fingerprintOf);
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { fingerprint, source: resume(head, iterator), close };
}

async function fingerprintWithin(
  head: Uint8Array[],
  name: string,
  fingerprintOf: FingerprintOf | undefined,
): Promise<string | undefined> {
  const chunks = async function* () {
    for (const chunk of head)
      for (let at = 0; at < chunk.length; at += PIECE) yield chunk.subarray(at, at + PIECE);
  };
  try {
    const limits = { bytes: MOST_UNPACKED };
    return await firstLineOf(chunks(), { name, fingerprintOf, limits });
  } catch (error) {
    // The head of a compressed log ends in the middle
    if (error instanceof DamagedObject || error instanceof LimitExceeded) return undefined;
    throw error;
  }
}

async function* resume(head: Uint8Array[], iterator: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* head;
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value;
  } finally {
    await iterator.return?.();
  }
}
