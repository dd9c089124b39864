import { type App, Duration, Stack } from "aws-cdk-lib";
import { StringParameter } from "aws-cdk-lib/aws-ssm";
import { DATABASE_FILE, databasePath } from "../functions/locate/database.ts";
import { parseLimits } from "../functions/read/limits.ts";
import { createAlarms } from "./alarms.ts";
import { createFunction } from "./function.ts";
import { createQueue, feedIngest, notifyOnNewObjects, publishEachMinute } from "./pipeline.ts";
import { ingestRights, publishRights, queryRights } from "./rights.ts";
import type { Settings } from "./settings.ts";
import { createStorage } from "./storage.ts";

/** A log of a million addresses takes two minutes and what the table makes them wait. */
const INGEST_TIMEOUT = Duration.minutes(5);

/** The whole deployment, in the order in which data go through it. Bound to no account or region: nothing is looked up. */
export function createStack(app: App, settings: Settings): Stack {
  const stack = new Stack(app, settings.name, {
    description: "fleetban: one blocklist from a fleet's mail logs",
  });
  const storage = createStorage(stack, settings.retentionDays);
  const { logs, lists, table, signingKey } = storage;
  const environment = {
    LOGS_BUCKET: logs.bucketName,
    LISTS_BUCKET: lists.bucketName,
    TABLE: table.tableName,
    SIGNING_KEY_ID: signingKey.keyId,
    RETENTION_DAYS: String(settings.retentionDays),
    USER_NAMES: settings.userNames,
    ...(settings.limits && { LIMITS: settings.limits }),
  };
  const countries = { [DATABASE_FILE]: databasePath() };

  const { queue, deadLetters } = createQueue(stack, INGEST_TIMEOUT);
  notifyOnNewObjects(stack, logs, queue);

  const ingest = createFunction(stack, "Ingest", {
    description: "Counts the login events of each new log",
    entry: "ingest.ts",
    memorySize: 1769,
    timeout: INGEST_TIMEOUT,
    environment: { ...environment, QUEUE: queue.queueUrl },
    rights: ingestRights(storage, queue),
  });
  feedIngest(ingest, queue);

  const publish = createFunction(stack, "Publish", {
    description: "Decides who is banned and publishes the signed list",
    entry: "publish.ts",
    memorySize: 1769,
    timeout: Duration.minutes(5),
    environment,
    files: countries,
    rights: publishRights(storage),
  });
  publishEachMinute(stack, publish);

  const query = createFunction(stack, "Query", {
    description: "Answers who attacked, where and how often",
    entry: "query.ts",
    memorySize: 1024,
    timeout: Duration.minutes(1),
    environment,
    files: countries,
    rights: queryRights(storage),
  });

  createAlarms(stack, { queue, deadLetters, publish }, settings.alarmEmail);

  // what functions/store/deployment.ts calls a Deployment, and what is for people and alarms
  new StringParameter(stack, "Deployment", {
    parameterName: `/fleetban/${settings.name}/deployment`,
    description: "Where the fleetban command finds this deployment",
    stringValue: stack.toJsonString({
      region: stack.region,
      logsBucket: logs.bucketName,
      listsBucket: lists.bucketName,
      table: table.tableName,
      signer: { kmsKeyId: signingKey.keyId },
      retentionDays: settings.retentionDays,
      userNames: settings.userNames,
      ...(settings.limits && { limits: parseLimits(settings.limits) }),
      queue: queue.queueUrl,
      deadLetters: deadLetters.queueUrl,
      functions: { ingest: ingest.functionName, publish: publish.functionName, query: query.functionName },
    }),
  });
  return stack;
}
