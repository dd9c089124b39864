import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import type { Storage } from "./storage.ts";

/**
 * What each function may do, and nothing else. CDK's grants are not used: they give wildcards (`s3:GetObject*`).
 * `s3:ListBucket` has no condition on the prefix, as S3 answers 404 for a missing object only to those who may list;
 * a GET has no prefix, so with the condition it would answer 403.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 */
export function ingestRights({ logs, lists, table }: Storage, queue: IQueue): PolicyStatement[] {
  return [
    allow(
      "TakeMessages",
      ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility", "sqs:GetQueueAttributes"],
      queue.queueArn,
    ),
    allow("ReadLogs", ["s3:GetObject"], logs.arnForObjects("*")),
    allow("KnowMissing", ["s3:ListBucket"], logs.bucketArn, lists.bucketArn),
    allow("WriteReceipts", ["s3:GetObject", "s3:PutObject"], lists.arnForObjects("receipts/*")),
    // trusted proxies
    allow("ReadPolicy", ["s3:GetObject"], lists.arnForObjects("policy/policy.json")),
    // made by whoever needs it first
    allow("HashUserNames", ["s3:GetObject", "s3:PutObject"], lists.arnForObjects("policy/user-key")),
    allow(
      "Count",
      [
        "dynamodb:BatchWriteItem",
        "dynamodb:GetItem",
        "dynamodb:PutItem",
        "dynamodb:Query",
        "dynamodb:UpdateItem",
      ],
      table.tableArn,
    ),
  ];
}

/** What is decided by, besides the counters; not the key that user names are hashed with, which lies beside it. */
const DECIDED_BY = ["policy/policy.json", "policy/exceptions.json", "policy/lists/*"];

export function publishRights({ lists, table, signingKey }: Storage): PolicyStatement[] {
  return [
    allow("ReadCounters", ["dynamodb:Query"], table.tableArn),
    allow("KnowMissing", ["s3:ListBucket"], lists.bucketArn),
    allow("ReadInputs", ["s3:GetObject"], ...DECIDED_BY.map((keys) => lists.arnForObjects(keys))),
    allow(
      "Publish",
      ["s3:GetObject", "s3:PutObject"],
      ...["blocklist/*", "report/*"].map((keys) => lists.arnForObjects(keys)),
    ),
    allow("CleanOldLists", ["s3:DeleteObject"], lists.arnForObjects("blocklist/*")),
    new PolicyStatement({
      sid: "SignManifest",
      actions: ["kms:Sign"],
      resources: [signingKey.keyArn],
      conditions: { StringEquals: { "kms:SigningAlgorithm": "ECDSA_SHA_256" } },
    }),
  ];
}

export function queryRights({ lists, table }: Storage): PolicyStatement[] {
  return [
    allow("ReadCounters", ["dynamodb:Query"], table.tableArn),
    allow("KnowMissing", ["s3:ListBucket"], lists.bucketArn),
    allow(
      "ReadLists",
      ["s3:GetObject"],
      ...["blocklist/*", ...DECIDED_BY, "receipts/*"].map((keys) => lists.arnForObjects(keys)),
    ),
  ];
}

export function allow(sid: string, actions: string[], ...resources: string[]): PolicyStatement {
  return new PolicyStatement({ sid, actions, resources });
}
