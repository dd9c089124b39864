import { demand } from "./access.ts";
import { checkNoBody, readText } from "./body.ts";
import { checkWrite, readWriteCondition } from "./conditions.ts";
import type { Context, Reply } from "./context.ts";
import { S3Error } from "./errors.ts";
import { removeObject } from "./objects.ts";
import { amzHeaders, header } from "./request.ts";
import { childText, document, element, field, malformed, parseXml } from "./xml.ts";

/** Most keys in one DeleteObjects. */
const MAX_KEYS = 1000;
/** 1,000 keys of 1,024 bytes, each byte escaped in up to six. */
const MAX_DOCUMENT = 8 * 1024 * 1024;

/** DeleteObject, with If-Match: https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObject.html */
export async function deleteObject({ bucket, caller, key, request }: Context): Promise<Reply> {
  checkNoBody(request, caller);
  demand(caller.key, { action: "delete", bucket: bucket.name, name: key });
  const condition = readWriteCondition(request);
  if (condition?.kind === "absent")
    throw new S3Error("NotImplemented", "DeleteObject knows no If-None-Match.");
  await removeObject(bucket, key, (current) => checkWrite(condition, current, key));
  return { status: 204 };
}

/** DeleteObjects: each key is allowed or refused by itself. */
export async function deleteObjects(context: Context): Promise<Reply> {
  checkHasDigest(context);
  const { keys, quiet } = readKeys(await readText(context.body(), MAX_DOCUMENT));
  const results: string[] = [];
  for (const key of keys) {
    try {
      demand(context.caller.key, { action: "delete", bucket: context.bucket.name, name: key });
      await removeObject(context.bucket, key, () => undefined);
      if (!quiet) results.push(element("Deleted", field("Key", key)));
    } catch (error) {
      if (!(error instanceof S3Error)) throw error;
      results.push(
        element("Error", field("Key", key), field("Code", error.code), field("Message", error.message)),
      );
    }
  }
  return { status: 200, body: document("DeleteResult", results.join("")) };
}

/** S3 takes no list of things to delete that could have been damaged on the way. */
function checkHasDigest({ request }: Context): void {
  const names = [...amzHeaders(request), header(request, "x-amz-trailer") ?? ""];
  if (
    header(request, "content-md5") !== undefined ||
    names.some((name) => /^x-amz-checksum-[a-z0-9]+$/.test(name))
  ) {
    return;
  }
  throw new S3Error(
    "InvalidRequest",
    "Missing required header for this request: Content-MD5 or an x-amz-checksum- header",
  );
}

function readKeys(text: string): { keys: string[]; quiet: boolean } {
  const root = parseXml(text);
  const objects = root.children.filter(({ name }) => name === "Object");
  if (root.name !== "Delete" || objects.length === 0 || objects.length > MAX_KEYS) throw malformed();
  const keys = objects.map((object) => childText(object, "Key") ?? "");
  if (keys.includes("")) throw malformed();
  return { keys, quiet: childText(root, "Quiet") === "true" };
}
