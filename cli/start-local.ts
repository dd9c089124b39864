import { createIngest, type IngestOptions } from "../functions/ingest.ts";
import { createPublish, type PublishResult } from "../functions/publish.ts";
import { type Stack, type StackOptions, startStack } from "../local/stack.ts";

export type LocalOptions = Omit<StackOptions<PublishResult>, "handlers"> &
  Pick<IngestOptions, "onObject" | "onRetry">;

/** The embedded stack with the functions that AWS would run. */
export async function startLocal({
  onObject,
  onRetry,
  ...options
}: LocalOptions): Promise<Stack<PublishResult>> {
  return await startStack({
    ...options,
    handlers: {
      ingest: (deployment, claims) =>
        createIngest(deployment, { ...claims, ...(onObject && { onObject }), ...(onRetry && { onRetry }) }),
      publish: createPublish,
    },
  });
}
