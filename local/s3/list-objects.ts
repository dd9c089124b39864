import { demand } from "./access.ts";
import { checkNoBody } from "./body.ts";
import type { StoredObject } from "./bucket.ts";
import type { Context, Reply } from "./context.ts";
import { formEncode } from "./encoding.ts";
import { S3Error } from "./errors.ts";
import { listPage } from "./list.ts";
import { document, element, field } from "./xml.ts";

const MAX_KEYS = 1000;

/** ListObjectsV2: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
export async function listObjects({ bucket, caller, request }: Context): Promise<Reply> {
  checkNoBody(request, caller);
  const param = (name: string) => request.params.get(name) ?? "";
  const [prefix, delimiter, startAfter] = [param("prefix"), param("delimiter"), param("start-after")];
  demand(caller.key, { action: "list", bucket: bucket.name, name: prefix });
  const encode = readEncoding(request.params.get("encoding-type"));
  const maxKeys = readMaxKeys(request.params.get("max-keys"));
  const given = request.params.get("continuation-token");
  const token = given === undefined ? undefined : readToken(given);
  const page = listPage(bucket.sorted, { prefix, delimiter, startAfter, token, maxKeys });
  const body = [
    field("Name", bucket.name),
    field("Prefix", encode(prefix)),
    delimiter === "" ? "" : field("Delimiter", encode(delimiter)),
    startAfter === "" ? "" : field("StartAfter", encode(startAfter)),
    field("MaxKeys", maxKeys),
    field("EncodingType", request.params.get("encoding-type")),
    field("KeyCount", page.keys.length + page.prefixes.length),
    field("IsTruncated", page.next !== undefined),
    field("ContinuationToken", given),
    field("NextContinuationToken", page.next && Buffer.from(page.next, "latin1").toString("base64url")),
    ...page.keys.map((key) => contents(bucket.objects.get(key)!, encode)),
    ...page.prefixes.map((common) => element("CommonPrefixes", field("Prefix", encode(common)))),
  ];
  return { status: 200, body: document("ListBucketResult", body.join("")) };
}

export function readMaxKeys(text: string | undefined): number {
  if (text === undefined) return MAX_KEYS;
  if (!/^\d{1,9}$/.test(text))
    throw invalid("max-keys", text, "Provided max-keys not an integer or within integer range");
  return Math.min(Number(text), MAX_KEYS);
}

export function readEncoding(type: string | undefined): (key: string) => string {
  if (type === undefined) return (key) => key;
  if (type === "url") return formEncode;
  throw invalid("encoding-type", type, "Invalid Encoding Method specified in Request");
}

function contents(object: StoredObject, encode: (key: string) => string): string {
  return element(
    "Contents",
    field("Key", encode(object.key)),
    field("LastModified", new Date(object.modified * 1000).toISOString()),
    field("ETag", `"${object.etag}"`),
    field("ChecksumAlgorithm", object.checksum?.name.toUpperCase()),
    field("ChecksumType", object.checksum?.type),
    field("Size", object.size),
    field("StorageClass", "STANDARD"),
  );
}

function readToken(token: string): string {
  const bytes = Buffer.from(token, "base64url");
  if (bytes.length === 0 || bytes.toString("base64url") !== token) {
    throw invalid("continuation-token", token, "The continuation token provided is incorrect");
  }
  return bytes.toString("latin1");
}

function invalid(name: string, value: string, message: string): S3Error {
  return new S3Error("InvalidArgument", message, { ArgumentName: name, ArgumentValue: value });
}
