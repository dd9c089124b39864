import { S3Error } from "./errors.ts";
import { header, type S3Request } from "./request.ts";

/** What conditions are held against. */
export interface Current {
  etag: string;
  /** UTC epoch seconds. */
  modified: number;
}

/** `If-None-Match: *` or `If-Match: <etag>` of a write. */
export type WriteCondition = { kind: "absent" } | { kind: "etag"; etag: string } | undefined;

/**
 * Conditions of a write (https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html).
 * @throws S3Error NotImplemented for conditions that S3 does not know on writes
 */
export function readWriteCondition(request: S3Request): WriteCondition {
  const ifNoneMatch = header(request, "if-none-match");
  const ifMatch = header(request, "if-match");
  const dated = header(request, "if-modified-since") ?? header(request, "if-unmodified-since");
  const both = ifNoneMatch !== undefined && ifMatch !== undefined;
  if (dated !== undefined || both || ifMatch === "*" || (ifNoneMatch !== undefined && ifNoneMatch !== "*")) {
    throw new S3Error(
      "NotImplemented",
      "A header you provided implies functionality that is not implemented: writes know If-None-Match: * or If-Match: <ETag>.",
    );
  }
  if (ifNoneMatch !== undefined) return { kind: "absent" };
  if (ifMatch !== undefined) return { kind: "etag", etag: bare(ifMatch) };
  return undefined;
}

/**
 * Holds a write's condition against the object that is there now.
 * @throws S3Error PreconditionFailed, NoSuchKey (If-Match on nothing)
 */
export function checkWrite(condition: WriteCondition, current: Current | undefined, key: string): void {
  if (condition?.kind === "absent" && current) throw failed("If-None-Match");
  if (condition?.kind !== "etag") return;
  if (!current) throw new S3Error("NoSuchKey", "The specified key does not exist.", { Key: key });
  if (current.etag !== condition.etag) throw failed("If-Match");
}

/**
 * Conditions of a read in the order of RFC 9110 section 13.2.2: ETags win over dates.
 * @returns whether to answer 304 instead of the object
 * @throws S3Error PreconditionFailed
 */
export function isNotModified(request: S3Request, current: Current): boolean {
  const ifMatch = header(request, "if-match");
  const ifNoneMatch = header(request, "if-none-match");
  const unmodifiedSince = readDate(header(request, "if-unmodified-since"));
  const modifiedSince = readDate(header(request, "if-modified-since"));
  const modified = Math.floor(current.modified);
  if (ifMatch !== undefined) {
    if (!matches(ifMatch, current.etag)) throw failed("If-Match");
  } else if (unmodifiedSince !== undefined && modified > unmodifiedSince) {
    throw failed("If-Unmodified-Since");
  }
  if (ifNoneMatch !== undefined) return matches(ifNoneMatch, current.etag);
  return modifiedSince !== undefined && modified <= modifiedSince;
}

function matches(list: string, etag: string): boolean {
  return list.split(",").some((item) => item.trim() === "*" || bare(item) === etag);
}

/** S3 takes ETags with and without quotes. */
function bare(etag: string): string {
  return etag.trim().replace(/^(?:W\/)?"(.*)"$/, "$1");
}

/** An HTTP date as epoch seconds; one that cannot be read is no condition (RFC 9110 section 13.1.3). */
function readDate(text: string | undefined): number | undefined {
  const at = Date.parse(text ?? "");
  return Number.isNaN(at) ? undefined : at / 1000;
}

function failed(condition: string): S3Error {
  return new S3Error("PreconditionFailed", "At least one of the pre-conditions you specified did not hold", {
    Condition: condition,
  });
}
