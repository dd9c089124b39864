import { Duration, type Stack } from "aws-cdk-lib";
import { Rule, RuleTargetInput, Schedule } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import { Effect, PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { Function as LambdaFn } from "aws-cdk-lib/aws-lambda";
import type { Bucket, CfnBucket } from "aws-cdk-lib/aws-s3";
import { Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";

/** AWS asks for six times the function's timeout. https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html */
const VISIBILITY_TIMEOUTS = 6;

/**
 * A message is tried so often before it goes to the dead-letter queue; AWS asks for five at least. What is only busy comes
 * again sooner than the visibility timeout (functions/ingest.ts), and must outlast the lease of a function that died; all tries together
 * take an hour and a half to three, so that an outage makes no dead letters and the alarm for waiting logs comes first.
 */
const MOST_RECEIVES = 14;

/** S3's events wait here for ingest. What cannot be ingested lies in the dead-letter queue for the longest time there is. */
export function createQueue(stack: Stack, ingestTimeout: Duration): { queue: Queue; deadLetters: Queue } {
  const deadLetters = new Queue(stack, "DeadLetters", { ...CLOSED, retentionPeriod: Duration.days(14) });
  const queue = new Queue(stack, "Events", {
    ...CLOSED,
    visibilityTimeout: Duration.seconds(ingestTimeout.toSeconds() * VISIBILITY_TIMEOUTS),
    retentionPeriod: Duration.days(4),
    deadLetterQueue: { queue: deadLetters, maxReceiveCount: MOST_RECEIVES },
  });
  return { queue, deadLetters };
}

/**
 * Sends an event for each new object to the queue. The bucket's own property is set: CDK's addEventNotification would
 * bring a fourth function that may change any bucket. S3 tries the queue when the bucket is made, so the queue's policy
 * must be there first and cannot name the bucket: it names the account.
 */
export function notifyOnNewObjects(stack: Stack, logs: Bucket, queue: Queue): void {
  queue.addToResourcePolicy(
    new PolicyStatement({
      sid: "OwnBucketsSendEvents",
      effect: Effect.ALLOW,
      principals: [new ServicePrincipal("s3.amazonaws.com")],
      actions: ["sqs:SendMessage"],
      resources: [queue.queueArn],
      conditions: { StringEquals: { "aws:SourceAccount": stack.account } },
    }),
  );
  const bucket = logs.node.defaultChild as CfnBucket;
  bucket.notificationConfiguration = {
    queueConfigurations: [{ event: "s3:ObjectCreated:*", queue: queue.queueArn }],
  };
  bucket.node.addDependency(queue);
}

/** Hands the queue's messages to ingest; those it names as failed come back, the others are done. */
export function feedIngest(ingest: LambdaFn, queue: Queue): void {
  ingest.addEventSourceMapping("Events", {
    eventSourceArn: queue.queueArn,
    batchSize: 10,
    reportBatchItemFailures: true,
    maxConcurrency: 20, // a redrive of a whole fleet must not take the account's concurrency
  });
}

/** Calls publish each minute. A call that fails is not repeated: the next one is as good. */
export function publishEachMinute(stack: Stack, publish: LambdaFn): void {
  const once = { retryAttempts: 0, maxEventAge: Duration.minutes(1) };
  publish.configureAsyncInvoke(once);
  new Rule(stack, "EachMinute", {
    description: `Publishes the blocklist of ${stack.stackName}`,
    schedule: Schedule.rate(Duration.minutes(1)),
    targets: [new LambdaFunction(publish, { ...once, event: RuleTargetInput.fromObject({}) })],
  });
}

const CLOSED = { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true };
