import type { LogExtent } from "./lines.ts";
import type { ByteOffset } from "./offset.ts";

/** A compressed object that ends too early or is corrupt. The lines before the damage have been delivered. */
export class DamagedObject extends Error {
  override name = "DamagedObject";
  /** Where in the decompressed log the damage begins. */
  readonly offset: ByteOffset;
  /** What of the log was read; set by `readLines`. */
  extent: LogExtent | undefined;

  constructor(name: string, offset: ByteOffset, reason: string, options?: ErrorOptions) {
    super(
      `${name}: ${reason} after ${offset} readable bytes: the lines before are counted; ship it again`,
      options,
    );
    this.offset = offset;
  }
}

/** An object larger, or packed tighter, than the limits allow. The lines before have been delivered. */
export class LimitExceeded extends Error {
  override name = "LimitExceeded";
  readonly offset: ByteOffset;
  extent: LogExtent | undefined;

  constructor(name: string, offset: ByteOffset, reason: string) {
    super(`${name}: ${reason}: reading stopped after ${offset} bytes; raise the limit if this is a real log`);
    this.offset = offset;
  }
}

/** An object that is no text: nothing of it was delivered. */
export class NotALog extends Error {
  override name = "NotALog";

  constructor(name: string, reason: string) {
    super(
      `${name}: ${reason}, not a log: give a text file, plain or compressed with gzip, zstd, bzip2 or xz`,
    );
  }
}
