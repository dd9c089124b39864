import type { Caller } from "./authenticate.ts";
import type { StoredChecksum } from "./bucket.ts";
import { CHECKSUMS, type ChecksumName, checksumLength, isChecksumName, type Running } from "./checksum.ts";
import { S3Error } from "./errors.ts";
import { amzHeaders, header, type S3Request } from "./request.ts";

const CHECKSUM_HEADER = "x-amz-checksum-";
/** Headers of that prefix that do not carry a value to check. */
const NO_VALUE = new Set(["x-amz-checksum-mode", "x-amz-checksum-type", "x-amz-checksum-algorithm"]);

/** A checksum that the request announces: its value, or undefined where the value comes as a trailer. */
export interface Promised {
  name: ChecksumName;
  value: Buffer | undefined;
}

/**
 * The one checksum of a request, in a header or announced as trailer.
 * @throws S3Error InvalidRequest for several, for one that is not known here, for a value that is none
 */
export function readChecksum(request: S3Request, { payload }: Caller): Promised | undefined {
  const inHeaders = amzHeaders(request).filter(
    (name) => name.startsWith(CHECKSUM_HEADER) && !NO_VALUE.has(name),
  );
  const trailer = header(request, "x-amz-trailer")?.toLowerCase();
  const names = trailer === undefined ? inHeaders : [...inHeaders, trailer];
  if (names.length > 1) {
    throw new S3Error(
      "InvalidRequest",
      "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.",
    );
  }
  const name = names[0]?.slice(CHECKSUM_HEADER.length);
  if (name === undefined) return undefined;
  if (!isChecksumName(name))
    throw new S3Error("InvalidRequest", `Checksums known here are ${CHECKSUMS.join(", ")}.`);
  if (trailer === undefined) return { name, value: readValue(name, header(request, names[0]!) ?? "") };
  if (payload.kind === "chunks" && payload.trailer) return { name, value: undefined };
  throw new S3Error("InvalidRequest", "x-amz-trailer needs an x-amz-content-sha256 that ends in -TRAILER.");
}

/**
 * Holds what was promised against what came.
 * @throws S3Error BadDigest, MalformedTrailerError, InvalidRequest
 */
export function checkChecksum(
  promised: Promised | undefined,
  running: Running | undefined,
  trailers: ReadonlyMap<string, string>,
): StoredChecksum | undefined {
  const announced = promised && CHECKSUM_HEADER + promised.name;
  if ([...trailers.keys()].some((name) => name !== announced)) throw unannounced();
  if (!promised || !running) return undefined;
  const { name } = promised;
  const computed = running.digest();
  const inTrailer = trailers.get(CHECKSUM_HEADER + name);
  if (promised.value === undefined && inTrailer === undefined) {
    throw new S3Error(
      "MalformedTrailerError",
      `The trailer ${CHECKSUM_HEADER}${name} was announced but did not come.`,
    );
  }
  const value = promised.value ?? readValue(name, inTrailer ?? "");
  if (!value.equals(computed)) throw badDigest(name.toUpperCase());
  return { name, value: computed.toString("base64"), type: "FULL_OBJECT" };
}

function readValue(name: ChecksumName, text: string): Buffer {
  const bytes = readBase64(text, checksumLength(name));
  if (!bytes) throw new S3Error("InvalidRequest", `Value for ${CHECKSUM_HEADER}${name} header is invalid.`);
  return bytes;
}

/** Node skips what is no base64; writing it again shows whether there was any. */
export function readBase64(text: string, length: number): Buffer | undefined {
  const bytes = Buffer.from(text, "base64");
  return bytes.length === length && bytes.toString("base64") === text ? bytes : undefined;
}

function unannounced(): S3Error {
  return new S3Error("MalformedTrailerError", "A trailer came that header x-amz-trailer did not announce.");
}

export function badDigest(what: string): S3Error {
  return new S3Error("BadDigest", `The ${what} you specified did not match the calculated checksum.`);
}
