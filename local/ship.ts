import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { basename } from "node:path";
import { pipeline } from "node:stream/promises";
import type { EpochSeconds } from "../functions/parse/event.ts";
import { type Bucket, metadataOf, putObject } from "../functions/store/objects.ts";

export interface FileToShip {
  path: string;
  size: number;
  mtime: EpochSeconds;
}

/** How a host's log is put where it is told of its time zone. */
export interface ShipAs {
  host: string;
  /** IANA name of the zone that times without one are in. */
  timeZone: string;
}

const MOST_BYTES = 5 * 2 ** 30;

/** S3 takes 5 GiB at most in one put. */
export class FileTooLargeError extends Error {
  override name = "FileTooLargeError";
}

/**
 * Puts a whole log into the logs bucket as it is, under a key that its content makes: shipped again it is there
 * already. Returns the key.
 * @throws FileTooLargeError, and what reading the file fails with
 */
export async function shipFile(logs: Bucket, file: FileToShip, { host, timeZone }: ShipAs): Promise<string> {
  if (file.size > MOST_BYTES) throw new FileTooLargeError("is larger than 5 GiB: split it at line ends");
  const name = basename(file.path);
  const key = `${host}/${(await hashOf(file.path)).slice(0, 16)}-${name}`;
  // asked first: a refusal of the put would come in the middle of the stream
  if ((await metadataOf(logs, key)) !== undefined) return key;
  await putObject(logs, key, createReadStream(file.path, { end: file.size - 1 }), {
    length: file.size,
    condition: { ifNoneMatch: "*" },
    metadata: {
      "log-name": encodeURIComponent(name),
      "log-mtime": String(file.mtime),
      "time-zone": timeZone,
    },
  });
  return key;
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path, { highWaterMark: 1024 * 1024 }), hash);
  return hash.digest("hex");
}
