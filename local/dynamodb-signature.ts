import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import type { Credentials } from "../functions/store/deployment.ts";

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^/,\s]+)\/([0-9]{8}\/[a-z0-9-]+\/dynamodb\/aws4_request), SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})$/;

/**
 * Whether a request to DynamoDB (always `POST /`) was signed with the key: Signature Version 4 over headers and body.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 * Its time is not checked: on loopback nobody can record a request who could not read the key as well.
 */
export function isSigned(headers: IncomingHttpHeaders, body: Uint8Array, key: Credentials): boolean {
  const [, id, scope, names, signature] = AUTHORIZATION.exec(headers.authorization ?? "") ?? [];
  const time = headers["x-amz-date"];
  if (!scope || !names || !signature || typeof time !== "string" || id !== key.accessKeyId) return false;
  const canonical = canonicalRequest(headers, names, body);
  const toSign = ["AWS4-HMAC-SHA256", time, scope, sha256(canonical)].join("\n");
  const computed = hmac(derivedKey(key.secretAccessKey, scope), toSign);
  return timingSafeEqual(computed, Buffer.from(signature, "hex"));
}

function canonicalRequest(headers: IncomingHttpHeaders, names: string, body: Uint8Array): string {
  const lines = names.split(";").map((name) => `${name}:${String(headers[name] ?? "").trim()}`);
  return ["POST", "/", "", ...lines, "", names, sha256(body)].join("\n");
}

function derivedKey(secret: string, scope: string): Buffer {
  return scope.split("/").reduce<Buffer>((key, part) => hmac(key, part), Buffer.from(`AWS4${secret}`));
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}

function sha256(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}
