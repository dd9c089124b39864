import { timingSafeEqual } from "node:crypto";
import type { AccessKey } from "./access.ts";
import { type Authorization, readAuthorization } from "./authorization.ts";
import { S3Error } from "./errors.ts";
import { type Payload, readPayload } from "./payload.ts";
import type { S3Request } from "./request.ts";
import { canonicalRequest, requestStringToSign, type Scope, sign, signingKey } from "./signature.ts";

/** How far a client's clock may be off, in seconds: 15 minutes. */
const MAX_SKEW = 900;

/** Where the signatures of an aws-chunked body begin. */
export interface Chain {
  key: Buffer;
  scope: Scope;
  time: string;
  /** The request's own signature. */
  seed: string;
}

/** Who asks, and what was signed of the body. */
export interface Caller {
  key: AccessKey;
  payload: Payload;
  chain: Chain;
}

export interface Trust {
  keys: readonly AccessKey[];
  region: string;
  /** UTC epoch seconds. */
  now: number;
}

/**
 * Verifies the signature of the request's head; the body is checked against `payload` when it is read.
 * @throws S3Error AccessDenied, AuthorizationHeaderMalformed, InvalidAccessKeyId, InvalidArgument,
 *   InvalidRequest, RequestTimeTooSkewed, SignatureDoesNotMatch
 */
export function authenticate(request: S3Request, trust: Trust): Caller {
  const authorization = readAuthorization(request);
  checkScope(authorization, trust.region);
  checkTime(authorization, trust.now);
  const key = trust.keys.find(({ id }) => id === authorization.keyId);
  if (!key) {
    throw new S3Error(
      "InvalidAccessKeyId",
      "The AWS Access Key Id you provided does not exist in our records.",
      {
        AWSAccessKeyId: authorization.keyId,
      },
    );
  }
  checkSignedHeaders(request, authorization);
  const payload = readPayload(request, authorization.expires !== undefined);
  return { key, payload, chain: checkSignature(request, authorization, key.secret, payload.declared) };
}

/** Compares two signatures in hex in constant time. */
export function sameSignature(given: string, computed: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(computed)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function checkSignature(
  request: S3Request,
  given: Authorization,
  secret: string,
  payloadHash: string,
): Chain {
  const query = request.query.filter(([name]) => name.toString("latin1") !== "X-Amz-Signature");
  const canonical = canonicalRequest({ ...request, query }, given.signedHeaders, payloadHash);
  const stringToSign = requestStringToSign(given.time, given.scope, canonical);
  const key = signingKey(secret, given.scope);
  if (!sameSignature(given.signature, sign(key, stringToSign))) {
    throw new S3Error(
      "SignatureDoesNotMatch",
      "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
      // as S3 does: whoever debugs a client compares these with its own
      { AWSAccessKeyId: given.keyId, StringToSign: stringToSign, CanonicalRequest: canonical },
    );
  }
  return { key, scope: given.scope, time: given.time, seed: given.signature };
}

function checkScope({ scope, service, time, expires }: Authorization, region: string): void {
  const code = expires === undefined ? "AuthorizationHeaderMalformed" : "AuthorizationQueryParametersError";
  const wrong = (problem: string, details = {}) =>
    new S3Error(code, `The credential is malformed; ${problem}.`, details);
  if (service !== "s3") throw wrong(`incorrect service "${service}", this endpoint belongs to "s3"`);
  if (scope.region !== region) {
    throw wrong(`the region '${scope.region}' is wrong; expecting '${region}'`, { Region: region });
  }
  if (scope.date !== time.slice(0, 8)) throw wrong("its date is not the date of X-Amz-Date");
}

function checkTime({ at, expires }: Authorization, now: number): void {
  if (expires === undefined) {
    if (Math.abs(now - at) <= MAX_SKEW) return;
    throw new S3Error(
      "RequestTimeTooSkewed",
      "The difference between the request time and the current time is too large.",
      {
        RequestTime: isoTime(at),
        ServerTime: isoTime(now),
        MaxAllowedSkewMilliseconds: String(MAX_SKEW * 1000),
      },
    );
  }
  if (at > now + MAX_SKEW) throw new S3Error("AccessDenied", "Request is not yet valid");
  if (now > at + expires) {
    throw new S3Error("AccessDenied", "Request has expired", {
      Expires: isoTime(at + expires),
      ServerTime: isoTime(now),
    });
  }
}

/** Host and all x-amz-* headers must be signed: nobody on the way may add or change one. */
function checkSignedHeaders(request: S3Request, { signedHeaders }: Authorization): void {
  const needed = [...request.headers.keys()].filter((name) => name === "host" || name.startsWith("x-amz-"));
  const missing = needed.filter((name) => !signedHeaders.includes(name));
  if (missing.length > 0) {
    throw new S3Error("AccessDenied", "There were headers present in the request which were not signed", {
      HeadersNotSigned: missing.join(", "),
    });
  }
  if (!signedHeaders.includes("host"))
    throw new S3Error("AccessDenied", "Access Denied: the host header is not signed.");
}

function isoTime(at: number): string {
  return new Date(at * 1000).toISOString();
}
