import type { Caller } from "./authenticate.ts";
import type { StoredChecksum } from "./bucket.ts";
import { startChecksum } from "./checksum.ts";
import { decodeChunks } from "./chunked.ts";
import { S3Error } from "./errors.ts";
import { badDigest, checkChecksum, readBase64, readChecksum } from "./promised.ts";
import { header, type S3Request } from "./request.ts";
import { EMPTY_SHA256 } from "./signature.ts";

/** Largest object in one request: 5 GiB, as on S3. */
const MAX_SIZE = 5 * 1024 ** 3;

/** A request's body as it arrives. What was read is worth something only once `data` has ended without an error. */
export interface Body {
  data: AsyncIterable<Uint8Array>;
  /** Of the whole body, after `data` has ended. */
  verified(): Verified;
}

export interface Verified {
  /** MD5 in hex. */
  etag: string;
  checksum: StoredChecksum | undefined;
}

/**
 * Sets up reading a body: aws-chunked is decoded, and all that the request promised is checked: its length,
 * x-amz-content-sha256, Content-MD5 and one x-amz-checksum-* header or trailer. Constant memory.
 * @throws S3Error at once MissingContentLength, EntityTooLarge, InvalidDigest, InvalidRequest; from `data`
 *   BadDigest, IncompleteBody, XAmzContentSHA256Mismatch and those of `decodeChunks`
 */
export function receive(request: S3Request, caller: Caller, source: AsyncIterable<Uint8Array>): Body {
  checkLength(request, caller);
  const expected = readExpectedMd5(request);
  const promise = readChecksum(request, caller);
  const trailers = new Map<string, string>();
  const md5 = startChecksum("md5");
  const sha256 = caller.payload.kind === "hash" ? startChecksum("sha256") : undefined;
  const running = promise && startChecksum(promise.name);
  let result: Verified | undefined;

  async function* read(): AsyncGenerator<Uint8Array> {
    for await (const bytes of decoded(request, caller, source, trailers)) {
      md5.update(bytes);
      sha256?.update(bytes);
      running?.update(bytes);
      yield bytes;
    }
    const etag = md5.digest();
    if (expected && !expected.equals(etag)) throw badDigest("Content-MD5");
    if (sha256) checkSha256(sha256.digest().toString("hex"), caller.payload.declared);
    result = {
      etag: etag.toString("hex"),
      checksum: checkChecksum(promise, running, trailers),
    };
  }
  return { data: read(), verified: () => result ?? fail() };
}

/**
 * Requests whose operation takes no body must not have signed one.
 * @throws S3Error XAmzContentSHA256Mismatch
 */
export function checkNoBody(request: S3Request, caller: Caller): void {
  const length = header(request, "content-length") ?? "0";
  if (caller.payload.kind === "hash" && length === "0") checkSha256(EMPTY_SHA256, caller.payload.declared);
}

/** A small body as text, for XML. @throws S3Error EntityTooLarge beyond `max` bytes */
export async function readText(body: Body, max: number): Promise<string> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of body.data) {
    size += piece.byteLength;
    if (size > max)
      throw new S3Error("EntityTooLarge", "Your request body is larger than this request may have");
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString("utf8");
}

function decoded(
  request: S3Request,
  { payload, chain }: Caller,
  source: AsyncIterable<Uint8Array>,
  trailers: Map<string, string>,
): AsyncIterable<Uint8Array> {
  if (payload.kind !== "chunks") return source;
  const decodedLength = Number(header(request, "x-amz-decoded-content-length"));
  return decodeChunks(
    source,
    { chain: payload.signed ? chain : undefined, trailer: payload.trailer, decodedLength },
    trailers,
  );
}

/** The length must be told before the body comes, by Content-Length or, in chunks, x-amz-decoded-content-length. */
function checkLength(request: S3Request, { payload }: Caller): void {
  const name = payload.kind === "chunks" ? "x-amz-decoded-content-length" : "content-length";
  const length = header(request, name);
  if (length === undefined || !/^\d{1,15}$/.test(length)) {
    throw new S3Error("MissingContentLength", "You must provide the Content-Length HTTP header.", {
      Header: name,
    });
  }
  if (Number(length) > MAX_SIZE) {
    throw new S3Error("EntityTooLarge", "Your proposed upload exceeds the maximum allowed size", {
      ProposedSize: length,
      MaxSizeAllowed: String(MAX_SIZE),
    });
  }
}

function readExpectedMd5(request: S3Request): Buffer | undefined {
  const text = header(request, "content-md5");
  if (text === undefined) return undefined;
  const bytes = readBase64(text, 16);
  if (!bytes)
    throw new S3Error("InvalidDigest", "The Content-MD5 you specified was invalid.", { "Content-MD5": text });
  return bytes;
}

function checkSha256(computed: string, declared: string): void {
  if (computed === declared) return;
  throw new S3Error(
    "XAmzContentSHA256Mismatch",
    "The provided 'x-amz-content-sha256' header does not match what was computed.",
    { ClientComputedContentSHA256: declared, S3ComputedContentSHA256: computed },
  );
}

function fail(): never {
  throw new Error("the body was asked for its checksums before it was read to the end");
}
