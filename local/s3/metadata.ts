import { S3Error } from "./errors.ts";
import { decodeWords, encodeWord } from "./mime.ts";
import { amzHeaders, header, type S3Request } from "./request.ts";

/** Most bytes of all names and values of user metadata together. */
const MAX_METADATA = 2048;
const PREFIX = "x-amz-meta-";
const KEPT = [
  "cache-control",
  "content-disposition",
  "content-encoding",
  "content-language",
  "content-type",
  "expires",
];

/** What is kept of the headers of a write and given back on reads. */
export interface Described {
  /** Lower-case names, values as sent (one character a byte). */
  headers: Record<string, string>;
  /** User metadata without `x-amz-meta-`, as text. */
  metadata: Record<string, string>;
}

/**
 * Reads content headers and user metadata. Values beyond ASCII are taken as UTF-8 or RFC 2047 words
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html).
 * @throws S3Error MetadataTooLarge, InvalidArgument
 */
export function readDescription(request: S3Request): Described {
  const headers: Record<string, string> = {};
  for (const name of KEPT) {
    const value = name === "content-encoding" ? contentEncoding(request) : header(request, name);
    if (value !== undefined && value !== "") headers[name] = value;
  }
  return { headers: { "content-type": "binary/octet-stream", ...headers }, metadata: readMetadata(request) };
}

/** The same as response headers; names in lower case. */
export function describe({ headers, metadata }: Described): Record<string, string> {
  const user = Object.entries(metadata).map(([name, value]) => [PREFIX + name, encodeWord(value)]);
  return { ...headers, ...Object.fromEntries(user) };
}

function readMetadata(request: S3Request): Record<string, string> {
  const names = amzHeaders(request).filter((name) => name.startsWith(PREFIX));
  // a presigned URL's query can hold names that no header can
  const wrong = names.find((name) => !/^[a-z0-9!#$%&'*+.^_`|~-]+$/.test(name));
  if (wrong !== undefined)
    throw new S3Error("InvalidArgument", "Metadata names must be header names", { Name: wrong });
  const metadata = names.map((name) => [name.slice(PREFIX.length), asText(header(request, name)!)] as const);
  const size = metadata.reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value),
    0,
  );
  if (size > MAX_METADATA) {
    throw new S3Error("MetadataTooLarge", "Your metadata headers exceed the maximum allowed metadata size", {
      Size: String(size),
      MaxSizeAllowed: String(MAX_METADATA),
    });
  }
  return Object.fromEntries(metadata);
}

/** Bytes that are no UTF-8 are Latin-1. */
function asText(value: string): string {
  const bytes = Buffer.from(value, "latin1");
  const text = bytes.toString("utf8");
  return decodeWords(Buffer.from(text).equals(bytes) ? text : value);
}

/** aws-chunked is how the request travelled, not what the object is. */
function contentEncoding(request: S3Request): string | undefined {
  const codings = header(request, "content-encoding")
    ?.split(",")
    .map((coding) => coding.trim());
  return codings?.filter((coding) => coding.toLowerCase() !== "aws-chunked").join(",");
}
