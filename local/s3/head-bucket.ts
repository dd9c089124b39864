import { demand } from "./access.ts";
import { checkNoBody } from "./body.ts";
import type { Context, Reply } from "./context.ts";

/** HeadBucket: whether the bucket is there and may be listed. */
export async function headBucket({ bucket, caller, request }: Context): Promise<Reply> {
  checkNoBody(request, caller);
  demand(caller.key, { action: "list", bucket: bucket.name, name: "" });
  return { status: 200 };
}
