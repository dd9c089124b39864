import { S3Error } from "./errors.ts";
import { header, isPresigned, type S3Request } from "./request.ts";
import type { Scope } from "./signature.ts";

const ALGORITHM = "AWS4-HMAC-SHA256";
/** Longest life of a presigned URL, in seconds: seven days. */
const MAX_EXPIRES = 604_800;

/** What a request says of its own signature; nothing of it is verified yet. */
export interface Authorization {
  keyId: string;
  scope: Scope;
  service: string;
  /** As sent, `20130524T000000Z`. */
  time: string;
  /** The same as UTC epoch seconds. */
  at: number;
  signedHeaders: string[];
  signature: string;
  /** Seconds that a presigned URL lives; undefined for a signature in the header. */
  expires: number | undefined;
}

/**
 * Reads the `Authorization` header or the `X-Amz-*` parameters of a presigned URL.
 * @throws S3Error AccessDenied where there is no signature at all, AuthorizationHeaderMalformed or
 *   AuthorizationQueryParametersError where it cannot be read
 */
export function readAuthorization(request: S3Request): Authorization {
  const inHeader = header(request, "authorization");
  const inQuery = isPresigned(request) || request.params.has("X-Amz-Algorithm");
  if (inHeader !== undefined && inQuery) {
    throw new S3Error("InvalidArgument", "Only one auth mechanism allowed.");
  }
  if (inHeader !== undefined) return fromHeader(inHeader, header(request, "x-amz-date"));
  if (inQuery) return fromQuery(request.params);
  throw new S3Error("AccessDenied", "Access Denied: the request is not signed.");
}

function fromHeader(value: string, time: string | undefined): Authorization {
  const malformed = (problem: string) =>
    new S3Error("AuthorizationHeaderMalformed", `The authorization header is malformed; ${problem}.`);
  const match = /^AWS4-HMAC-SHA256\s+(.*)$/.exec(value);
  if (!match) throw malformed(`it does not begin with ${ALGORITHM}`);
  const fields = new Map(match[1]!.split(",").map((part) => split(part.trim(), "=")));
  if (time === undefined) {
    throw new S3Error("AccessDenied", "AWS authentication requires a valid Date or x-amz-date header");
  }
  return {
    ...readCredential(fields.get("Credential"), malformed),
    ...readTime(time, malformed),
    signedHeaders: readSignedHeaders(fields.get("SignedHeaders"), malformed),
    signature: readSignature(fields.get("Signature"), malformed),
    expires: undefined,
  };
}

function fromQuery(params: ReadonlyMap<string, string>): Authorization {
  const malformed = (problem: string) => new S3Error("AuthorizationQueryParametersError", `${problem}.`);
  if (params.get("X-Amz-Algorithm") !== ALGORITHM)
    throw malformed(`X-Amz-Algorithm only supports "${ALGORITHM}"`);
  const expires = params.get("X-Amz-Expires") ?? "";
  if (!/^\d{1,6}$/.test(expires) || Number(expires) < 1 || Number(expires) > MAX_EXPIRES) {
    throw malformed("X-Amz-Expires must be between 1 and 604800 seconds");
  }
  return {
    ...readCredential(params.get("X-Amz-Credential"), malformed),
    ...readTime(params.get("X-Amz-Date"), malformed),
    signedHeaders: readSignedHeaders(params.get("X-Amz-SignedHeaders"), malformed),
    signature: readSignature(params.get("X-Amz-Signature"), malformed),
    expires: Number(expires),
  };
}

type Malformed = (problem: string) => S3Error;

function readCredential(text: string | undefined, malformed: Malformed) {
  const [keyId, date, region, service, end, ...more] = text?.split("/") ?? [];
  if (!keyId || !date || !region || !service || end !== "aws4_request" || more.length > 0) {
    throw malformed('the Credential must be "<access key>/<date>/<region>/s3/aws4_request"');
  }
  return { keyId, scope: { date, region }, service };
}

function readTime(text: string | undefined, malformed: Malformed) {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text ?? "");
  const [time = "", year, month, day, hour, minute, second] = match ?? [];
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`) / 1000;
  if (Number.isNaN(at)) throw malformed("X-Amz-Date must be in the form 20130524T000000Z");
  return { time, at };
}

function readSignedHeaders(text: string | undefined, malformed: Malformed): string[] {
  const names = text?.split(";") ?? [];
  if (names.length === 0 || names.some((name) => !/^[a-z0-9!#$%&'*+.^_`|~-]+$/.test(name))) {
    throw malformed("SignedHeaders must be lower-case header names joined by semicolons");
  }
  return names;
}

function readSignature(text: string | undefined, malformed: Malformed): string {
  if (!/^[0-9a-f]{64}$/.test(text ?? "")) throw malformed("the Signature must be 64 lower-case hex digits");
  return text!;
}

function split(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}
