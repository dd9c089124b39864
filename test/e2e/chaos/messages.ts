import type { SQSEvent } from "aws-lambda";

/** Messages as Lambda gets them from SQS. */
export function sqsEventOf(messages: readonly { id: string; body: string }[]): SQSEvent {
  const common = {
    receiptHandle: "",
    attributes: {
      ApproximateReceiveCount: "1",
      SentTimestamp: "0",
      SenderId: "chaos",
      ApproximateFirstReceiveTimestamp: "0",
    },
    messageAttributes: {},
    md5OfBody: "",
    eventSource: "aws:sqs",
    eventSourceARN: "arn:aws:sqs:us-east-1:000000000000:chaos",
    awsRegion: "us-east-1",
  };
  return { Records: messages.map(({ id, body }) => ({ ...common, messageId: id, body })) };
}
