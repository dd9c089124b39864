import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { isHostName } from "../functions/count/keys.ts";
import type { Credentials } from "../functions/store/deployment.ts";
import { writeNew } from "./durable.ts";
import { CorruptDataError, HostNameError } from "./errors.ts";
import type { AccessKey } from "./s3/access.ts";

/** Names of the embedded stack's buckets. */
export const LOGS = "logs";
export const LISTS = "lists";

/** Base32 digits, as in AWS's own key ids. */
const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

const REMEDY = "remove the file, then add the host again";

/** The administrator's key, made at the first call. */
export async function ensureAdminKey(dir: string): Promise<Credentials> {
  await mkdir(join(dir, "hosts"), { recursive: true, mode: 0o700 });
  return ensureKey(join(dir, "admin.json"));
}

/**
 * A host's key, made at the first call; a running stack takes it at once. It may put new objects under `<name>/` and list
 * them, and read `blocklist/`.
 * @throws HostNameError
 */
export async function ensureHostKey(dir: string, name: string): Promise<Credentials> {
  if (!isHostName(name)) throw new HostNameError(name);
  return ensureKey(join(dir, "hosts", `${name}.json`));
}

/** All keys with their rights, read again whenever one has been added or removed. */
export function readAccessKeys(dir: string, now: () => number): () => AccessKey[] {
  let keys: AccessKey[] = [];
  let readFor: bigint | undefined;
  return () => {
    const changed = statSync(join(dir, "hosts"), { bigint: true }).mtimeNs;
    if (changed !== readFor) {
      keys = readAll(dir);
      // a change in the same tick of the file system's clock would not show: read once more later
      readFor = isSettled(changed, now()) ? changed : undefined;
    }
    return keys;
  };
}

function isSettled(changed: bigint, now: number): boolean {
  return now - Number(changed / 1_000_000n) > 1000;
}

function readAll(dir: string): AccessKey[] {
  const hosts = readdirSync(join(dir, "hosts")).filter((file) => file.endsWith(".json"));
  return [
    adminAccess(readKey(join(dir, "admin.json"))),
    ...hosts.map((file) => hostAccess(basename(file, ".json"), readKey(join(dir, "hosts", file)))),
  ];
}

function adminAccess({ accessKeyId, secretAccessKey }: Credentials): AccessKey {
  const allow: AccessKey["allow"] = [LOGS, LISTS].flatMap((bucket) => [
    { action: "get", bucket, prefix: "" },
    { action: "list", bucket, prefix: "" },
    { action: "delete", bucket, prefix: "" },
    // a log once stored is evidence: nobody overwrites it
    { action: "put", bucket, prefix: "", onlyNew: bucket === LOGS },
  ]);
  return { id: accessKeyId, secret: secretAccessKey, allow };
}

function hostAccess(name: string, { accessKeyId, secretAccessKey }: Credentials): AccessKey {
  const allow: AccessKey["allow"] = [
    { action: "put", bucket: LOGS, prefix: `${name}/`, onlyNew: true },
    { action: "list", bucket: LOGS, prefix: `${name}/` },
    { action: "get", bucket: LISTS, prefix: "blocklist/" },
  ];
  return { id: accessKeyId, secret: secretAccessKey, allow };
}

async function ensureKey(path: string): Promise<Credentials> {
  const made = { accessKeyId: newKeyId(), secretAccessKey: randomBytes(30).toString("base64url") };
  if (await writeNew(path, `${JSON.stringify(made, null, 2)}\n`)) return made;
  return parseKey(path, await readFile(path, "utf8"));
}

/** 20 characters as AWS's ids have, of another prefix than theirs (AKIA, ASIA). */
function newKeyId(): string {
  return `FLBN${Array.from(randomBytes(16), (byte) => DIGITS[byte % 32]).join("")}`;
}

function readKey(path: string): Credentials {
  return parseKey(path, readFileSync(path, "utf8"));
}

function parseKey(path: string, text: string): Credentials {
  let key: Partial<Credentials> | null;
  try {
    key = JSON.parse(text);
  } catch (error) {
    throw new CorruptDataError(path, "is not JSON", REMEDY, error);
  }
  const { accessKeyId, secretAccessKey } = key ?? {};
  if (typeof accessKeyId !== "string" || typeof secretAccessKey !== "string") {
    throw new CorruptDataError(path, "is no access key", REMEDY);
  }
  return { accessKeyId, secretAccessKey };
}
