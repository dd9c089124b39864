import { demand } from "./access.ts";
import type { StoredChecksum } from "./bucket.ts";
import { checkWrite, readWriteCondition, type WriteCondition } from "./conditions.ts";
import type { Context, Reply } from "./context.ts";
import { readDescription } from "./metadata.ts";
import { putObject } from "./objects.ts";
import { dropUnused, writePiece } from "./pieces.ts";

/** PutObject: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html */
export async function put(context: Context): Promise<Reply> {
  const { bucket, key, request } = context;
  const condition = readWriteCondition(request);
  demandWrite(context, condition);
  const description = readDescription(request);
  // refused before the body where possible; decided when the object is made visible
  checkWrite(condition, bucket.objects.get(key), key);
  const body = context.body();
  const pieces = [await writePiece(bucket, body.data)];
  try {
    const object = { key, size: pieces[0]!.size, pieces, ...body.verified(), ...description };
    const stored = await putObject(
      bucket,
      object,
      condition,
      context.now,
      context.announce("ObjectCreated:Put"),
    );
    return { status: 200, headers: { etag: `"${stored.etag}"`, ...checksumHeaders(stored.checksum) } };
  } catch (error) {
    await dropUnused(bucket, key, pieces);
    throw error;
  }
}

/** Replacing what has a certain ETag tells what is there: it takes the right to read, too, as on S3. */
export function demandWrite({ caller, bucket, key }: Context, condition: WriteCondition): void {
  const onlyNew = condition?.kind === "absent";
  demand(caller.key, { action: "put", bucket: bucket.name, name: key, onlyNew });
  if (condition?.kind === "etag") demand(caller.key, { action: "get", bucket: bucket.name, name: key });
}

export function checksumHeaders(checksum: StoredChecksum | undefined): Record<string, string> {
  if (!checksum) return {};
  return { [`x-amz-checksum-${checksum.name}`]: checksum.value, "x-amz-checksum-type": checksum.type };
}
