/**
 * Content coding aws-chunked: `<hex size>[;chunk-signature=<hex>]\r\n<data>\r\n`, a last chunk of size 0,
 * then trailers and an empty line
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html, …/sigv4-streaming-trailers.html).
 */
import { createHash } from "node:crypto";
import { type Chain, sameSignature } from "./authenticate.ts";
import { type ByteReader, readBytes } from "./bytes.ts";
import { S3Error } from "./errors.ts";
import { chunkStringToSign, sign, trailerStringToSign } from "./signature.ts";

/** Longest chunk header or trailer line in bytes. */
const MAX_LINE = 1024;
const MAX_TRAILERS = 8;
/** "Only the last chunk is allowed to have a size less than 8192 bytes". */
const MIN_CHUNK = 8192;

export interface Chunking {
  /** Undefined where chunks carry no signatures. */
  chain: Chain | undefined;
  /** Whether trailers follow the last chunk. */
  trailer: boolean;
  /** Header x-amz-decoded-content-length. */
  decodedLength: number;
}

/**
 * The data in the chunks, verified chunk by chunk: what was yielded counts only once the generator has ended.
 * Trailers, if any, are then in `trailers` (lower-case names).
 * @throws S3Error IncompleteBody, InvalidChunkSizeError, InvalidRequest, MalformedTrailerError, SignatureDoesNotMatch
 */
export async function* decodeChunks(
  source: AsyncIterable<Uint8Array>,
  chunking: Chunking,
  trailers: Map<string, string>,
): AsyncGenerator<Uint8Array> {
  const reader = readBytes(source);
  let previous = chunking.chain?.seed ?? "";
  let left = chunking.decodedLength;
  let short = false;
  while (true) {
    const { size, signature } = readChunkHeader(await line(reader));
    if (size > left) throw incomplete(`the chunks hold more than x-amz-decoded-content-length says`);
    if (size > 0 && short) {
      throw new S3Error(
        "InvalidChunkSizeError",
        "Only the last chunk is allowed to have a size less than 8192 bytes",
      );
    }
    const hash = createHash("sha256");
    for await (const data of reader.take(size)) {
      if (chunking.chain) hash.update(data);
      yield data;
    }
    previous = verifyChunk(chunking.chain, previous, hash.digest("hex"), signature);
    left -= size;
    short = size < MIN_CHUNK;
    if (size === 0) break;
    if ((await line(reader)) !== "") throw incomplete("a chunk is longer than its header says");
  }
  if (left > 0) throw incomplete("the chunks hold less than x-amz-decoded-content-length says");
  await readTrailers(reader, chunking, previous, trailers);
  if (!(await reader.atEnd())) throw incomplete("there are bytes after the last chunk");
}

async function readTrailers(
  reader: ByteReader,
  { chain, trailer }: Chunking,
  previous: string,
  trailers: Map<string, string>,
): Promise<void> {
  let signed = "";
  let signature: string | undefined;
  for (let count = 0; ; count++) {
    const text = await line(reader);
    if (text === "") break;
    const [, name, value] = /^([A-Za-z0-9-]+):[ \t]*(.*?)[ \t]*$/.exec(text) ?? [];
    if (!trailer || name === undefined || value === undefined || count === MAX_TRAILERS)
      throw malformedTrailer();
    if (name.toLowerCase() === "x-amz-trailer-signature") {
      signature = value;
      continue;
    }
    trailers.set(name.toLowerCase(), value);
    signed += `${name.toLowerCase()}:${value}\n`;
  }
  if (!chain || !trailer) return;
  const computed = sign(chain.key, trailerStringToSign(chain.time, chain.scope, previous, signed));
  if (signature === undefined) throw malformedTrailer();
  if (!sameSignature(signature, computed)) throw wrongSignature("trailer");
}

function readChunkHeader(text: string): { size: number; signature: string | undefined } {
  const match = /^([0-9A-Fa-f]{1,10})(?:;chunk-signature=([0-9a-f]{64}))?$/.exec(text);
  if (!match) throw incomplete("a chunk header cannot be read");
  return { size: Number.parseInt(match[1]!, 16), signature: match[2] };
}

function verifyChunk(
  chain: Chain | undefined,
  previous: string,
  sha256: string,
  given: string | undefined,
): string {
  if (!chain) return "";
  const computed = sign(chain.key, chunkStringToSign(chain.time, chain.scope, previous, sha256));
  if (given === undefined || !sameSignature(given, computed)) throw wrongSignature("chunk");
  return computed;
}

async function line(reader: ByteReader): Promise<string> {
  const text = await reader.line(MAX_LINE);
  if (text === undefined)
    throw incomplete("the body ends, or a line does not, where a chunk header should be");
  return text;
}

function incomplete(problem: string): S3Error {
  return new S3Error("IncompleteBody", `The request body is not valid aws-chunked: ${problem}.`);
}

function malformedTrailer(): S3Error {
  return new S3Error(
    "MalformedTrailerError",
    "The request contained trailing data that was not well-formed or did not conform to our published schema.",
  );
}

function wrongSignature(part: string): S3Error {
  return new S3Error(
    "SignatureDoesNotMatch",
    `The signature of a ${part} does not match; check your key and signing method.`,
  );
}
