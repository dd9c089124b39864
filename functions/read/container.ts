import type { Duplex } from "node:stream";
import { createGunzip } from "node:zlib";
import { createBunzip2 } from "./bzip2.ts";
import { createUnxz } from "./xz.ts";
import { createUnzstd } from "./zstd.ts";

/** How an object is packed. */
export type ContainerName = "plain" | "gzip" | "zstd" | "bzip2" | "xz";

/** One way to pack an object: told by its first bytes, never by a name that somebody gave it. */
export interface Container {
  name: ContainerName;
  magic: readonly number[];
  open(): Duplex;
  /** Whether the decompressor still looks at what it was given when it has taken it. */
  keepsInput?: true;
  /**
   * Whether an error after whole members only means that something else follows the last one, which `gunzip`
   * ignores with a warning (trailing zeros even without one).
   */
  isTrailing(error: unknown): boolean;
}

/** Decompressed bytes a chunk: large enough that it does not count that each call wakes a thread, small enough for the cache. */
export const CHUNK = 1 << 18;

export const containers: readonly Container[] = [
  {
    // RFC 1952; several members in a row are one file
    name: "gzip",
    magic: [0x1f, 0x8b],
    open: () => createGunzip({ chunkSize: CHUNK }),
    // The first member's header was seen, so this is said of what follows a whole one
    isTrailing: (error) => error instanceof Error && error.message === "incorrect header check",
  },
  {
    // RFC 8878, 3.1.1; a window larger than 128 MiB is refused by the library
    name: "zstd",
    magic: [0x28, 0xb5, 0x2f, 0xfd],
    open: () => createUnzstd(CHUNK),
    isTrailing: () => false,
  },
  {
    // bzip2 1.0: `BZh`, and that a block or the end follows is seen when it is read
    name: "bzip2",
    magic: [0x42, 0x5a, 0x68],
    open: createBunzip2,
    keepsInput: true,
    isTrailing: () => false,
  },
  {
    // The .xz File Format 1.1, 2.1.1.1
    name: "xz",
    magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00],
    open: createUnxz,
    keepsInput: true,
    isTrailing: () => false,
  },
];

/** Bytes needed to tell a container. */
export const MAGIC_BYTES = 6;

/** The container whose magic the object begins with; undefined for a plain one. */
export function containerOf(first: Uint8Array): Container | undefined {
  return containers.find(({ magic }) => magic.every((byte, i) => first[i] === byte));
}

/**
 * Whether bytes are not a log's. A log may hold NUL and bytes that are no UTF-8, since clients send such, but
 * not many: where one byte in twenty is a control character it is an image, an archive or a database.
 */
export function isBinary(first: Uint8Array): boolean {
  let controls = 0;
  for (const byte of first) if (byte < 0x20 && !(byte >= 0x07 && byte <= 0x0d) && byte !== 0x1b) controls++;
  return controls > 8 && controls * 20 > first.length;
}
