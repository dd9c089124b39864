import type { IncomingMessage } from "node:http";
import { uriDecode, utf8 } from "./encoding.ts";
import { S3Error } from "./errors.ts";

/** Longest key in bytes of UTF-8 (https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html). */
const MAX_KEY_BYTES = 1024;

/** The parts of a request that its signature covers, and what it addresses. */
export interface S3Request {
  method: string;
  /** As sent, before `?`, still percent-encoded. */
  rawPath: string;
  /** Decoded, in the order sent. */
  query: readonly (readonly [name: Buffer, value: Buffer])[];
  /** The same as text, last one wins; for reading parameters. */
  params: ReadonlyMap<string, string>;
  /** Lower-case names; values as Node gives them, one character a byte. */
  headers: ReadonlyMap<string, readonly string[]>;
  /** Undefined for `/`. */
  bucket: string | undefined;
  /** Undefined where the bucket itself is addressed. */
  key: string | undefined;
}

/**
 * Reads method, target and headers. Path-style (`/bucket/key`), or virtual-hosted where Host is `<bucket>.…`.
 * The path is never normalized: `..`, `.` and `//` are parts of keys.
 * @throws S3Error InvalidURI, KeyTooLongError
 */
export function readRequest(message: IncomingMessage, buckets: Iterable<string>): S3Request {
  const target = message.url ?? "";
  if (!target.startsWith("/")) throw new S3Error("InvalidURI", "Couldn't parse the specified URI.");
  const mark = target.indexOf("?");
  const rawPath = mark < 0 ? target : target.slice(0, mark);
  const query = mark < 0 ? [] : readQuery(target.slice(mark + 1));
  const headers = new Map<string, readonly string[]>();
  for (const [name, values] of Object.entries(message.headersDistinct)) if (values) headers.set(name, values);
  return {
    method: message.method ?? "",
    rawPath,
    query,
    params: new Map(query.map(([name, value]) => [utf8(name), utf8(value)])),
    headers,
    ...address(rawPath, message.headers.host, buckets),
  };
}

/**
 * The header's value; values of a repeated header joined as RFC 9110 section 5.3 says. In a presigned URL,
 * `x-amz-*` parameters stand for headers.
 */
export function header(request: S3Request, name: string): string | undefined {
  const value = request.headers.get(name)?.join(",").trim();
  if (value !== undefined || !name.startsWith("x-amz-") || !isPresigned(request)) return value;
  return request.params.get(name);
}

/** Names of all `x-amz-*` headers, those in a presigned URL's query too. */
export function amzHeaders(request: S3Request): string[] {
  const names = isPresigned(request)
    ? [...request.headers.keys(), ...request.params.keys()]
    : [...request.headers.keys()];
  return [...new Set(names)].filter((name) => name.startsWith("x-amz-"));
}

export function isPresigned(request: S3Request): boolean {
  return request.params.has("X-Amz-Signature");
}

/** In a query, `+` is a blank. */
function readQuery(text: string): [Buffer, Buffer][] {
  return text
    .split("&")
    .filter((part) => part !== "")
    .map((part) => {
      const [name = "", ...value] = part.replaceAll("+", "%20").split("=");
      return [uriDecode(name), uriDecode(value.join("="))];
    });
}

function address(rawPath: string, host: string | undefined, buckets: Iterable<string>) {
  const path = rawPath.slice(1);
  const virtual = virtualBucket(host, buckets);
  if (virtual !== undefined) return { bucket: virtual, key: readKey(path) };
  const slash = path.indexOf("/");
  const bucket = utf8(uriDecode(slash < 0 ? path : path.slice(0, slash)));
  return {
    bucket: bucket === "" ? undefined : bucket,
    key: slash < 0 ? undefined : readKey(path.slice(slash + 1)),
  };
}

function virtualBucket(host: string | undefined, buckets: Iterable<string>): string | undefined {
  if (host === undefined) return undefined;
  for (const bucket of buckets) if (host.startsWith(`${bucket}.`)) return bucket;
  return undefined;
}

function readKey(encoded: string): string | undefined {
  const bytes = uriDecode(encoded);
  if (bytes.length === 0) return undefined;
  if (bytes.length > MAX_KEY_BYTES) {
    throw new S3Error("KeyTooLongError", "Your key is too long", {
      Size: String(bytes.length),
      MaxSizeAllowed: String(MAX_KEY_BYTES),
    });
  }
  return utf8(bytes);
}
