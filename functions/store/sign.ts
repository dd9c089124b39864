import { createHash, createPrivateKey, sign } from "node:crypto";
import { readFile } from "node:fs/promises";
import { clientConfig } from "./clients.ts";
import type { Deployment } from "./deployment.ts";

/** Signs text: ECDSA P-256 over its SHA-256, DER, in base64; what `openssl dgst -sha256 -verify` checks. */
export type Sign = (text: string) => Promise<string>;

/** The signing key cannot be used. */
export class SigningKeyError extends Error {
  override name = "SigningKeyError";
}

export function signerOf(deployment: Deployment): Sign {
  const { signer } = deployment;
  return "keyFile" in signer
    ? (text) => signWithFile(signer.keyFile, text)
    : (text) => signWithKms(deployment, signer.kmsKeyId, text);
}

async function signWithFile(file: string, text: string): Promise<string> {
  try {
    const key = createPrivateKey(await readFile(file));
    if (key.asymmetricKeyDetails?.namedCurve !== "prime256v1") throw new Error("not an ECDSA P-256 key");
    return sign("sha256", Buffer.from(text), key).toString("base64");
  } catch (cause) {
    throw new SigningKeyError(`cannot sign with ${file}: give an ECDSA P-256 private key as PEM`, { cause });
  }
}

/** KMS takes 4,096 bytes at most as a message, so it is given the digest. */
async function signWithKms(deployment: Deployment, keyId: string, text: string): Promise<string> {
  const { KMSClient, SignCommand } = await import("@aws-sdk/client-kms");
  const client = new KMSClient(clientConfig(deployment, deployment.endpoints?.kms));
  const { Signature } = await client.send(
    new SignCommand({
      KeyId: keyId,
      Message: createHash("sha256").update(text).digest(),
      MessageType: "DIGEST",
      SigningAlgorithm: "ECDSA_SHA_256",
    }),
  );
  if (Signature === undefined) throw new SigningKeyError(`KMS gave no signature with key ${keyId}`);
  return Buffer.from(Signature).toString("base64");
}
