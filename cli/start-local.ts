import { createIngest, type IngestOptions } from "../functions/ingest.ts";
import type { Published } from "../functions/list/publish.ts";
import { createPublish } from "../functions/publish.ts";
import { type Stack, type StackOptions, startStack } from "../local/stack.ts";

export type LocalOptions = Omit<StackOptions<Published>, "handlers"> &
  Pick<IngestOptions, "onObject" | "onRetry">;

/** The embedded stack with the functions that AWS would run. */
export async function startLocal({ onObject, onRetry, ...options }: LocalOptions): Promise<Stack<Published>> {
  return await startStack({
    ...options,
    handlers: {
      ingest: (deployment, claims) =>
        createIngest(deployment, { ...claims, ...(onObject && { onObject }), ...(onRetry && { onRetry }) }),
      publish: createPublish,
    },
  });
}
