import { AwsSolutionsChecks } from "cdk-nag";
import { buildSync } from "esbuild";
import { expect, test } from "vitest";
import { statementsOf, synthesised } from "./factories.ts";

const { stack, template } = synthesised();
const statements = statementsOf(template);

/** Resources of a permission that end with a wildcard, and why; all others name one thing. */
const WILDCARDS: Record<string, string> = {
  "<Logs>/*": "hosts name their logs",
  "<Lists>/receipts/*": "keys of segments",
  "<Lists>/blocklist/*": "folders of serials",
  "<Lists>/report/*": "files of the page",
  "<Lists>/policy/lists/*": "one file an outside list",
};

/** https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html */
const ACTIONS: Record<string, string> = {
  BatchWriteItem: "dynamodb:BatchWriteItem",
  ChangeMessageVisibilityBatch: "sqs:ChangeMessageVisibility",
  DeleteObjects: "s3:DeleteObject",
  GetItem: "dynamodb:GetItem",
  PutItem: "dynamodb:PutItem",
  Query: "dynamodb:Query",
  UpdateItem: "dynamodb:UpdateItem",
  GetObject: "s3:GetObject",
  HeadObject: "s3:GetObject",
  ListObjectsV2: "s3:ListBucket",
  PutObject: "s3:PutObject",
  Sign: "kms:Sign",
};

test("a permission names its actions", () => {
  const actions = statements.filter(({ Effect }) => Effect === "Allow").flatMap(({ Action }) => Action);
  expect(actions.length).toBeGreaterThan(30);
  expect(actions.filter((action) => !/^[a-z0-9]+:[A-Za-z]+$/.test(action))).toEqual([]);
});

test("a permission names its resources", () => {
  const vague = statements
    .filter(({ Effect, of }) => Effect === "Allow" && of !== "SigningKey")
    .flatMap(({ Resource }) => Resource)
    .filter((resource) => /[*?]/.test(resource) && !(resource in WILDCARDS));
  expect(vague).toEqual([]);
});

test("only a key's own policy says *, which there means the key", () => {
  const everything = statements.filter(({ Resource }) => Resource.includes("*"));
  expect(everything.map(({ of }) => of)).toEqual(["SigningKey"]);
});

test.each([
  ["Ingest", "sqs:ReceiveMessage", "<Events>"],
  ["Ingest", "sqs:ChangeMessageVisibility", "<Events>"],
  ["Ingest", "s3:GetObject", "<Logs>/mx1/maillog.gz"],
  ["Ingest", "s3:PutObject", "<Lists>/receipts/mx1/0011223344556677/0-9.1.tsv.gz"],
  ["Ingest", "s3:PutObject", "<Lists>/policy/user-key"],
  ["Ingest", "dynamodb:BatchWriteItem", "<Counters>"],
  ["Publish", "dynamodb:Query", "<Counters>"],
  ["Publish", "s3:GetObject", "<Lists>/policy/policy.json"],
  ["Publish", "s3:GetObject", "<Lists>/policy/exceptions.json"],
  ["Publish", "s3:PutObject", "<Lists>/blocklist/manifest"],
  ["Publish", "s3:PutObject", "<Lists>/report/alerts.json"],
  ["Publish", "s3:DeleteObject", "<Lists>/blocklist/1764000000-0123456789abcdef/plain.txt"],
  ["Publish", "kms:Sign", "<SigningKey>"],
  ["Query", "dynamodb:Query", "<Counters>"],
  ["Query", "s3:GetObject", "<Lists>/receipts/mx1/0011223344556677/0-9.1.tsv.gz"],
  ["Query", "logs:PutLogEvents", "<QueryLog>"],
])("%s may %s on %s", (name, action, resource) => {
  expect(may(name, action, resource)).toBe(true);
});

test.each([
  ["Ingest", "s3:PutObject", "<Lists>/blocklist/manifest"],
  ["Ingest", "s3:PutObject", "<Lists>/policy/policy.json"],
  ["Ingest", "s3:PutObject", "<Logs>/mx1/maillog.gz"],
  ["Ingest", "kms:Sign", "<SigningKey>"],
  ["Publish", "s3:GetObject", "<Logs>/mx1/maillog.gz"],
  ["Publish", "s3:GetObject", "<Lists>/policy/user-key"],
  ["Publish", "s3:PutObject", "<Lists>/policy/policy.json"],
  ["Publish", "s3:DeleteObject", "<Lists>/policy/policy.json"],
  ["Publish", "s3:PutObject", "<Lists>/policy/exceptions.json"],
  ["Publish", "dynamodb:PutItem", "<Counters>"],
  ["Query", "s3:GetObject", "<Lists>/policy/user-key"],
  ["Query", "s3:PutObject", "<Lists>/blocklist/manifest"],
  ["Query", "dynamodb:PutItem", "<Counters>"],
  ["Query", "kms:Sign", "<SigningKey>"],
])("%s may not %s on %s", (name, action, resource) => {
  expect(may(name, action, resource)).toBe(false);
});

test.each(["Ingest", "Publish", "Query"])(
  "%s may do what its code calls, and nothing that it does not call",
  (name) => {
    const called = callsOf(name).map((call) => ACTIONS[call] ?? `no action known for ${call}`);
    const allowed = statements.filter(({ of }) => of === `${name}Role`).flatMap(({ Action }) => Action);
    const only = (actions: string[]) =>
      [...new Set(actions)].filter((action) => /^(s3|dynamodb|kms):/.test(action));
    // every function can open the store, but only publish signs
    const needed = called.filter((action) => action !== "kms:Sign" || name === "Publish");
    // s3:ListBucket also makes a missing object a 404
    expect(only(allowed).sort()).toEqual(only([...needed, "s3:ListBucket"]).sort());
  },
);

test("all that functions may change is items, objects, the messages they took and their own logs", () => {
  const functions = statements.filter(
    ({ of, Action }) => of.endsWith("Role") && !Action.includes("sts:AssumeRole"),
  );
  const changing = functions
    .flatMap(({ Action }) => Action)
    .filter((action) => !/:(Get|List|Query|Receive)/.test(action));
  expect([...new Set(changing)].sort()).toEqual([
    "dynamodb:BatchWriteItem",
    "dynamodb:PutItem",
    "dynamodb:UpdateItem",
    "kms:Sign",
    "logs:CreateLogStream",
    "logs:PutLogEvents",
    "s3:DeleteObject",
    "s3:PutObject",
    "sqs:ChangeMessageVisibility",
    "sqs:DeleteMessage",
  ]);
});

test("cdk-nag's AWS solutions rules find nothing but what is meant", () => {
  const { violations } = new AwsSolutionsChecks(stack).validateScope(stack);
  const found = new Set(violations.map(({ ruleName }) => ruleName.replace(/^.*?\[Resource::(.*)\]$/, "$1")));
  const meant = Object.keys(WILDCARDS).map((resource) => resource.replace(/^<(.*)>(.*)$/, "$1$2"));
  expect([...found].map((finding) => finding.replace(/^<(\w+?)[0-9A-F]{8}\.Arn>/, "$1")).sort()).toEqual(
    // S1, server access logs: they come late and incomplete; who reads and writes is in CloudTrail's data events
    [...meant, "AwsSolutions-S1"].sort(),
  );
});

/** The AWS calls that are left in a function's code when what it does not use is gone. */
function callsOf(name: string): string[] {
  const { outputFiles } = buildSync({
    entryPoints: [`functions/${name.toLowerCase()}.ts`],
    bundle: true,
    format: "esm",
    platform: "node",
    packages: "external",
    write: false,
  });
  return outputFiles[0]!.text.match(/(?<=new )\w+(?=Command\()/g) ?? [];
}

/** As IAM decides for a role's own policies: a statement that names action and resource, none that denies. */
function may(name: string, action: string, resource: string): boolean {
  return statements.some(
    ({ of, Effect, Action, Resource }) =>
      of === `${name}Role` &&
      Effect === "Allow" &&
      Action.includes(action) &&
      Resource.some(matches(resource)),
  );
}

function matches(resource: string): (pattern: string) => boolean {
  return (pattern) =>
    pattern.endsWith("*") ? resource.startsWith(pattern.slice(0, -1)) : resource === pattern;
}
