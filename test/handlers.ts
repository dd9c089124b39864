import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { CreateTableCommand } from "@aws-sdk/client-dynamodb";
import type { S3EventRecord, SQSEvent, SQSRecord } from "aws-lambda";
import { onTestFinished } from "vitest";
import { dynamoDBClient } from "../functions/store/clients.ts";
import type { Deployment } from "../functions/store/deployment.ts";
import { type PutOptions, putObject } from "../functions/store/objects.ts";
import { openStore, type Store } from "../functions/store/store.ts";
import { startStack } from "../local/stack.ts";
import { temporaryFolder } from "./cli/folder.ts";

export interface System {
  deployment: Deployment;
  store: Store;
  /** Puts a log; nobody ingests it by itself. */
  put(key: string, body: string | Uint8Array, options?: PutOptions): Promise<void>;
}

/** An embedded S3 and DynamoDB whose queue is nobody's: the test calls the handlers, as Lambda would. */
export async function startSystem(): Promise<System> {
  const stack = await startStack({
    dataDir: join(await temporaryFolder(), "data"),
    handlers: { ingest: () => async () => ({ batchItemFailures: [] }), publish: () => async () => undefined },
  });
  onTestFinished(() => stack.stop());
  const deployment = await onOtherDatabase(stack.deployment);
  const store = openStore(deployment);
  return {
    deployment,
    store,
    put: async (key, body, options = {}) => {
      await putObject(store.logs, key, body, { condition: { ifNoneMatch: "*" }, ...options });
    },
  };
}

/** Where test/e2e/dynamodb-local.test.ts names another DynamoDB, with a table of its own there. */
async function onOtherDatabase(deployment: Deployment): Promise<Deployment> {
  const endpoint = process.env.TEST_DYNAMODB;
  if (endpoint === undefined) return deployment;
  const table = `counters-${randomUUID()}`;
  const other = { ...deployment, table, endpoints: { ...deployment.endpoints, dynamodb: endpoint } };
  await dynamoDBClient(other).send(
    new CreateTableCommand({
      TableName: table,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [
        { AttributeName: "pk", AttributeType: "S" },
        { AttributeName: "sk", AttributeType: "S" },
      ],
      KeySchema: [
        { AttributeName: "pk", KeyType: "HASH" },
        { AttributeName: "sk", KeyType: "RANGE" },
      ],
    }),
  );
  return other;
}

/** One SQS message for each list of keys. */
export function sqsEvent(...messages: (string[] | string)[]): SQSEvent {
  return {
    Records: messages.map((message) => sqsRecord(typeof message === "string" ? message : s3Event(message))),
  };
}

export function s3Event(keys: string[]): string {
  return JSON.stringify({ Records: keys.map(s3Record) });
}

function s3Record(key: string): Partial<S3EventRecord> {
  const object = { key: encodeURIComponent(key).replaceAll("%20", "+"), size: 1, eTag: "", sequencer: "0" };
  const bucket = { name: "logs", ownerIdentity: { principalId: "x" }, arn: "arn:aws:s3:::logs" };
  const s3 = { s3SchemaVersion: "1.0", configurationId: "x", bucket, object };
  return { eventVersion: "2.1", eventSource: "aws:s3", eventName: "ObjectCreated:Put", s3 };
}

function sqsRecord(body: string): SQSRecord {
  const attributes = {
    ApproximateReceiveCount: "1",
    SentTimestamp: "0",
    SenderId: "x",
    ApproximateFirstReceiveTimestamp: "0",
  };
  const origin = {
    eventSource: "aws:sqs",
    eventSourceARN: "arn:aws:sqs:us-east-1:0:q",
    awsRegion: "us-east-1",
  };
  const messageId = randomUUID();
  return {
    messageId,
    receiptHandle: messageId,
    body,
    attributes,
    messageAttributes: {},
    md5OfBody: "",
    ...origin,
  };
}
