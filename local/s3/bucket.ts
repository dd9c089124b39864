import { createHash } from "node:crypto";
import { join } from "node:path";
import type { ChecksumName } from "./checksum.ts";
import type { Locks } from "./lock.ts";
import type { Described } from "./metadata.ts";
import type { SortedKeys } from "./sorted.ts";

/** One immutable file of data under a name that is never used again. */
export interface Piece {
  id: string;
  size: number;
}

export interface StoredChecksum {
  name: ChecksumName;
  /** base64; of a composite one with `-<parts>` behind it. */
  value: string;
  type: "FULL_OBJECT" | "COMPOSITE";
}

/** One object as its file in `objects/` holds it. */
export interface StoredObject extends Described {
  key: string;
  size: number;
  /** Hex without quotes; `<hex>-<parts>` after a multipart upload. */
  etag: string;
  /** UTC epoch seconds, fractions kept. */
  modified: number;
  /** The data are these, one after the other: completing a multipart upload copies nothing. */
  pieces: Piece[];
  checksum: StoredChecksum | undefined;
}

export interface UploadedPart {
  number: number;
  piece: Piece;
  etag: string;
  modified: number;
  checksum: StoredChecksum | undefined;
}

/** A multipart upload under way; a folder in `uploads/`. */
export interface Upload extends Described {
  id: string;
  key: string;
  /** UTC epoch seconds. */
  initiated: number;
  checksum: ChecksumName | undefined;
  parts: Map<number, UploadedPart>;
}

/**
 * A bucket: `objects/<sha256 of the key>.json`, each naming its data in `data/`, and `uploads/`. Keys never
 * become file names. What `objects/` says is also held here; one process alone may have the folder open.
 */
export interface Bucket {
  name: string;
  dir: string;
  objects: Map<string, StoredObject>;
  sorted: SortedKeys;
  uploads: Map<string, Upload>;
  /** How many readers a piece has; replaced data stay until the last one is done. */
  readers: Map<string, number>;
  doomed: Set<string>;
  /** By key. */
  locks: Locks;
  /** By upload id; taken before that of the key. */
  uploadLocks: Locks;
}

export function objectFile(dir: string, key: string): string {
  return join(dir, "objects", `${createHash("sha256").update(key).digest("hex")}.json`);
}

export function pieceFile(dir: string, id: string): string {
  return join(dir, "data", id);
}
