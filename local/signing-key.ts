import { createPrivateKey, createPublicKey, generateKeyPairSync } from "node:crypto";
import { readFile } from "node:fs/promises";
import { writeNew, writeWhole } from "./durable.ts";
import { CorruptDataError } from "./errors.ts";
import type { DataFolder } from "./folder.ts";

/**
 * The ECDSA P-256 key that signs manifests, made at the first call (PKCS #8 PEM, mode 0600), and beside it the public
 * key that hosts verify with (SPKI PEM, as `openssl dgst -verify` reads it).
 */
export async function ensureSigningKey(folder: DataFolder): Promise<void> {
  await writeNewKey(folder.signingKey);
  const publicKey = publicKeyOf(folder.signingKey, await readFile(folder.signingKey, "utf8"));
  const found = await readFile(folder.publicKey, "utf8").catch(() => undefined);
  if (found !== publicKey) await writeWhole(folder.publicKey, publicKey);
}

async function writeNewKey(path: string): Promise<void> {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  await writeNew(path, privateKey.export({ type: "pkcs8", format: "pem" }));
}

function publicKeyOf(path: string, pem: string): string {
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyDetails?.namedCurve !== "prime256v1") throw new Error("not of curve P-256");
    return createPublicKey(key).export({ type: "spki", format: "pem" }).toString();
  } catch (error) {
    const remedy = "put the right file back, or remove it and give every host the new public key";
    throw new CorruptDataError(path, "is no ECDSA P-256 private key", remedy, error);
  }
}
