import { describe, expect, test } from "vitest";
import { authenticate } from "../../local/s3/authenticate.ts";
import { S3Error } from "../../local/s3/errors.ts";
import type { S3Request } from "../../local/s3/request.ts";
import {
  canonicalRequest,
  chunkStringToSign,
  EMPTY_SHA256,
  requestStringToSign,
  sign,
  signingKey,
  trailerStringToSign,
} from "../../local/s3/signature.ts";

/**
 * The examples that AWS publishes, with their key, day and region:
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html, …/sigv4-query-string-auth.html,
 * …/sigv4-streaming.html, …/sigv4-streaming-trailers.html
 */
const KEY_ID = "AKIAIOSFODNN7EXAMPLE";
const SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
const TIME = "20130524T000000Z";
const AT = Date.parse("2013-05-24T00:00:00Z") / 1000;
const SCOPE = { date: "20130524", region: "us-east-1" };
const KEY = signingKey(SECRET, SCOPE);
const HOST = { host: "examplebucket.s3.amazonaws.com" };

interface Example {
  name: string;
  method: string;
  rawPath: string;
  query?: Record<string, string>;
  headers: Record<string, string>;
  payload: string;
  signature: string;
}

const examples: Example[] = [
  {
    name: "GET Object",
    method: "GET",
    rawPath: "/test.txt",
    headers: { ...HOST, range: "bytes=0-9", "x-amz-content-sha256": EMPTY_SHA256, "x-amz-date": TIME },
    payload: EMPTY_SHA256,
    signature: "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
  },
  {
    name: "PUT Object",
    method: "PUT",
    rawPath: "/test$file.text",
    headers: {
      date: "Fri, 24 May 2013 00:00:00 GMT",
      ...HOST,
      "x-amz-content-sha256": "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072",
      "x-amz-date": TIME,
      "x-amz-storage-class": "REDUCED_REDUNDANCY",
    },
    payload: "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072",
    signature: "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
  },
  {
    name: "GET Bucket Lifecycle",
    method: "GET",
    rawPath: "/",
    query: { lifecycle: "" },
    headers: { ...HOST, "x-amz-content-sha256": EMPTY_SHA256, "x-amz-date": TIME },
    payload: EMPTY_SHA256,
    signature: "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
  },
  {
    name: "GET Bucket (List Objects)",
    method: "GET",
    rawPath: "/",
    query: { "max-keys": "2", prefix: "J" },
    headers: { ...HOST, "x-amz-content-sha256": EMPTY_SHA256, "x-amz-date": TIME },
    payload: EMPTY_SHA256,
    signature: "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
  },
  {
    name: "presigned GET",
    method: "GET",
    rawPath: "/test.txt",
    query: {
      "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
      "X-Amz-Credential": `${KEY_ID}/20130524/us-east-1/s3/aws4_request`,
      "X-Amz-Date": TIME,
      "X-Amz-Expires": "86400",
      "X-Amz-SignedHeaders": "host",
    },
    headers: HOST,
    payload: "UNSIGNED-PAYLOAD",
    signature: "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404",
  },
  {
    name: "PUT in signed chunks",
    method: "PUT",
    rawPath: "/examplebucket/chunkObject.txt",
    headers: {
      "content-encoding": "aws-chunked",
      "content-length": "66824",
      host: "s3.amazonaws.com",
      "x-amz-content-sha256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
      "x-amz-date": TIME,
      "x-amz-decoded-content-length": "66560",
      "x-amz-storage-class": "REDUCED_REDUNDANCY",
    },
    payload: "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
    signature: "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9",
  },
];

describe("Signature Version 4, as in AWS's examples", () => {
  test.each(examples)("$name", ({ signature, ...example }) => {
    const request = requestOf(example);
    const canonical = canonicalRequest(request, Object.keys(example.headers).sort(), example.payload);
    expect(sign(KEY, requestStringToSign(TIME, SCOPE, canonical))).toBe(signature);
  });

  test("chunks: each depends on the one before", () => {
    const chunk = (previous: string, sha256: string) =>
      sign(KEY, chunkStringToSign(TIME, SCOPE, previous, sha256));
    const first = chunk(
      "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9",
      "bf718b6f653bebc184e1479f1935b8da974d701b893afcf49e701f3e2f9f9c5a",
    );
    expect(first).toBe("ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648");
    const second = chunk(first, "2edc986847e209b4016e141a6dc8716d3207350f416969382d431539bf292e4a");
    expect(second).toBe("0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497");
    expect(chunk(second, EMPTY_SHA256)).toBe(
      "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9",
    );
  });

  test("trailers", () => {
    const last = "2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992";
    expect(sign(KEY, trailerStringToSign(TIME, SCOPE, last, "x-amz-checksum-crc32c:sOO8/Q==\n"))).toBe(
      "d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435",
    );
  });
});

describe("authenticate", () => {
  const [get, put, , list, presignedGet] = examples as [Example, Example, Example, Example, Example];
  const trust = { keys: [{ id: KEY_ID, secret: SECRET, allow: [] }], region: "us-east-1", now: AT };

  test.each([get, put, list])("takes $name", (example) => {
    const { key, payload } = authenticate(signed(example), trust);
    expect([key.id, payload.declared]).toEqual([KEY_ID, example.payload]);
  });

  test("takes a presigned URL until it expires, and no second longer", () => {
    const request = presigned(presignedGet);
    expect(authenticate(request, { ...trust, now: AT + 86_400 }).payload.kind).toBe("unsigned");
    expect(refusal(() => authenticate(request, { ...trust, now: AT + 86_401 }))).toBe(
      "AccessDenied: Request has expired",
    );
    expect(refusal(() => authenticate(request, { ...trust, now: AT - 901 }))).toBe(
      "AccessDenied: Request is not yet valid",
    );
  });

  test.each([
    { why: "a clock 15 minutes and a second ahead", now: AT - 901, code: "RequestTimeTooSkewed" },
    { why: "a clock 15 minutes and a second behind", now: AT + 901, code: "RequestTimeTooSkewed" },
    { why: "another region", region: "eu-central-1", code: "AuthorizationHeaderMalformed" },
    { why: "an unknown key", keys: [], code: "InvalidAccessKeyId" },
    {
      why: "another secret",
      keys: [{ id: KEY_ID, secret: "other", allow: [] }],
      code: "SignatureDoesNotMatch",
    },
  ])("refuses $why", ({ code, why: _, ...changed }) => {
    expect(refusal(() => authenticate(signed(get), { ...trust, ...changed }))).toMatch(
      new RegExp(`^${code}:`),
    );
  });

  test.each([
    { why: "another method", change: { method: "DELETE" } },
    { why: "another path", change: { rawPath: "/test.txt/" } },
    { why: "a parameter more", change: { query: [[Buffer.from("uploads"), Buffer.from("")] as const] } },
  ])("refuses $why than was signed", ({ change }) => {
    expect(refusal(() => authenticate({ ...signed(get), ...change }, trust))).toMatch(
      /^SignatureDoesNotMatch:/,
    );
  });

  test.each([
    { header: "", code: "AccessDenied" },
    { header: "Bearer abc", code: "AuthorizationHeaderMalformed" },
    { header: "AWS4-HMAC-SHA256 nonsense", code: "AuthorizationHeaderMalformed" },
    {
      header: `AWS4-HMAC-SHA256 Credential=${KEY_ID}/20130524/us-east-1/ec2/aws4_request, SignedHeaders=host, Signature=${"0".repeat(64)}`,
      code: "AuthorizationHeaderMalformed",
    },
    {
      header: `AWS4-HMAC-SHA256 Credential=${KEY_ID}/20130523/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=${"0".repeat(64)}`,
      code: "AuthorizationHeaderMalformed",
    },
    {
      header: `AWS4-HMAC-SHA256 Credential=${KEY_ID}/20130524/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=${"0".repeat(63)}`,
      code: "AuthorizationHeaderMalformed",
    },
  ])("refuses Authorization: $header", ({ header, code }) => {
    const request = signed(get);
    const headers = new Map(request.headers);
    headers.delete("authorization");
    if (header !== "") headers.set("authorization", [header]);
    expect(refusal(() => authenticate({ ...request, headers }, trust))).toMatch(new RegExp(`^${code}:`));
  });

  test("refuses a signature that leaves out the host", () => {
    const { host: _, ...headers } = get.headers;
    const request = signed({ ...get, headers });
    const withHost = new Map([...request.headers, ["host", ["evil.example"]]]);
    expect(refusal(() => authenticate({ ...request, headers: withHost }, trust))).toMatch(
      /^AccessDenied:.*not signed/,
    );
  });
});

function requestOf({ method, rawPath, query = {}, headers }: Omit<Example, "signature">): S3Request {
  return {
    method,
    rawPath,
    query: Object.entries(query).map(([name, value]) => [Buffer.from(name), Buffer.from(value)] as const),
    params: new Map(Object.entries(query)),
    headers: new Map(Object.entries(headers).map(([name, value]) => [name, [value]])),
    bucket: "examplebucket",
    key: undefined,
  };
}

/** With its Authorization header, signed anew, so that examples can be changed. */
function signed(example: Example): S3Request {
  const names = Object.keys(example.headers).sort();
  const canonical = canonicalRequest(requestOf(example), names, example.payload);
  const signature = sign(KEY, requestStringToSign(TIME, SCOPE, canonical));
  const credential = `${KEY_ID}/20130524/us-east-1/s3/aws4_request`;
  const authorization = `AWS4-HMAC-SHA256 Credential=${credential},SignedHeaders=${names.join(";")},Signature=${signature}`;
  return requestOf({ ...example, headers: { ...example.headers, authorization } });
}

function presigned(example: Example): S3Request {
  return requestOf({ ...example, query: { ...example.query, "X-Amz-Signature": example.signature } });
}

function refusal(run: () => unknown): string {
  try {
    run();
    return "taken";
  } catch (error) {
    if (!(error instanceof S3Error)) throw error;
    return `${error.code}: ${error.message}`;
  }
}
