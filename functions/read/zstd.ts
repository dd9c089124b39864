import { Transform } from "node:stream";
import { createZstdDecompress } from "node:zlib";
import { ZstdFrames } from "./zstd-frames.ts";

/**
 * A zstd decompressor for frames one behind the other (RFC 8878, 3: they are one file). Node's ends with the first where
 * the next begins in the same piece of input, and drops the rest of that piece.
 */
export function createUnzstd(chunkSize: number): Transform {
  let frame: Frame | undefined;
  const frames = new ZstdFrames();
  return new Transform({
    async transform(chunk: Buffer, _encoding, done) {
      try {
        frames.add(chunk);
        let rest: Buffer = chunk;
        do {
          frame ??= new Frame(chunkSize, (bytes) => this.push(bytes));
          rest = await frame.write(rest);
          if (frame.ended) frame = undefined;
        } while (rest.length > 0);
        done();
      } catch (error) {
        done(error as Error);
      }
    },
    flush(done) {
      if (frame === undefined) done();
      else frame.finish().then(() => done(frames.isWhole ? undefined : new CutOff()), done);
    },
  });
}

/** As zlib's. */
class CutOff extends Error {
  readonly code = "ZSTD_error_srcSize_wrong";
  constructor() {
    super("unexpected end of file");
  }
}

class Frame {
  ended = false;
  private given = 0;
  private readonly stream;
  private readonly over: Promise<void>;

  constructor(chunkSize: number, onData: (bytes: Buffer) => void) {
    this.stream = createZstdDecompress({ chunkSize });
    this.stream.on("data", onData);
    this.over = new Promise((resolve, reject) => {
      this.stream.on("error", reject);
      this.stream.on("end", () => {
        this.ended = true;
        resolve();
      });
    });
    // Whoever writes or finishes is told
    this.over.catch(() => {});
  }

  /** Gives back what belongs to the next frame. */
  async write(bytes: Buffer): Promise<Buffer> {
    this.given += bytes.length;
    await Promise.race([
      this.over,
      new Promise<void>((resolve) => this.stream.write(bytes, () => resolve())),
    ]);
    const left = this.given - this.stream.bytesWritten;
    if (left > 0) await this.over;
    return bytes.subarray(bytes.length - left);
  }

  async finish(): Promise<void> {
    this.stream.end();
    await this.over;
  }
}
