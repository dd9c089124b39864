import {
  CHUNK,
  type Container,
  type ContainerName,
  containerOf,
  isBinary,
  MAGIC_BYTES,
} from "./container.ts";
import { DamagedObject, LimitExceeded, NotALog } from "./errors.ts";
import { type Limits, RATIO_FROM } from "./limits.ts";
import { SALVAGE_BYTES, salvage } from "./salvage.ts";
import { through, UNDONE_BYTES } from "./through.ts";

/** What `decompressed` tells besides the bytes; filled while they are read. */
export interface Unpacked {
  container: ContainerName;
  /** Decompressed bytes so far. */
  bytes: number;
  /** Something that is no part of it followed the last member and was ignored, as `gunzip` does. */
  trailing: boolean;
}

/** Bytes looked at to tell a binary. */
const SNIFF = 4096;

/**
 * The log's bytes in chunks, each good until the next is asked for, as those of the source need only be, in constant memory, whatever
 * it is packed with. Throws, after all chunks that were readable, `DamagedObject` or `LimitExceeded`; `NotALog` before any.
 */
export async function* decompressed(
  source: AsyncIterable<Uint8Array>,
  name: string,
  limits: Limits,
  told: Unpacked,
): AsyncGenerator<Buffer> {
  const { first, all } = await firstBytes(source);
  const container = containerOf(first);
  told.container = container?.name ?? "plain";
  const packed = new Packed(all, container);
  const unpacked = container === undefined ? packed.counted() : unpack(packed, container, name, told);
  for await (const chunk of unpacked) {
    if (told.bytes === 0 && isBinary(chunk.subarray(0, SNIFF))) throw new NotALog(name, "binary data");
    const allowed = limits.bytes - told.bytes;
    told.bytes += Math.min(chunk.length, allowed);
    yield chunk.length > allowed ? chunk.subarray(0, allowed) : chunk;
    if (chunk.length > allowed)
      throw new LimitExceeded(name, told.bytes, `longer than ${limits.bytes} bytes`);
    if (told.bytes > RATIO_FROM && told.bytes > limits.ratio * packed.bytes) {
      throw new LimitExceeded(name, told.bytes, `packed tighter than 1:${limits.ratio}`);
    }
  }
}

async function* unpack(
  packed: Packed,
  container: Container,
  name: string,
  told: Unpacked,
): AsyncGenerator<Buffer> {
  let error: unknown;
  try {
    for await (const chunk of through(packed.chunks(), container.open(), () => packed.taken())) {
      yield chunk;
      giveBack(chunk);
    }
    packed.forget();
    return;
  } catch (thrown) {
    if (!isDecompressorError(thrown)) throw thrown;
    error = thrown;
  }
  const lost = packed.kept === undefined;
  if (packed.kept !== undefined) {
    const kept = Buffer.concat(packed.kept);
    yield* await salvage(container, kept, Math.max(0, kept.length - UNDONE_BYTES), told.bytes);
  }
  if (told.bytes > 0 && !lost && container.isTrailing(error)) told.trailing = true;
  else throw damaged(name, container, told.bytes, error as Error);
}

/**
 * Frees what a decompressor has filled, once it was read: the collector would wait until tens of MB have gathered. It takes a
 * new piece of memory when one is full, so a chunk that ends with its piece is the last of it.
 */
function giveBack({ buffer, byteOffset, byteLength }: Buffer): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === CHUNK && byteOffset + byteLength === CHUNK)
    buffer.transfer(0);
}

/** The compressed bytes on their way: counted, and the first of them kept. */
class Packed {
  bytes = 0;
  /** All bytes so far, or undefined once they are too many. */
  kept: Buffer[] | undefined = [];
  /** Chunks to be freed, the first of which the decompressor has taken. */
  private readonly held: Buffer<ArrayBuffer>[] = [];
  private done = 0;
  private readonly source: AsyncIterable<Uint8Array>;
  private readonly container: Container | undefined;

  constructor(source: AsyncIterable<Uint8Array>, container: Container | undefined) {
    this.source = source;
    this.container = container;
  }

  async *counted(): AsyncGenerator<Buffer> {
    for await (const chunk of this.source) {
      this.bytes += chunk.length;
      yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    }
  }

  /** Chunks of their own: a decompressor looks at some while the next are asked for. */
  async *chunks(): AsyncGenerator<Buffer> {
    for await (const chunk of this.counted()) {
      const own = Buffer.allocUnsafeSlow(chunk.length);
      chunk.copy(own);
      if (!this.container?.keepsInput) this.held.push(own);
      this.kept?.push(own);
      if (this.bytes > SALVAGE_BYTES) this.forget();
      yield own;
    }
  }

  /** Says that the decompressor has taken one more. */
  taken(): void {
    this.done++;
    if (this.kept === undefined) this.free();
  }

  /** Nothing is to be salvaged any more. */
  forget(): void {
    this.kept = undefined;
    this.free();
  }

  /** Frees what was taken: the collector would wait until tens of MB have gathered. */
  private free(): void {
    for (const chunk of this.held.splice(0, this.done)) chunk.buffer.transfer(0);
    this.done = 0;
  }
}

/** Errors of node:zlib carry its codes; those of the source do not. */
function isDecompressorError(error: unknown): error is Error {
  return error instanceof Error && "code" in error && /^(Z_|ZSTD_|BZIP2_|XZ_)/.test(String(error.code));
}

function damaged(name: string, container: Container, offset: number, error: Error): DamagedObject {
  const truncated = error.message.includes("unexpected end");
  const reason = truncated ? "is truncated" : `is corrupt (${error.message})`;
  return new DamagedObject(name, offset, `${container.name} file ${reason}`, { cause: error });
}

/** The first bytes, and the whole source with them. */
async function firstBytes(
  source: AsyncIterable<Uint8Array>,
): Promise<{ first: Uint8Array; all: AsyncIterable<Uint8Array> }> {
  const iterator = source[Symbol.asyncIterator]();
  let first: Uint8Array = Buffer.alloc(0);
  while (first.length < MAGIC_BYTES) {
    const next = await iterator.next();
    if (next.done) break;
    const isEnough = first.length === 0 && next.value.length >= MAGIC_BYTES;
    first = isEnough ? next.value : Buffer.concat([first, next.value]);
  }
  return { first, all: resume(first, iterator) };
}

async function* resume(first: Uint8Array, iterator: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    if (first.length > 0) yield first;
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value;
  } finally {
    await iterator.return?.();
  }
}
