import { BatchWriteItemCommand, type DynamoDBClient, type WriteRequest } from "@aws-sdk/client-dynamodb";
import type { Random } from "./random.ts";

/** A request that was sent to be answered by somebody else than the server. */
export type Answerer = (body: Buffer) => Promise<string>;

/**
 * Does some of what a BatchWriteItem asks for, and says of the rest that it is unprocessed, as DynamoDB may
 * (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html).
 */
export function partlyDone(client: DynamoDBClient, random: Random): Answerer {
  return async (body) => {
    const { RequestItems } = JSON.parse(body.toString()) as { RequestItems: Record<string, WriteRequest[]> };
    const [[table, requests] = ["", []]] = Object.entries(RequestItems);
    const left = random.below(requests.length);
    const isLeft = (_: WriteRequest, n: number) => n === left || random.chance(0.3);
    const unprocessed = requests.filter(isLeft);
    const done = requests.filter((request) => !unprocessed.includes(request));
    if (done.length > 0)
      await client.send(new BatchWriteItemCommand({ RequestItems: { [table]: done.map(withBytes) } }));
    return JSON.stringify({ UnprocessedItems: { [table]: unprocessed } });
  };
}

/** In JSON bytes are in base64, in commands not. */
function withBytes(request: WriteRequest): WriteRequest {
  return JSON.parse(JSON.stringify(request), (key, value) =>
    key === "B" && typeof value === "string" ? Buffer.from(value, "base64") : value,
  );
}
