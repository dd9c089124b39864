import type { Duplex } from "node:stream";

/** Compressed bytes handed to the decompressor at once: fewer, and calls of it end for want of input. */
const PIECE = 1024 * 1024;
/** Decompressed chunks at which the decompressor stops until some were taken: a piece of a bomb yields a gigabyte. */
const MOST_WAITING = 8;
/** Decompressed chunks that may wait for the consumer, so that it and the decompressor work at the same time. */
const AHEAD = 2;
/** Pieces given to the decompressor before the first of them is done: it never waits for this thread. */
const PIECES_AHEAD = 2;
/** When the decompressor fails, the call that failed began within the last so many bytes that it was given. */
export const UNDONE_BYTES = (PIECES_AHEAD + 1) * PIECE;

/**
 * What comes out of `transform` when `source` goes in. `taken` is told of each chunk of the source once all of it was written.
 * Unlike a pipe it gives every chunk that came before an error, then throws that error; and it pauses the input, and the
 * output only where that is far ahead, when the consumer is slow.
 */
export async function* through<Chunk extends Uint8Array>(
  source: AsyncIterable<Chunk>,
  transform: Duplex,
  taken: (chunk: Chunk) => void = () => {},
): AsyncGenerator<Buffer> {
  const state = new Flow(transform);
  const fed = feed(source, transform, taken, state);
  try {
    for (;;) {
      for (let chunk = state.take(); chunk !== undefined; chunk = state.take()) yield chunk;
      if (state.done) break;
      await state.changed();
    }
  } finally {
    state.done = true;
    state.wake();
    transform.destroy();
    await fed;
  }
  if (state.failure !== undefined) throw state.failure;
}

/** What feeder and consumer know of each other. */
class Flow {
  done = false;
  failure: unknown;
  pieces = 0;
  private readonly chunks: Buffer[] = [];
  private waiting: (() => void)[] = [];
  private readonly transform: Duplex;

  constructor(transform: Duplex) {
    this.transform = transform;
    transform.on("data", (chunk: Buffer) => {
      this.chunks.push(chunk);
      if (this.chunks.length >= MOST_WAITING) transform.pause();
      this.wake();
    });
    transform.on("end", () => this.finish(undefined));
    transform.on("error", (error) => this.finish(error));
  }

  get full(): boolean {
    return this.chunks.length >= AHEAD || this.pieces >= PIECES_AHEAD;
  }

  take(): Buffer | undefined {
    const chunk = this.chunks.shift();
    if (chunk === undefined) return undefined;
    if (this.transform.isPaused()) this.transform.resume();
    this.wake();
    return chunk;
  }

  finish(failure: unknown): void {
    if (this.done) return;
    this.done = true;
    this.failure = failure;
    this.wake();
  }

  wake(): void {
    const waiting = this.waiting;
    this.waiting = [];
    for (const resolve of waiting) resolve();
  }

  changed(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }
}

async function feed<Chunk extends Uint8Array>(
  source: AsyncIterable<Chunk>,
  transform: Duplex,
  taken: (chunk: Chunk) => void,
  state: Flow,
): Promise<void> {
  try {
    for await (const chunk of source) {
      for (let at = 0; at < chunk.length; at += PIECE) {
        while (state.full && !state.done) await state.changed();
        if (state.done) return;
        state.pieces++;
        transform.write(chunk.subarray(at, at + PIECE), (error) => {
          state.pieces--;
          if (!error && at + PIECE >= chunk.length) taken(chunk);
          state.wake();
        });
      }
    }
    transform.end();
  } catch (error) {
    state.finish(error);
  }
}
