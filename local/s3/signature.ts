/**
 * Signature Version 4 as S3 uses it: the path is encoded once and not normalized
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html,
 * …/sigv4-query-string-auth.html, …/sigv4-streaming.html, …/sigv4-streaming-trailers.html).
 */
import { createHash, createHmac } from "node:crypto";
import { uriDecode, uriEncode } from "./encoding.ts";
import type { S3Request } from "./request.ts";

export const EMPTY_SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/** What a signing key is bound to: `20130524`, `us-east-1`; the service is always s3. */
export interface Scope {
  date: string;
  region: string;
}

export type SignedRequest = Pick<S3Request, "method" | "rawPath" | "query" | "headers">;

/** The canonical request; every character stands for one byte, since header values come as bytes. */
export function canonicalRequest(
  request: SignedRequest,
  signedHeaders: string[],
  payloadHash: string,
): string {
  return [
    request.method,
    uriEncode(uriDecode(request.rawPath), true),
    canonicalQuery(request.query),
    ...signedHeaders.map((name) => `${name}:${canonicalValue(request.headers.get(name) ?? [])}`),
    "",
    signedHeaders.join(";"),
    payloadHash,
  ].join("\n");
}

/** `time` is the request's, `20130524T000000Z`. */
export function requestStringToSign(time: string, scope: Scope, canonical: string): string {
  const hash = createHash("sha256").update(canonical, "latin1").digest("hex");
  return ["AWS4-HMAC-SHA256", time, scopeText(scope), hash].join("\n");
}

/** What a chunk of an aws-chunked body signs; each depends on the one before, the first on the request's. */
export function chunkStringToSign(time: string, scope: Scope, previous: string, sha256: string): string {
  return ["AWS4-HMAC-SHA256-PAYLOAD", time, scopeText(scope), previous, EMPTY_SHA256, sha256].join("\n");
}

/** What the trailers sign; `trailers` is `name:value\n` for each. */
export function trailerStringToSign(time: string, scope: Scope, previous: string, trailers: string): string {
  const hash = createHash("sha256").update(trailers, "latin1").digest("hex");
  return ["AWS4-HMAC-SHA256-TRAILER", time, scopeText(scope), previous, hash].join("\n");
}

/** The key derived for one day, region and service. */
export function signingKey(secret: string, scope: Scope): Buffer {
  return [scope.date, scope.region, "s3", "aws4_request"].reduce<Buffer>(
    (key, part) => createHmac("sha256", key).update(part).digest(),
    Buffer.from(`AWS4${secret}`),
  );
}

/** Lower-case hex. */
export function sign(key: Buffer, stringToSign: string): string {
  return createHmac("sha256", key).update(stringToSign, "latin1").digest("hex");
}

function scopeText(scope: Scope): string {
  return `${scope.date}/${scope.region}/s3/aws4_request`;
}

function canonicalQuery(query: SignedRequest["query"]): string {
  const pairs = query.map(([name, value]) => [uriEncode(name), uriEncode(value)] as const);
  pairs.sort(([nameA, valueA], [nameB, valueB]) => compare(nameA, nameB) || compare(valueA, valueB));
  return pairs.map(([name, value]) => `${name}=${value}`).join("&");
}

/** Blanks around go, runs of blanks become one. */
function canonicalValue(values: readonly string[]): string {
  return values.map((value) => value.replace(/[ \t]+/g, " ").trim()).join(",");
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
