import { createHash } from "node:crypto";
import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { request as httpsRequest } from "node:https";
import { buffer } from "node:stream/consumers";
import { uriEncode } from "../../local/s3/encoding.ts";
import {
  canonicalRequest,
  requestStringToSign,
  type Scope,
  sign,
  signingKey,
} from "../../local/s3/signature.ts";
import type { Target } from "./target.ts";

/** A request made byte by byte, for what the SDK would never send. */
export interface RawRequest {
  method: string;
  key: string;
  /** Query parameters, sent in this order. */
  query?: Record<string, string>;
  /** Further headers, all signed; values with one character a byte. */
  headers?: Record<string, string>;
  body?: Uint8Array;
  /** Header x-amz-content-sha256; "" leaves it out; by default the hash of the body. */
  payload?: string;
  secret?: string;
  at?: Date;
  /** Virtual-hosted style: the path is the key alone. */
  bucketInHost?: boolean;
}

export interface RawResponse {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
  /** Element Code of an error document. */
  code: string | undefined;
}

/** A signed head: what to send before the body, and where signatures of chunks begin. */
export interface SignedHead {
  path: string;
  headers: Record<string, string>;
  chain: { key: Buffer; scope: Scope; time: string; seed: string };
}

export function signHead(target: Target, raw: RawRequest): SignedHead {
  const time = (raw.at ?? new Date()).toISOString().replace(/[-:]|\.\d+/g, "");
  const scope = { date: time.slice(0, 8), region: target.region };
  const payload =
    raw.payload ??
    createHash("sha256")
      .update(raw.body ?? "")
      .digest("hex");
  const encoded = uriEncode(Buffer.from(raw.key), true);
  const rawPath = raw.bucketInHost ? `/${encoded}` : `/${target.bucket}/${encoded}`;
  const query = Object.entries(raw.query ?? {}).map(
    ([name, value]) => [Buffer.from(name), Buffer.from(value)] as const,
  );
  const headers: Record<string, string> = {
    host: new URL(target.endpoint).host,
    "x-amz-date": time,
    ...(payload === "" ? {} : { "x-amz-content-sha256": payload }),
    ...raw.headers,
  };
  const names = Object.keys(headers).sort();
  const values = new Map(names.map((name) => [name, [headers[name]!]]));
  const canonical = canonicalRequest({ method: raw.method, rawPath, query, headers: values }, names, payload);
  const key = signingKey(raw.secret ?? target.secretKey, scope);
  const seed = sign(key, requestStringToSign(time, scope, canonical));
  const credential = `${target.accessKey}/${scope.date}/${scope.region}/s3/aws4_request`;
  headers.authorization = `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names.join(";")}, Signature=${seed}`;
  const search = query.map(([name, value]) => `${uriEncode(name)}=${uriEncode(value)}`).join("&");
  return {
    path: search === "" ? rawPath : `${rawPath}?${search}`,
    headers,
    chain: { key, scope, time, seed },
  };
}

/** Sends it and reads the whole answer. */
export async function send(target: Target, raw: RawRequest): Promise<RawResponse> {
  return await transmit(target, raw.method, signHead(target, raw), raw.body ?? new Uint8Array());
}

export async function transmit(
  target: Target,
  method: string,
  head: SignedHead,
  body: Uint8Array,
): Promise<RawResponse> {
  const request = open(target, method, head, { "content-length": String(body.byteLength) });
  const answered = answer(request);
  request.end(body);
  return await answered;
}

/** Says that `promised` bytes come, sends fewer and hangs up; resolves when the connection is gone. */
export function hangUp(target: Target, raw: RawRequest, promised: number): Promise<void> {
  const request = open(target, raw.method, signHead(target, raw), { "content-length": String(promised) });
  return new Promise((resolve) => {
    request.on("error", () => undefined);
    request.on("close", () => resolve());
    request.write(raw.body ?? new Uint8Array(), () => setTimeout(() => request.destroy(), 100));
  });
}

function open(target: Target, method: string, { path, headers }: SignedHead, more: Record<string, string>) {
  const { protocol, hostname, port } = new URL(target.endpoint);
  const start = protocol === "https:" ? httpsRequest : httpRequest;
  return start({ hostname, port, method, path, headers: { ...headers, ...more }, agent: false });
}

function answer(request: ReturnType<typeof open>): Promise<RawResponse> {
  return new Promise((resolve, reject) => {
    request.on("error", reject);
    request.on("response", (response) => {
      buffer(response).then((body) => {
        const code = /<Code>([^<]*)<\/Code>/.exec(body.toString("latin1"))?.[1];
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body, code });
      }, reject);
    });
  });
}
