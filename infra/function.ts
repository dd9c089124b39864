import { join } from "node:path";
import { type Duration, RemovalPolicy, type Stack } from "aws-cdk-lib";
import { PolicyDocument, type PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Architecture, Runtime } from "aws-cdk-lib/aws-lambda";
import {
  type BundlingOptions,
  type ICommandHooks,
  LogLevel,
  NodejsFunction,
  OutputFormat,
} from "aws-cdk-lib/aws-lambda-nodejs";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import { allow } from "./rights.ts";

export interface FunctionOf {
  description: string;
  /** Its file in functions/, which exports `handler`. */
  entry: string;
  /** MB; Lambda gives CPU in proportion, one whole at 1,769. https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
  memorySize: number;
  timeout: Duration;
  environment: Record<string, string>;
  /** Files that lie beside the code, by name: where they are now. */
  files?: Record<string, string>;
  rights: PolicyStatement[];
}

/** A Lambda function of this project with its own log group and its own role, which allows `rights` and logging. */
export function createFunction(
  stack: Stack,
  id: string,
  { entry, files = {}, rights, ...props }: FunctionOf,
): NodejsFunction {
  const logGroup = new LogGroup(stack, `${id}Log`, {
    retention: RetentionDays.ONE_MONTH,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const logging = allow("Log", ["logs:CreateLogStream", "logs:PutLogEvents"], logGroup.logGroupArn);
  return new NodejsFunction(stack, id, {
    ...props,
    entry: join(ROOT, "functions", entry),
    projectRoot: ROOT,
    depsLockFilePath: join(ROOT, "package-lock.json"),
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    role: new Role(stack, `${id}Role`, {
      assumedBy: new ServicePrincipal("lambda.amazonaws.com"),
      inlinePolicies: { Rights: new PolicyDocument({ statements: [...rights, logging] }) },
    }),
    logGroup,
    awsSdkConnectionReuse: false, // SDK 3 reuses connections without the variable that this would set
    bundling: { ...BUNDLING, commandHooks: copying(files) },
  });
}

const ROOT = join(import.meta.dirname, "..");

/**
 * One ES module a function, by the installed esbuild: no Docker, no network. The AWS SDK is bundled, though the
 * runtime has one: what runs is what the tests ran with, and it changes only when the lockfile does.
 */
export const BUNDLING: BundlingOptions = {
  format: OutputFormat.ESM,
  target: "node24",
  mainFields: ["module", "main"],
  externalModules: [],
  logLevel: LogLevel.WARNING,
  // the CommonJS parts of dependencies call require for Node's own modules
  banner:
    'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
};

function copying(files: Record<string, string>): ICommandHooks {
  return {
    beforeBundling: () => [],
    beforeInstall: () => [],
    afterBundling: (_from, to) =>
      Object.entries(files).map(([name, path]) => `cp "${path}" "${join(to, name)}"`),
  };
}
