import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** An entry of ChangeMessageVisibilityBatch. */
export interface Hidden {
  Id: string;
  ReceiptHandle: string;
  VisibilityTimeout: number;
}

/**
 * A server that speaks as much of SQS as changing the visibility of messages needs, and tells what it was asked.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibilityBatch.html
 */
export async function startSqs(refuse: (entry: Hidden) => boolean = () => false) {
  const requests: { QueueUrl: string; Entries: Hidden[] }[] = [];
  const server = createServer(async (request, response) => {
    let text = "";
    for await (const chunk of request) text += chunk;
    const known = request.headers["x-amz-target"] === "AmazonSQS.ChangeMessageVisibilityBatch";
    const asked = JSON.parse(text) as { QueueUrl: string; Entries: Hidden[] };
    if (known) requests.push(asked);
    const failed = asked.Entries.filter(refuse).map(({ Id }) => ({ Id, ...EXPIRED }));
    const Successful = asked.Entries.filter((entry) => !refuse(entry)).map(({ Id }) => ({ Id }));
    const head = { "content-type": "application/x-amz-json-1.0" };
    response
      .writeHead(known ? 200 : 400, head)
      .end(JSON.stringify({ Successful, ...(failed.length > 0 && { Failed: failed }) }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { endpoint, queue: `${endpoint}/000000000000/events`, requests };
}

const EXPIRED = { SenderFault: true, Code: "ReceiptHandleIsInvalid", Message: "it has expired" };
