import type { Container } from "./container.ts";

/** Compressed bytes kept for `salvage`: more than a day's log of most hosts, and all of any segment. */
export const SALVAGE_BYTES = 16 * 2 ** 20;

/** Most that is salvaged: a damaged bomb gets no more. */
const MOST = 32 * 2 ** 20;
const PIECE = 32 * 1024;

/**
 * What a decompressor had ready when it failed. Node's drops the output of the call in which it finds the damage,
 * up to all lines of a short log. So the compressed bytes up to there are gone through again, in ever smaller steps:
 * the last one fails at the damaged byte and loses nothing. `suspect` is where the failed calls began; the first
 * `delivered` decompressed bytes are left out.
 */
export async function salvage(
  container: Container,
  packed: Buffer,
  suspect: number,
  delivered: number,
): Promise<Buffer[]> {
  const near = await replay(container, packed, suspect, 512, () => {});
  const chunks: Buffer[] = [];
  let skip = delivered;
  let size = 0;
  await replay(container, packed, near, 1, (chunk) => {
    const fresh = chunk.subarray(Math.min(skip, chunk.length));
    skip -= chunk.length - fresh.length;
    size += fresh.length;
    if (fresh.length > 0 && size <= MOST) chunks.push(fresh);
  });
  return chunks;
}

/** Decompresses, from `from` on in small steps; gives the offset of the step that failed. */
async function replay(
  container: Container,
  packed: Buffer,
  from: number,
  step: number,
  onData: (chunk: Buffer) => void,
): Promise<number> {
  const transform = container.open();
  transform.on("data", onData);
  // The write that fails is never called back
  const failed = new Promise<boolean>((resolve) => transform.on("error", () => resolve(true)));
  const write = (piece: Buffer) =>
    new Promise<boolean>((resolve) => transform.write(piece, () => resolve(false)));
  let at = 0;
  while (at < packed.length) {
    const size = at < from ? Math.min(PIECE, from - at) : step;
    if (await Promise.race([failed, write(packed.subarray(at, at + size))])) break;
    at += size;
  }
  transform.destroy();
  return Math.min(at, packed.length);
}
