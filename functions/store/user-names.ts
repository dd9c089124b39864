import { createHmac, createSecretKey, randomBytes } from "node:crypto";
import type { UserNames } from "./deployment.ts";
import { type Bucket, getText, putObject } from "./objects.ts";

/** Where the key lies that user names are hashed with; made once, by whoever needs it first. */
const KEY = "policy/user-key";

/** A user's name as rows may hold it: 16 hex digits of HMAC-SHA-256, the same on all hosts; or the name itself. */
export async function userNamer(lists: Bucket, mode: UserNames): Promise<(user: string) => string> {
  if (mode === "plain") return (user) => user;
  // made once: from bytes, Node takes six times as long for each name
  const key = createSecretKey(await userKey(lists));
  return (user) => createHmac("sha256", key).update(user).digest("hex").slice(0, 16);
}

async function userKey(lists: Bucket): Promise<Buffer> {
  const made = randomBytes(32).toString("hex");
  const stored = await getText(lists, KEY);
  if (stored !== undefined) return Buffer.from(stored.text, "hex");
  if (await putObject(lists, KEY, made, { condition: { ifNoneMatch: "*" } })) return Buffer.from(made, "hex");
  return await userKey(lists);
}
