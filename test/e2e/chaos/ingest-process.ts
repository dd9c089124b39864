import { createIngest } from "../../../functions/ingest.ts";
import type { Deployment } from "../../../functions/store/deployment.ts";
import { sqsEventOf } from "./messages.ts";

/** What the process is asked: to ingest these messages, knowing which processes before it have died. */
export interface IngestTask {
  messages: { id: string; body: string }[];
  dead: string[];
}

/** What it answers: ids of the messages that have to come again. */
export interface IngestAnswer {
  failed: string[];
}

// A process that ingests as Lambda does, to be killed at any point.
const { name, deployment } = JSON.parse(process.argv[2] ?? "") as { name: string; deployment: Deployment };
let dead: string[] = [];
const ingest = createIngest(deployment, {
  owner: name,
  isDead: (claim) => dead.some((other) => claim.owner.startsWith(`${other}-`)),
  onRetry: (key, error) => {
    if (process.env.CHAOS_VERBOSE) console.error(`${name}: ${key}: ${error.name}: ${error.message}`);
  },
});
process.on("message", async (task: IngestTask) => {
  dead = task.dead;
  const reply = await ingest(sqsEventOf(task.messages));
  const failed = reply.batchItemFailures.map((failure) => failure.itemIdentifier);
  process.send?.({ failed } satisfies IngestAnswer);
});
process.on("disconnect", () => process.exit(0));
process.send?.("ready");
