import { resolve } from "node:path";
import { parseLogKey } from "../functions/count/keys.ts";
import { keysOf } from "../functions/ingest.ts";
import { clientConfig } from "../functions/store/clients.ts";
import type { Deployment } from "../functions/store/deployment.ts";
import { DEFAULT_DATA } from "./system.ts";

/** How many objects each host has among the dead letters; those of no host stand under `-`. */
export async function deadLetters(
  deployment: Deployment,
  localDir: string | undefined,
): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  const bodies =
    localDir === undefined ? bodiesOnAws(deployment) : bodiesIn(resolve(localDir || DEFAULT_DATA));
  for await (const body of bodies) {
    for (const host of hostsOf(body)) counts.set(host, (counts.get(host) ?? 0) + 1);
  }
  return counts;
}

function hostsOf(body: string): string[] {
  try {
    return keysOf(body).map((key) => parseLogKey(key)?.host ?? "-");
  } catch {
    return ["-"];
  }
}

async function* bodiesIn(dir: string): AsyncGenerator<string> {
  const { layout } = await import("../local/folder.ts");
  const { readDead } = await import("../local/queue-files.ts");
  yield* readDead(layout(dir).queue);
}

/** So many are looked at; who has more has one cause. */
const MOST_MESSAGES = 1000;
/** Seconds in which this look does not see a message again; then it lies there as before. */
const HIDDEN = 60;

async function* bodiesOnAws(deployment: Deployment): AsyncGenerator<string> {
  if (deployment.deadLetters === undefined) return;
  const { SQSClient, ReceiveMessageCommand } = await import("@aws-sdk/client-sqs");
  const client = new SQSClient(clientConfig(deployment, undefined));
  for (let seen = 0; seen < MOST_MESSAGES; ) {
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({
        QueueUrl: deployment.deadLetters,
        MaxNumberOfMessages: 10,
        VisibilityTimeout: HIDDEN,
        WaitTimeSeconds: 1,
      }),
    );
    if (Messages.length === 0) return;
    seen += Messages.length;
    for (const { Body = "" } of Messages) yield Body;
  }
}
