import { type Limits, parseLimits } from "../read/limits.ts";

/** Names one deployment: where its data lie and how to reach them. The same shape on AWS and for the embedded stack. */
export interface Deployment {
  region: string;
  /** Bucket that hosts put their logs into. */
  logsBucket: string;
  /** Bucket of what fleetban writes: blocklists, report, policy, receipts. */
  listsBucket: string;
  /** DynamoDB table `counters`: keys `pk` and `sk`, TTL attribute `expires`. */
  table: string;
  signer: Signer;
  /** Days that counters are kept, counted from the day of the event. */
  retentionDays: number;
  /** `hashed`: rows hold keyed hashes of user names. `plain`: the names; they are personal data. */
  userNames: UserNames;
  /** Bounds on what a log may cost, where they differ from the usual ones. */
  limits?: Partial<Limits>;
  /** URL of the queue of objects to count; on AWS. */
  queue?: string;
  /** URL of the queue of objects that could not be counted; on AWS. */
  deadLetters?: string;
  /** Other endpoints than AWS's own, as URLs without path. */
  endpoints?: Endpoints;
  /** Undefined: whatever the AWS SDK finds (the function's role, the profile). */
  credentials?: Credentials;
}

/** Signs manifests: an ECDSA P-256 key in KMS, or a PEM file. */
export type Signer = { kmsKeyId: string } | { keyFile: string };

export type UserNames = "hashed" | "plain";

export interface Endpoints {
  s3?: string;
  dynamodb?: string;
  kms?: string;
  sqs?: string;
}

export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
}

/** What a function's environment lacks or holds wrongly. */
export class EnvironmentError extends Error {
  override name = "EnvironmentError";

  constructor(variable: string, problem: string) {
    super(`environment variable ${variable} ${problem}; infra/ sets it: deploy the stack again`);
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

const MOST_RETENTION_DAYS = 3650;

/**
 * The deployment a Lambda function belongs to: LOGS_BUCKET, LISTS_BUCKET, TABLE, SIGNING_KEY_ID, RETENTION_DAYS,
 * USER_NAMES (`hashed` unless given), LIMITS (as `parseLimits` reads it), QUEUE (ingest's alone), and AWS_REGION, which Lambda sets itself.
 * @throws EnvironmentError naming the first variable that is missing or wrong
 */
export function deploymentFromEnvironment(env: Environment): Deployment {
  return {
    region: required(env, "AWS_REGION"),
    logsBucket: required(env, "LOGS_BUCKET"),
    listsBucket: required(env, "LISTS_BUCKET"),
    table: required(env, "TABLE"),
    signer: { kmsKeyId: required(env, "SIGNING_KEY_ID") },
    retentionDays: days(env, "RETENTION_DAYS"),
    userNames: userNames(env, "USER_NAMES"),
    ...(env.LIMITS && { limits: limits(env.LIMITS) }),
    ...(env.QUEUE && { queue: env.QUEUE }),
  };
}

function required(env: Environment, variable: string): string {
  const value = env[variable];
  if (!value) throw new EnvironmentError(variable, "is missing");
  return value;
}

function days(env: Environment, variable: string): number {
  const text = required(env, variable);
  const value = /^[0-9]{1,4}$/.test(text) ? Number(text) : 0;
  if (value < 1 || value > MOST_RETENTION_DAYS) {
    throw new EnvironmentError(
      variable,
      `is "${text}", not a number of days from 1 to ${MOST_RETENTION_DAYS}`,
    );
  }
  return value;
}

function limits(text: string): Partial<Limits> {
  try {
    return parseLimits(text);
  } catch (error) {
    throw new EnvironmentError("LIMITS", `holds what is no limit: ${(error as Error).message}`);
  }
}

function userNames(env: Environment, variable: string): UserNames {
  const value = env[variable] || "hashed";
  if (value !== "hashed" && value !== "plain") {
    throw new EnvironmentError(variable, `is "${value}", neither "hashed" nor "plain"`);
  }
  return value;
}
