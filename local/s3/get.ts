import { demand, mayDo } from "./access.ts";
import { checkNoBody } from "./body.ts";
import type { StoredObject } from "./bucket.ts";
import { isNotModified } from "./conditions.ts";
import type { Context, Reply } from "./context.ts";
import { S3Error } from "./errors.ts";
import { describe } from "./metadata.ts";
import { hold, readObject } from "./pieces.ts";
import { checksumHeaders } from "./put.ts";
import { readRange } from "./range.ts";
import { header } from "./request.ts";

/** Query parameters of a signed GET that replace a header of the answer. */
export const OVERRIDES = [
  "response-cache-control",
  "response-content-disposition",
  "response-content-encoding",
  "response-content-language",
  "response-content-type",
  "response-expires",
];

/** GetObject: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html */
export async function get(context: Context): Promise<Reply> {
  const { object, reply, range } = answer(context);
  if (reply.status === 304) return reply;
  const done = hold(context.bucket, object);
  return { ...reply, body: readObject(context.bucket, object, range), done };
}

/** HeadObject: the same without the bytes. */
export async function head(context: Context): Promise<Reply> {
  return answer(context).reply;
}

function answer(context: Context) {
  const { request } = context;
  checkNoBody(request, context.caller);
  const object = find(context);
  const shared = {
    etag: `"${object.etag}"`,
    "last-modified": httpDate(object.modified),
    "accept-ranges": "bytes",
  };
  const whole = { start: 0, end: object.size };
  if (isNotModified(request, object))
    return { object, range: whole, reply: { status: 304, headers: shared } };
  const part = readRange(header(request, "range"), object.size);
  const range = part ?? whole;
  const headers = {
    ...describe(object),
    ...overrides(context),
    ...shared,
    "content-length": String(range.end - range.start),
    ...(part && { "content-range": `bytes ${part.start}-${part.end - 1}/${object.size}` }),
    // the checksum is that of the whole object: with a part, clients would hold it against the wrong bytes
    ...(!part && header(request, "x-amz-checksum-mode") === "ENABLED" && checksumHeaders(object.checksum)),
  };
  return { object, range, reply: { status: part ? 206 : 200, headers } };
}

/** Who may not list does not learn what is missing: S3 then says AccessDenied instead of NoSuchKey. */
function find({ bucket, key, caller }: Context): StoredObject {
  demand(caller.key, { action: "get", bucket: bucket.name, name: key });
  const object = bucket.objects.get(key);
  if (object) return object;
  if (mayDo(caller.key, { action: "list", bucket: bucket.name, name: key })) {
    throw new S3Error("NoSuchKey", "The specified key does not exist.", { Key: key });
  }
  throw new S3Error(
    "AccessDenied",
    "Access Denied: no such key, or no right to know (this key may not list here)",
  );
}

function overrides({ request }: Context): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const name of OVERRIDES) {
    const value = request.params.get(name);
    if (value === undefined) continue;
    if (!/^[\x20-\x7e]*$/.test(value))
      throw new S3Error("InvalidArgument", `${name} must be printable ASCII.`);
    headers[name.slice("response-".length)] = value;
  }
  return headers;
}

function httpDate(at: number): string {
  return new Date(at * 1000).toUTCString();
}
