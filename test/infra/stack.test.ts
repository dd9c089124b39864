import { readFileSync } from "node:fs";
import { Match } from "aws-cdk-lib/assertions";
import { expect, test } from "vitest";
import { deploymentFromEnvironment } from "../../functions/store/deployment.ts";
import { statementsOf, synthesised, text } from "./factories.ts";

const { template } = synthesised();

test("is two buckets, a queue and its dead letters, a table, three functions, a schedule, a key, alarms and a parameter", () => {
  const counts = {
    "AWS::S3::Bucket": 2,
    "AWS::SQS::Queue": 2,
    "AWS::DynamoDB::Table": 1,
    "AWS::Lambda::Function": 3,
    "AWS::Lambda::EventSourceMapping": 1,
    "AWS::Events::Rule": 1,
    "AWS::KMS::Key": 1,
    "AWS::SNS::Topic": 1,
    "AWS::CloudWatch::Alarm": 6,
    "AWS::SSM::Parameter": 1,
  };
  for (const [type, count] of Object.entries(counts)) template.resourceCountIs(type, count);
});

test("buckets are private, encrypted, without ACLs, and outlive the stack", () => {
  template.allResources("AWS::S3::Bucket", {
    DeletionPolicy: "Retain",
    UpdateReplacePolicy: "Retain",
    Properties: Match.objectLike({
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      BucketEncryption: Match.anyValue(),
      OwnershipControls: { Rules: [{ ObjectOwnership: "BucketOwnerEnforced" }] },
    }),
  });
});

test.each(["LogsPolicy", "ListsPolicy", "EventsPolicy", "DeadLettersPolicy"])(
  "%s refuses what comes without TLS",
  (policy) => {
    const [action] = policy.startsWith("L") ? ["s3:*"] : ["sqs:*"];
    const name = policy.replace("Policy", "");
    expect(statementsOf(template)).toContainEqual(
      expect.objectContaining({
        of: policy,
        Effect: "Deny",
        Action: [action],
        Resource: policy.startsWith("L") ? [`<${name}>`, `<${name}>/*`] : [`<${name}>`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      }),
    );
  },
);

test("the logs bucket refuses writes without If-None-Match, but lets multipart uploads begin", () => {
  expect(statementsOf(template)).toContainEqual(
    expect.objectContaining({
      of: "LogsPolicy",
      Effect: "Deny",
      Principal: { AWS: "*" },
      Action: ["s3:PutObject"],
      Resource: ["<Logs>/*"],
      Condition: { Null: { "s3:if-none-match": "true" }, Bool: { "s3:ObjectCreationOperation": "true" } },
    }),
  );
});

test("the table has the design's keys and TTL, can be restored, and cannot be deleted by accident", () => {
  template.hasResource("AWS::DynamoDB::Table", {
    DeletionPolicy: "Retain",
    Properties: {
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [
        { AttributeName: "pk", AttributeType: "S" },
        { AttributeName: "sk", AttributeType: "S" },
      ],
      KeySchema: [
        { AttributeName: "pk", KeyType: "HASH" },
        { AttributeName: "sk", KeyType: "RANGE" },
      ],
      TimeToLiveSpecification: { AttributeName: "expires", Enabled: true },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      DeletionProtectionEnabled: true,
    },
  });
});

test("each new object of the logs bucket becomes a message, and the queue lets S3 send before the bucket is made", () => {
  const logs = resource("AWS::S3::Bucket", "Logs");
  expect(logs.Properties.NotificationConfiguration.QueueConfigurations).toEqual([
    { Event: "s3:ObjectCreated:*", Queue: expect.anything() },
  ]);
  expect(text(logs.Properties.NotificationConfiguration.QueueConfigurations[0].Queue)).toBe("<Events>");
  expect(logs.DependsOn.map((id: string) => text({ Ref: id }))).toContain("<EventsPolicy>");
  expect(statementsOf(template)).toContainEqual(
    expect.objectContaining({
      of: "EventsPolicy",
      Effect: "Allow",
      Principal: { Service: "s3.amazonaws.com" },
      Action: ["sqs:SendMessage"],
      Condition: { StringEquals: { "aws:SourceAccount": { Ref: "AWS::AccountId" } } },
    }),
  );
});

test("a message that fails comes back after six times ingest's timeout, eight times, then lies with the dead letters", () => {
  const { VisibilityTimeout, RedrivePolicy, SqsManagedSseEnabled } = resource(
    "AWS::SQS::Queue",
    "Events",
  ).Properties;
  expect(VisibilityTimeout).toBeGreaterThanOrEqual(
    6 * resource("AWS::Lambda::Function", "Ingest").Properties.Timeout,
  );
  expect(RedrivePolicy.maxReceiveCount).toBe(14);
  expect(text(RedrivePolicy.deadLetterTargetArn)).toBe("<DeadLetters>");
  expect(SqsManagedSseEnabled).toBe(true);
  const deadLetters = resource("AWS::SQS::Queue", "DeadLetters").Properties;
  expect(deadLetters).toMatchObject({ MessageRetentionPeriod: 14 * 86_400, SqsManagedSseEnabled: true });
});

test("ingest takes batches from the queue and names those that failed", () => {
  const { FunctionName, EventSourceArn, ...mapping } = resource(
    "AWS::Lambda::EventSourceMapping",
    "IngestEvents",
  ).Properties;
  expect([text(FunctionName), text(EventSourceArn)]).toEqual(["<Ingest>", "<Events>"]);
  expect(mapping).toMatchObject({ BatchSize: 10, FunctionResponseTypes: ["ReportBatchItemFailures"] });
});

test("publish runs each minute, and a run that fails is not repeated", () => {
  const { ScheduleExpression, State, Targets } = resource("AWS::Events::Rule", "EachMinute").Properties;
  expect([ScheduleExpression, State]).toEqual(["rate(1 minute)", "ENABLED"]);
  expect(Targets.map((target: { Arn: unknown }) => text(target.Arn))).toEqual(["<Publish>"]);
  template.hasResourceProperties("AWS::Lambda::EventInvokeConfig", { MaximumRetryAttempts: 0 });
  template.hasResourceProperties("AWS::Lambda::Permission", {
    Action: "lambda:InvokeFunction",
    Principal: "events.amazonaws.com",
  });
});

test.each(["Ingest", "Publish", "Query"])(
  "%s runs on Node 24 and arm64, logs for a month, and finds its deployment",
  (name) => {
    const { Environment, ...properties } = resource("AWS::Lambda::Function", name).Properties;
    expect(properties).toMatchObject({
      Runtime: "nodejs24.x",
      Architectures: ["arm64"],
      Handler: "index.handler",
    });
    expect(text(properties.LoggingConfig.LogGroup)).toBe(`<${name}Log>`);
    expect(resource("AWS::Logs::LogGroup", `${name}Log`).Properties.RetentionInDays).toBe(30);
    const variables = Object.entries(Environment.Variables).map(([key, value]) => [key, text(value)]);
    expect(
      deploymentFromEnvironment({ AWS_REGION: "eu-central-1", ...Object.fromEntries(variables) }),
    ).toEqual({
      region: "eu-central-1",
      logsBucket: "<Logs>",
      listsBucket: "<Lists>",
      table: "<Counters>",
      signer: { kmsKeyId: "<SigningKey>" },
      retentionDays: 100,
      userNames: "hashed",
      ...(name === "Ingest" && { queue: "<Events>" }),
    });
  },
);

test("replaced lists are kept for a day, other old versions for a month", () => {
  const { Rules } = resource("AWS::S3::Bucket", "Lists").Properties.LifecycleConfiguration;
  const kept = Rules.filter((rule: Rule) => rule.NoncurrentVersionExpiration).map((rule: Rule) => [
    rule.Prefix,
    rule.NoncurrentVersionExpiration?.NoncurrentDays,
  ]);
  expect(kept).toEqual([
    ["blocklist/", 1],
    [undefined, 30],
  ]);
});

interface Rule {
  Prefix?: string;
  NoncurrentVersionExpiration?: { NoncurrentDays: number };
}

test.each(["LogsNotCounted", "LogsWait", "PublishFails", "PublishStopped", "ListRefused", "Alert"])(
  "%s tells the topic, and docs/aws.md what to do then",
  (name) => {
    expect(resource("AWS::CloudWatch::Alarm", name).Properties.AlarmActions.map(text)).toEqual(["<Alarms>"]);
    expect(readFileSync("docs/aws.md", "utf8")).toContain(`| \`${name}\` |`);
  },
);

test("warnings of publish are counted by their word", () => {
  for (const word of ["refusal", "alert"]) {
    template.hasResourceProperties("AWS::Logs::MetricFilter", { FilterPattern: `"WARN" "${word}"` });
  }
});

test("alarms go to the address that is named", () => {
  template.resourceCountIs("AWS::SNS::Subscription", 0);
  synthesised({ alarmEmail: "ops@example.net" }).template.hasResourceProperties("AWS::SNS::Subscription", {
    Protocol: "email",
    Endpoint: "ops@example.net",
  });
});

test("the key signs with ECDSA P-256 and outlives the stack", () => {
  template.hasResource("AWS::KMS::Key", {
    DeletionPolicy: "Retain",
    Properties: { KeySpec: "ECC_NIST_P256", KeyUsage: "SIGN_VERIFY" },
  });
});

test("the parameter tells the command everything by the stack's name", () => {
  const { template } = synthesised({ name: "fleetban-test", retentionDays: "200", userNames: "plain" });
  const [parameter] = Object.values(template.findResources("AWS::SSM::Parameter"));
  expect(parameter?.Properties.Name).toBe("/fleetban/fleetban-test/deployment");
  expect(JSON.parse(text(parameter?.Properties.Value))).toEqual({
    region: "<AWS::Region>",
    logsBucket: "<Logs>",
    listsBucket: "<Lists>",
    table: "<Counters>",
    signer: { kmsKeyId: "<SigningKey>" },
    retentionDays: 200,
    userNames: "plain",
    queue: "<Events>",
    deadLetters: "<DeadLetters>",
    functions: { ingest: "<Ingest>", publish: "<Publish>", query: "<Query>" },
  });
});

/** The one resource of a type whose logical id is `name` and a hash. */
function resource(type: string, name: string) {
  const found = Object.entries(template.findResources(type)).filter(
    ([id]) => text({ Ref: id }) === `<${name}>`,
  );
  expect(found.map(([id]) => id)).toHaveLength(1);
  return found[0]![1];
}
