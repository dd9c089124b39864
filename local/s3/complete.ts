import { createHash } from "node:crypto";
import { readText } from "./body.ts";
import type { StoredChecksum, StoredObject, Upload, UploadedPart } from "./bucket.ts";
import { type ChecksumName, startChecksum } from "./checksum.ts";
import { readWriteCondition, type WriteCondition } from "./conditions.ts";
import type { Context, Reply } from "./context.ts";
import { S3Error } from "./errors.ts";
import { locked } from "./lock.ts";
import { putObject } from "./objects.ts";
import { demandWrite } from "./put.ts";
import { endUpload, findUpload } from "./uploads.ts";
import { childText, document, type Element, field, malformed, parseXml } from "./xml.ts";

/** 10,000 parts with their ETags and checksums. */
const MAX_DOCUMENT = 4 * 1024 * 1024;
/** Every part but the last has at least this many bytes: 5 MiB. */
const MIN_PART = 5 * 1024 * 1024;

/** CompleteMultipartUpload: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html */
export async function completeUpload(context: Context): Promise<Reply> {
  const { bucket, key, request } = context;
  const condition = readWriteCondition(request);
  demandWrite(context, condition);
  const { id } = findUpload(bucket, key, request.params.get("uploadId"));
  const root = parseXml(await readText(context.body(), MAX_DOCUMENT));
  const object = await locked(bucket.uploadLocks, id, () =>
    complete(context, findUpload(bucket, key, id), root, condition),
  );
  const body = [
    field("Location", `/${bucket.name}/${key}`),
    field("Bucket", bucket.name),
    field("Key", key),
    field("ETag", `"${object.etag}"`),
    field(`Checksum${object.checksum?.name.toUpperCase()}`, object.checksum?.value),
    field("ChecksumType", object.checksum?.type),
  ];
  return { status: 200, body: document("CompleteMultipartUploadResult", body.join("")) };
}

async function complete(
  { bucket, key, now, announce }: Context,
  upload: Upload,
  root: Element,
  condition: WriteCondition,
): Promise<StoredObject> {
  const parts = chooseParts(upload, root);
  const object = {
    key,
    headers: upload.headers,
    metadata: upload.metadata,
    size: parts.reduce((sum, { piece }) => sum + piece.size, 0),
    etag: joinedEtag(parts),
    checksum: upload.checksum && joinedChecksum(upload.checksum, parts),
    pieces: parts.map(({ piece }) => piece),
  };
  const stored = await putObject(
    bucket,
    object,
    condition,
    now,
    announce("ObjectCreated:CompleteMultipartUpload"),
  );
  await endUpload(bucket, upload, parts);
  return stored;
}

/** The parts that the client lists, which must be as it says and in order; others are dropped. */
function chooseParts(upload: Upload, root: Element): UploadedPart[] {
  const listed = root.children.filter(({ name }) => name === "Part");
  if (root.name !== "CompleteMultipartUpload" || listed.length === 0) throw malformed();
  const parts = listed.map((entry) => choosePart(upload, entry));
  if (parts.some(({ number }, at) => at > 0 && number <= parts[at - 1]!.number)) {
    throw new S3Error(
      "InvalidPartOrder",
      "The list of parts was not in ascending order. Parts must be ordered by part number.",
    );
  }
  const small = parts.slice(0, -1).find(({ piece }) => piece.size < MIN_PART);
  if (!small) return parts;
  throw new S3Error("EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size", {
    ProposedSize: String(small.piece.size),
    MinSizeAllowed: String(MIN_PART),
    PartNumber: String(small.number),
    ETag: small.etag,
  });
}

function choosePart(upload: Upload, entry: Element): UploadedPart {
  const number = childText(entry, "PartNumber") ?? "";
  const etag = childText(entry, "ETag")?.replace(/^"(.*)"$/, "$1");
  if (!/^\d{1,5}$/.test(number) || etag === undefined) throw malformed();
  const part = upload.parts.get(Number(number));
  if (part && part.etag === etag && hasChecksum(upload, part, entry)) return part;
  throw new S3Error(
    "InvalidPart",
    "One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
    { UploadId: upload.id, PartNumber: number, ETag: etag },
  );
}

/** Checksums go with the upload's algorithm; where it has none, a listed one matches no part, as on AWS. */
function hasChecksum(
  { checksum: name }: Upload,
  { number, checksum }: UploadedPart,
  entry: Element,
): boolean {
  if (name === undefined) return !entry.children.some((child) => child.name.startsWith("Checksum"));
  const listed = childText(entry, `Checksum${name.toUpperCase()}`);
  if (listed !== undefined) return listed === checksum?.value;
  throw new S3Error(
    "InvalidRequest",
    `The upload was created using a ${name} checksum. The complete request must include the checksum for each part. It was missing for part ${number} in the request.`,
  );
}

/** MD5 of the parts' MD5s, and how many. */
function joinedEtag(parts: readonly UploadedPart[]): string {
  const hash = createHash("md5");
  for (const { etag } of parts) hash.update(Buffer.from(etag, "hex"));
  return `${hash.digest("hex")}-${parts.length}`;
}

/** The checksum of the parts' checksums, and how many. */
function joinedChecksum(name: ChecksumName, parts: readonly UploadedPart[]): StoredChecksum {
  const running = startChecksum(name);
  for (const { checksum } of parts) running.update(Buffer.from(checksum!.value, "base64"));
  return { name, value: `${running.digest().toString("base64")}-${parts.length}`, type: "COMPOSITE" };
}
