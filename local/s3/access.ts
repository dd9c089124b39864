import { S3Error } from "./errors.ts";

export type Action = "get" | "put" | "delete" | "list";

/** One right: `action` on keys of `bucket` that begin with `prefix` ("" means all). */
export interface Grant {
  action: Action;
  bucket: string;
  prefix: string;
  /** Only for `put`: the request must say `If-None-Match: *`, so that nothing is ever replaced. */
  onlyNew?: boolean;
}

/** An access key and all that it may do; what no grant names is refused. */
export interface AccessKey {
  id: string;
  secret: string;
  allow: readonly Grant[];
}

/** What a request wants to do; `name` is the key, or for `list` the prefix asked for. */
export interface Wish {
  action: Action;
  bucket: string;
  name: string;
  /** For `put`: the request can make a new object only. */
  onlyNew?: boolean;
}

/** Whether some grant of the key covers the wish. */
export function mayDo(key: AccessKey, wish: Wish): boolean {
  return key.allow.some((grant) => covers(grant, wish));
}

/** @throws S3Error AccessDenied */
export function demand(key: AccessKey, wish: Wish): void {
  if (!mayDo(key, wish)) throw new S3Error("AccessDenied", refusal(key, wish));
}

function covers(grant: Grant, wish: Wish): boolean {
  return (
    grant.action === wish.action &&
    grant.bucket === wish.bucket &&
    wish.name.startsWith(grant.prefix) &&
    (grant.onlyNew !== true || wish.onlyNew === true)
  );
}

/** Says which condition was missing: a host's administrator reads this in the log of `ship`. */
function refusal(key: AccessKey, wish: Wish): string {
  if (wish.action === "put" && mayDo(key, { ...wish, onlyNew: true })) {
    return "Access Denied: this key may only create; send If-None-Match: *";
  }
  return `Access Denied: this key may not ${wish.action} here`;
}
