import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import {
  buildManifest,
  fileFacts,
  folderOf,
  type Manifest,
  withSignature,
} from "../../functions/list/manifest.ts";
import type { TestHost } from "./factories.ts";

const now = () => Math.floor(Date.now() / 1000);

/** Seconds that the listed bans last from now, unless told. */
const LASTS = 3600;

export type Publisher = Awaited<ReturnType<typeof startPublisher>>;

/** Publishes lists for a host, which gets the public key. */
export async function startPublisher(host: TestHost) {
  const { privateKey, publicKey } = newKey();
  await writeFile(join(host.dir, "keys.d", "fleet.pem"), publicKey.export({ type: "spki", format: "pem" }));
  let serial = now();
  const put = (Key: string, text: string) =>
    host.client.send(
      new PutObjectCommand({
        Bucket: "lists",
        Key,
        Body: Buffer.from(text),
        ContentLength: Buffer.byteLength(text),
      }),
    );
  return {
    put,
    /** Any text as manifest, signed unless it has its last line already. */
    putManifest: (text: string, key: KeyObject = privateKey) =>
      put("blocklist/manifest", text.includes('"signature"') ? text : signed(text, key)),
    /** A proper list of networks, in order; what `changed` holds differs from the truth. */
    async publish(networks: readonly string[], changed: Partial<Manifest> & { content?: string } = {}) {
      const content = changed.content ?? networks.map((network) => `${network}\t${now() + LASTS}\n`).join("");
      const manifest = manifestOf(content, ++serial, changed);
      await put(`${manifest.folder}/blocklist.tsv`, content);
      await put("blocklist/manifest", signed(buildManifest(manifest), privateKey));
      return manifest;
    },
  };
}

export function newKey() {
  return generateKeyPairSync("ec", { namedCurve: "prime256v1" });
}

function manifestOf(content: string, serial: number, changed: Partial<Manifest>): Manifest {
  const files = changed.files ?? { "blocklist.tsv": fileFacts(content) };
  const actual = changed.serial ?? serial;
  return {
    serial: actual,
    created: changed.created ?? now(),
    expires: changed.expires ?? now() + 48 * 3600,
    policy: "default",
    folder: folderOf(actual, files),
    networks: changed.networks ?? content.split("\n").length - 1,
    files,
  };
}

export function signed(text: string, key: KeyObject): string {
  return withSignature(text, sign("sha256", Buffer.from(text), key).toString("base64"));
}
