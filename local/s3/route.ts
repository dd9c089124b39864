import { completeUpload } from "./complete.ts";
import type { Operation } from "./context.ts";
import { deleteObject, deleteObjects } from "./delete.ts";
import { S3Error } from "./errors.ts";
import { get, head, OVERRIDES } from "./get.ts";
import { headBucket } from "./head-bucket.ts";
import { listObjects } from "./list-objects.ts";
import { listParts, listUploads } from "./list-uploads.ts";
import { abortUpload, createUpload, uploadPart } from "./multipart.ts";
import { put } from "./put.ts";
import { amzHeaders, header, isPresigned, type S3Request } from "./request.ts";

interface Route {
  method: string;
  on: "bucket" | "key";
  /** Query parameters that make it this operation. */
  needs: string[];
  /** Those that it may have besides. */
  takes: string[];
  run: Operation;
}

const LISTING = [
  "prefix",
  "delimiter",
  "max-keys",
  "continuation-token",
  "start-after",
  "encoding-type",
  "fetch-owner",
];

const ROUTES: Route[] = [
  { method: "PUT", on: "key", needs: [], takes: [], run: put },
  { method: "GET", on: "key", needs: [], takes: OVERRIDES, run: get },
  { method: "HEAD", on: "key", needs: [], takes: OVERRIDES, run: head },
  { method: "DELETE", on: "key", needs: [], takes: [], run: deleteObject },
  { method: "POST", on: "key", needs: ["uploads"], takes: [], run: createUpload },
  { method: "PUT", on: "key", needs: ["partNumber", "uploadId"], takes: [], run: uploadPart },
  { method: "POST", on: "key", needs: ["uploadId"], takes: [], run: completeUpload },
  { method: "DELETE", on: "key", needs: ["uploadId"], takes: [], run: abortUpload },
  {
    method: "GET",
    on: "key",
    needs: ["uploadId"],
    takes: ["max-parts", "part-number-marker"],
    run: listParts,
  },
  { method: "GET", on: "bucket", needs: ["list-type"], takes: LISTING, run: listObjects },
  { method: "GET", on: "bucket", needs: ["uploads"], takes: ["prefix", "encoding-type"], run: listUploads },
  { method: "HEAD", on: "bucket", needs: [], takes: [], run: headBucket },
  { method: "POST", on: "bucket", needs: ["delete"], takes: [], run: deleteObjects },
];

/** Headers that may be there with any value; the others must have the value that is done here anyway. */
const KNOWN_HEADER =
  /^x-amz-(?:date|content-sha256|decoded-content-length|trailer|user-agent|meta-.*|checksum-.*|sdk-checksum-algorithm)$/;
const KNOWN_VALUES: Record<string, string> = { "x-amz-acl": "private", "x-amz-storage-class": "STANDARD" };

/**
 * The operation that a request asks for. A strict server refuses what it does not do, instead of ignoring it.
 * @throws S3Error NotImplemented, MethodNotAllowed
 */
export function route(request: S3Request): Operation {
  checkHeaders(request);
  const on = request.key === undefined ? "bucket" : "key";
  const candidates = ROUTES.filter((candidate) => candidate.method === request.method && candidate.on === on);
  if (candidates.length === 0) {
    throw new S3Error("MethodNotAllowed", "The specified method is not allowed against this resource.", {
      Method: request.method,
      ResourceType: on === "key" ? "OBJECT" : "BUCKET",
    });
  }
  const params = [...request.params.keys()].filter((name) => !isAside(request, name));
  const found = candidates.find(
    ({ needs, takes }) =>
      needs.every((name) => params.includes(name)) &&
      params.every((name) => needs.includes(name) || takes.includes(name)),
  );
  if (found && (request.params.get("list-type") ?? "2") === "2") return found.run;
  throw notImplemented(`query parameters ${params.join(", ") || "(none)"} of ${request.method} on a ${on}`);
}

/**
 * Parameters that choose no operation: `x-id`, the SDK's name for it, and in presigned URLs the signature's and those
 * that stand for headers, which are checked as headers.
 */
function isAside(request: S3Request, name: string): boolean {
  return name === "x-id" || (isPresigned(request) && name.toLowerCase().startsWith("x-amz-"));
}

function checkHeaders(request: S3Request): void {
  if (header(request, "x-amz-security-token") !== undefined || request.params.has("X-Amz-Security-Token")) {
    throw new S3Error(
      "InvalidToken",
      "The provided token is malformed or otherwise invalid: this server has no sessions.",
    );
  }
  for (const name of amzHeaders(request)) {
    if (!KNOWN_HEADER.test(name) && header(request, name) !== KNOWN_VALUES[name])
      throw notImplemented(`header ${name}`);
  }
}

function notImplemented(what: string): S3Error {
  return new S3Error(
    "NotImplemented",
    `A header or parameter you provided implies functionality that is not implemented: ${what}.`,
  );
}
