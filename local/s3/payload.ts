import { S3Error } from "./errors.ts";
import { header, type S3Request } from "./request.ts";

/** What header x-amz-content-sha256 promises of the body. */
export type Payload =
  | { kind: "hash"; declared: string }
  | { kind: "unsigned"; declared: string }
  | { kind: "chunks"; declared: string; signed: boolean; trailer: boolean };

const CHUNKED = new Map([
  ["STREAMING-AWS4-HMAC-SHA256-PAYLOAD", { signed: true, trailer: false }],
  ["STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER", { signed: true, trailer: true }],
  ["STREAMING-UNSIGNED-PAYLOAD-TRAILER", { signed: false, trailer: true }],
]);

/**
 * The values of https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-auth-using-authorization-header.html;
 * a presigned URL signs UNSIGNED-PAYLOAD unless it names another value.
 * @throws S3Error InvalidRequest where the header is missing, InvalidArgument where it is none of these values
 */
export function readPayload(request: S3Request, presigned: boolean): Payload {
  const inQuery = presigned ? request.params.get("X-Amz-Content-Sha256") : undefined;
  const declared =
    header(request, "x-amz-content-sha256") ?? inQuery ?? (presigned ? "UNSIGNED-PAYLOAD" : undefined);
  if (declared === undefined) {
    throw new S3Error("InvalidRequest", "Missing required header for this request: x-amz-content-sha256");
  }
  if (declared === "UNSIGNED-PAYLOAD") return { kind: "unsigned", declared };
  const chunked = CHUNKED.get(declared);
  if (chunked) return { kind: "chunks", declared, ...chunked };
  if (/^[0-9a-f]{64}$/.test(declared)) return { kind: "hash", declared };
  const known = ["UNSIGNED-PAYLOAD", ...CHUNKED.keys()].join(", ");
  throw new S3Error("InvalidArgument", `x-amz-content-sha256 must be ${known}, or a valid sha256 value.`, {
    ArgumentName: "x-amz-content-sha256",
    ArgumentValue: declared,
  });
}
