import { clientConfig } from "./clients.ts";
import type { Deployment } from "./deployment.ts";

/** A message of the queue that was received, and in how many seconds it shall come again. */
export interface ComingAgain {
  receiptHandle: string;
  seconds: number;
}

/** SQS would not hide some messages anew: they come again after the queue's visibility timeout. */
export class VisibilityError extends Error {
  override name = "VisibilityError";
}

/**
 * Lets received messages come again after so many seconds instead of the queue's visibility timeout. Nothing where the
 * deployment has no queue of its own: whoever calls the function then sees to it.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibilityBatch.html
 * @throws VisibilityError and what SQS fails with
 */
export async function letComeAgain(deployment: Deployment, messages: readonly ComingAgain[]): Promise<void> {
  if (deployment.queue === undefined || messages.length === 0) return;
  const { ChangeMessageVisibilityBatchCommand, SQSClient } = await import("@aws-sdk/client-sqs");
  const client = new SQSClient(clientConfig(deployment, deployment.endpoints?.sqs));
  try {
    for (let from = 0; from < messages.length; from += BATCH) {
      const entries = messages.slice(from, from + BATCH).map(({ receiptHandle, seconds }, index) => ({
        Id: String(index),
        ReceiptHandle: receiptHandle,
        VisibilityTimeout: seconds,
      }));
      const { Failed = [] } = await client.send(
        new ChangeMessageVisibilityBatchCommand({ QueueUrl: deployment.queue, Entries: entries }),
      );
      if (Failed.length > 0) throw new VisibilityError(`${Failed[0]?.Code}: ${Failed[0]?.Message ?? ""}`);
    }
  } finally {
    client.destroy();
  }
}

/** What one request takes. */
const BATCH = 10;
