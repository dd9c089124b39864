import { createHash } from "node:crypto";
import { chunkStringToSign, sign, trailerStringToSign } from "../../local/s3/signature.ts";
import type { SignedHead } from "./raw.ts";

/** An aws-chunked body: chunks of these sizes (the last takes the rest), then trailers, then an empty line. */
export interface ChunkedBody {
  data: Buffer;
  /** At least 8192 each. */
  chunkSize: number;
  trailers?: Record<string, string>;
}

/** Without signatures, as STREAMING-UNSIGNED-PAYLOAD-TRAILER. */
export function unsignedChunks({ data, chunkSize, trailers = {} }: ChunkedBody): Buffer {
  const parts: (string | Buffer)[] = [];
  for (const chunk of slices(data, chunkSize)) parts.push(`${chunk.length.toString(16)}\r\n`, chunk, "\r\n");
  parts.push("0\r\n", ...lines(trailers), "\r\n");
  return join(parts);
}

/** With signatures, as STREAMING-AWS4-HMAC-SHA256-PAYLOAD or, with trailers, …-TRAILER. */
export function signedChunks({ data, chunkSize, trailers }: ChunkedBody, { chain }: SignedHead): Buffer {
  const parts: (string | Buffer)[] = [];
  let previous = chain.seed;
  for (const chunk of [...slices(data, chunkSize), Buffer.alloc(0)]) {
    const hash = createHash("sha256").update(chunk).digest("hex");
    previous = sign(chain.key, chunkStringToSign(chain.time, chain.scope, previous, hash));
    parts.push(`${chunk.length.toString(16)};chunk-signature=${previous}\r\n`, chunk);
    if (chunk.length > 0) parts.push("\r\n");
  }
  if (trailers) {
    const signed = Object.entries(trailers).map(([name, value]) => `${name}:${value}\n`);
    const signature = sign(
      chain.key,
      trailerStringToSign(chain.time, chain.scope, previous, signed.join("")),
    );
    parts.push(...lines(trailers), `x-amz-trailer-signature:${signature}\r\n`);
  }
  parts.push("\r\n");
  return join(parts);
}

function slices(data: Buffer, size: number): Buffer[] {
  const count = Math.ceil(data.length / size);
  return Array.from({ length: count }, (_, at) => data.subarray(at * size, (at + 1) * size));
}

function lines(trailers: Record<string, string>): string[] {
  return Object.entries(trailers).map(([name, value]) => `${name}:${value}\r\n`);
}

function join(parts: (string | Buffer)[]): Buffer {
  return Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part, "latin1") : part)));
}
