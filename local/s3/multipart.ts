/** Multipart upload: https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html */
import { demand } from "./access.ts";
import { checkNoBody } from "./body.ts";
import type { UploadedPart } from "./bucket.ts";
import { type ChecksumName, isChecksumName } from "./checksum.ts";
import type { Context, Reply } from "./context.ts";
import { S3Error } from "./errors.ts";
import { locked } from "./lock.ts";
import { readDescription } from "./metadata.ts";
import { dropPieces, writePiece } from "./pieces.ts";
import { checksumHeaders } from "./put.ts";
import { header, type S3Request } from "./request.ts";
import { addPart, beginUpload, endUpload, findUpload } from "./uploads.ts";
import { document, field } from "./xml.ts";

const MAX_PART_NUMBER = 10_000;

/** CreateMultipartUpload */
export async function createUpload({ bucket, caller, key, request, now }: Context): Promise<Reply> {
  checkNoBody(request, caller);
  demandPart(caller.key, bucket.name, key);
  const checksum = readAlgorithm(request);
  const upload = await beginUpload(bucket, { key, initiated: now(), checksum, ...readDescription(request) });
  const body = [field("Bucket", bucket.name), field("Key", key), field("UploadId", upload.id)];
  return {
    status: 200,
    headers: checksum
      ? { "x-amz-checksum-algorithm": checksum.toUpperCase(), "x-amz-checksum-type": "COMPOSITE" }
      : {},
    body: document("InitiateMultipartUploadResult", body.join("")),
  };
}

/** UploadPart */
export async function uploadPart(context: Context): Promise<Reply> {
  const { bucket, caller, key, request } = context;
  demandPart(caller.key, bucket.name, key);
  const id = findUpload(bucket, key, request.params.get("uploadId")).id;
  const number = readPartNumber(request.params.get("partNumber"));
  const body = context.body();
  const piece = await writePiece(bucket, body.data);
  const part: UploadedPart = { number, piece, modified: context.now(), ...body.verified() };
  try {
    await locked(bucket.uploadLocks, id, async () => {
      const upload = findUpload(bucket, key, id);
      checkAlgorithm(upload.checksum, part);
      await addPart(bucket, upload, part);
    });
  } catch (error) {
    if (bucket.uploads.get(id)?.parts.get(number) !== part) await dropPieces(bucket, [piece]);
    throw error;
  }
  return { status: 200, headers: { etag: `"${part.etag}"`, ...checksumHeaders(part.checksum) } };
}

/** AbortMultipartUpload: who may put may also give up. */
export async function abortUpload({ bucket, caller, key, request }: Context): Promise<Reply> {
  checkNoBody(request, caller);
  demandPart(caller.key, bucket.name, key);
  const { id } = findUpload(bucket, key, request.params.get("uploadId"));
  await locked(bucket.uploadLocks, id, () => endUpload(bucket, findUpload(bucket, key, id), []));
  return { status: 204 };
}

/** Until an upload is completed nothing is replaced; so a key that may only create new objects may send parts. */
function demandPart(key: Context["caller"]["key"], bucket: string, name: string): void {
  demand(key, { action: "put", bucket, name, onlyNew: true });
}

/** The checksum that all parts must carry. One of the whole object would take reading it all again at the end. */
function readAlgorithm(request: S3Request): ChecksumName | undefined {
  const name = header(request, "x-amz-checksum-algorithm")?.toLowerCase();
  if (name === undefined) return undefined;
  if (!isChecksumName(name))
    throw new S3Error("InvalidRequest", "Checksum algorithm provided is unsupported.");
  if (name === "crc64nvme" || header(request, "x-amz-checksum-type") === "FULL_OBJECT") {
    throw new S3Error(
      "NotImplemented",
      "Checksums of type FULL_OBJECT are not implemented for multipart uploads.",
    );
  }
  return name;
}

function checkAlgorithm(expected: ChecksumName | undefined, { checksum }: UploadedPart): void {
  if (expected === undefined || checksum?.name === expected) return;
  throw new S3Error(
    "InvalidRequest",
    `Checksum Type mismatch occurred, expected checksum Type: ${expected}, actual checksum Type: ${checksum?.name ?? "null"}`,
  );
}

function readPartNumber(text: string | undefined): number {
  if (/^\d{1,5}$/.test(text ?? "") && Number(text) >= 1 && Number(text) <= MAX_PART_NUMBER)
    return Number(text);
  throw new S3Error("InvalidArgument", "Part number must be an integer between 1 and 10000, inclusive", {
    ArgumentName: "partNumber",
    ArgumentValue: text ?? "",
  });
}
