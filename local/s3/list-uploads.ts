import { demand } from "./access.ts";
import { checkNoBody } from "./body.ts";
import type { Context, Reply } from "./context.ts";
import { readEncoding, readMaxKeys } from "./list-objects.ts";
import { bytewise } from "./sorted.ts";
import { findUpload } from "./uploads.ts";
import { document, element, field } from "./xml.ts";

/** ListParts: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListParts.html */
export async function listParts({ bucket, caller, key, request }: Context): Promise<Reply> {
  checkNoBody(request, caller);
  demand(caller.key, { action: "list", bucket: bucket.name, name: key });
  const upload = findUpload(bucket, key, request.params.get("uploadId"));
  const marker = readMaxKeys(request.params.get("part-number-marker") ?? "0");
  const most = readMaxKeys(request.params.get("max-parts"));
  const later = [...upload.parts.values()]
    .filter(({ number }) => number > marker)
    .sort((a, b) => a.number - b.number);
  const page = later.slice(0, most);
  const body = [
    field("Bucket", bucket.name),
    field("Key", key),
    field("UploadId", upload.id),
    field("PartNumberMarker", marker),
    field("NextPartNumberMarker", page.at(-1)?.number ?? marker),
    field("MaxParts", most),
    field("IsTruncated", page.length < later.length),
    ...page.map(({ number, etag, piece, modified }) =>
      element(
        "Part",
        field("PartNumber", number),
        field("LastModified", isoTime(modified)),
        field("ETag", `"${etag}"`),
        field("Size", piece.size),
      ),
    ),
  ];
  return { status: 200, body: document("ListPartsResult", body.join("")) };
}

/** ListMultipartUploads, one page of all, by key and begin: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListMultipartUploads.html */
export async function listUploads({ bucket, caller, request }: Context): Promise<Reply> {
  checkNoBody(request, caller);
  const prefix = request.params.get("prefix") ?? "";
  demand(caller.key, { action: "list", bucket: bucket.name, name: prefix });
  const encode = readEncoding(request.params.get("encoding-type"));
  const uploads = [...bucket.uploads.values()]
    .filter(({ key }) => key.startsWith(prefix))
    .map((upload) => ({ ...upload, order: bytewise(upload.key) }))
    .sort((a, b) => (a.order < b.order ? -1 : a.order > b.order ? 1 : a.initiated - b.initiated));
  const body = [
    field("Bucket", bucket.name),
    field("Prefix", encode(prefix)),
    field("EncodingType", request.params.get("encoding-type")),
    field("IsTruncated", false),
    ...uploads.map(({ key, id, initiated }) =>
      element(
        "Upload",
        field("Key", encode(key)),
        field("UploadId", id),
        field("Initiated", isoTime(initiated)),
      ),
    ),
  ];
  return { status: 200, body: document("ListMultipartUploadsResult", body.join("")) };
}

function isoTime(at: number): string {
  return new Date(at * 1000).toISOString();
}
