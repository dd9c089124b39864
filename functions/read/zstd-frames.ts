/** Bytes of a frame's dictionary and content size by their flags (RFC 8878, 3.1.1.1). */
const DICTIONARY = [0, 1, 2, 4];
const CONTENT = [0, 2, 4, 8];
const MAGIC = 0xfd2fb528;
/** The first of 16, for frames that hold something else (3.1.2). */
const SKIPPABLE = 0x184d2a50;
const RLE = 1;

/**
 * Goes through the frames of a zstd file by what their headers say, without unpacking any. Node 22 does not tell whether the last
 * one is whole: of a file that was cut off it gives what it has as if that were all.
 */
export class ZstdFrames {
  /** How many bytes come next, how many of them there were, and the number that they make, little-endian. */
  private wanted = 0;
  private seen = 0;
  private number = 0;
  /** What to do with that number; bytes that are passed over make none. */
  private next: (number: number) => void = () => {};
  private isPassing = false;
  private isAtStart = false;

  constructor() {
    this.start();
  }

  /** Whether what came so far ends with a frame. */
  get isWhole(): boolean {
    return this.isAtStart && this.seen === 0;
  }

  add(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      const taken = this.isPassing ? Math.min(this.wanted - this.seen, bytes.length - at) : 1;
      if (!this.isPassing) this.number += bytes[at]! * 2 ** (8 * this.seen);
      this.seen += taken;
      at += taken;
      if (this.seen === this.wanted) this.next(this.number);
    }
  }

  private read(bytes: number, next: (number: number) => void): void {
    this.wanted = bytes;
    this.seen = this.number = 0;
    this.next = next;
    this.isPassing = this.isAtStart = false;
  }

  private pass(bytes: number, next: () => void): void {
    this.read(bytes, next);
    this.isPassing = true;
    if (bytes === 0) next();
  }

  private start(): void {
    this.read(4, (magic) => {
      if (magic === MAGIC) this.read(1, (descriptor) => this.header(descriptor));
      else if (magic - (magic % 16) === SKIPPABLE)
        this.read(4, (size) => this.pass(size, () => this.start()));
      // no frame: the decompressor says so
      else this.pass(Number.POSITIVE_INFINITY, () => {});
    });
    this.isAtStart = true;
  }

  private header(descriptor: number): void {
    const isSingle = (descriptor >>> 5) & 1;
    const checksum = ((descriptor >>> 2) & 1) * 4;
    const content = CONTENT[descriptor >>> 6]! || isSingle;
    const window = 1 - isSingle;
    this.pass(window + DICTIONARY[descriptor & 3]! + content, () => this.block(checksum));
  }

  private block(checksum: number): void {
    this.read(3, (header) => {
      const size = ((header >>> 1) & 3) === RLE ? 1 : header >>> 3;
      const isLast = (header & 1) === 1;
      this.pass(size, isLast ? () => this.pass(checksum, () => this.start()) : () => this.block(checksum));
    });
  }
}
