import { Duration, RemovalPolicy, type Stack } from "aws-cdk-lib";
import { AttributeType, BillingMode, Table } from "aws-cdk-lib/aws-dynamodb";
import {
  AccountRootPrincipal,
  AnyPrincipal,
  Effect,
  PolicyDocument,
  PolicyStatement,
} from "aws-cdk-lib/aws-iam";
import { Key, KeySpec, KeyUsage } from "aws-cdk-lib/aws-kms";
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type BucketProps,
  ObjectOwnership,
} from "aws-cdk-lib/aws-s3";

/** A log is put before or after its events' day; receipts and logs outlive the rows that came from them. */
const GRACE_DAYS = 2;

/** Everything that keeps data, or signs it. */
export interface Storage {
  logs: Bucket;
  lists: Bucket;
  table: Table;
  signingKey: Key;
}

export function createStorage(stack: Stack, retentionDays: number): Storage {
  return {
    logs: createLogsBucket(stack, retentionDays),
    lists: createListsBucket(stack, retentionDays),
    table: createTable(stack),
    signingKey: createSigningKey(stack),
  };
}

/** Where hosts put their logs. An object is written once: nothing is overwritten, so nothing needs versions. */
function createLogsBucket(stack: Stack, retentionDays: number): Bucket {
  const bucket = new Bucket(stack, "Logs", {
    ...PRIVATE,
    lifecycleRules: [
      { id: "Expire", expiration: Duration.days(retentionDays + GRACE_DAYS) },
      { id: "AbortUploads", abortIncompleteMultipartUploadAfter: Duration.days(1) },
    ],
  });
  bucket.addToResourcePolicy(onlyNewObjects(bucket));
  return bucket;
}

/** Blocklists, report, policy, address data, receipts. Versions let an operator see and undo a policy or a list. */
function createListsBucket(stack: Stack, retentionDays: number): Bucket {
  return new Bucket(stack, "Lists", {
    ...PRIVATE,
    versioned: true,
    lifecycleRules: [
      { id: "ExpireReceipts", prefix: "receipts/", expiration: Duration.days(retentionDays + GRACE_DAYS) },
      {
        // a list is published each minute at worst, in all formats, and cleaned away later: kept for a day it can be undone
        id: "ExpireOldLists",
        prefix: "blocklist/",
        noncurrentVersionExpiration: Duration.days(1),
      },
      {
        id: "ExpireOldVersions",
        noncurrentVersionExpiration: Duration.days(30),
        expiredObjectDeleteMarker: true,
      },
      { id: "AbortUploads", abortIncompleteMultipartUploadAfter: Duration.days(1) },
    ],
  });
}

/** Table `counters` and the ledger. Kept when the stack goes: it cannot be made again without all logs. */
function createTable(stack: Stack): Table {
  return new Table(stack, "Counters", {
    partitionKey: { name: "pk", type: AttributeType.STRING },
    sortKey: { name: "sk", type: AttributeType.STRING },
    billingMode: BillingMode.PAY_PER_REQUEST,
    timeToLiveAttribute: "expires",
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: true,
    removalPolicy: RemovalPolicy.RETAIN,
  });
}

/** The key that signs manifests; hosts hold its public half, so it outlives the stack. */
function createSigningKey(stack: Stack): Key {
  return new Key(stack, "SigningKey", {
    description: `Signs the blocklist manifests of ${stack.stackName}`,
    keySpec: KeySpec.ECC_NIST_P256,
    keyUsage: KeyUsage.SIGN_VERIFY,
    policy: new PolicyDocument({ statements: [accountRulesKey()] }),
    removalPolicy: RemovalPolicy.RETAIN,
  });
}

const PRIVATE: BucketProps = {
  blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
  encryption: BucketEncryption.S3_MANAGED,
  enforceSSL: true,
  objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
  removalPolicy: RemovalPolicy.RETAIN,
};

/**
 * Refuses writes without `If-None-Match`. The calls that begin a multipart upload and fill it cannot carry the
 * header and create no object: the condition on ObjectCreationOperation lets them through, the completing call
 * must carry it. https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes-enforce.html
 */
function onlyNewObjects(bucket: Bucket): PolicyStatement {
  return new PolicyStatement({
    sid: "OnlyNewObjects",
    effect: Effect.DENY,
    principals: [new AnyPrincipal()],
    actions: ["s3:PutObject"],
    resources: [bucket.arnForObjects("*")],
    conditions: {
      Null: { "s3:if-none-match": "true" },
      Bool: { "s3:ObjectCreationOperation": "true" },
    },
  });
}

/**
 * Leaves it to the account's IAM policies who may use the key; without this nobody could, nor mend it. CDK's default
 * is `kms:*`: these are the actions that such a key and CloudFormation need. In a key's policy `*` is the key itself.
 * https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
 */
function accountRulesKey(): PolicyStatement {
  return new PolicyStatement({
    sid: "AccountRulesKey",
    principals: [new AccountRootPrincipal()],
    actions: [
      "kms:CancelKeyDeletion",
      "kms:DescribeKey",
      "kms:DisableKey",
      "kms:EnableKey",
      "kms:GetKeyPolicy",
      "kms:GetKeyRotationStatus",
      "kms:GetPublicKey",
      "kms:ListResourceTags",
      "kms:PutKeyPolicy",
      "kms:ScheduleKeyDeletion",
      "kms:Sign",
      "kms:TagResource",
      "kms:UntagResource",
      "kms:UpdateKeyDescription",
      "kms:Verify",
    ],
    resources: ["*"],
  });
}
