import { readFileSync } from "node:fs";
import { App, type Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { settingsOf } from "../../infra/settings.ts";
import { createStack } from "../../infra/stack.ts";

/** The stack with cdk.json's context, as `cdk synth` makes it, but without bundling: that is test/e2e/synth.test.ts's. */
export function synthesised(context: Record<string, unknown> = {}): { stack: Stack; template: Template } {
  const { context: flags } = JSON.parse(readFileSync("cdk.json", "utf8"));
  const app = new App({ context: { ...flags, "aws:cdk:bundling-stacks": [], ...context } });
  const stack = createStack(app, settingsOf(app));
  return { stack, template: Template.fromStack(stack) };
}

export interface Statement {
  /** The policy's resource in the template, as its logical id without hash: `IngestRole`, `LogsPolicy`. */
  of: string;
  Effect: "Allow" | "Deny";
  Action: string[];
  Resource: string[];
  Condition?: Record<string, Record<string, unknown>>;
}

/** Every statement of every policy in the template; resources as text, `<Logs>/*` for the ARN of Logs and `/*`. */
export function statementsOf(template: Template): Statement[] {
  const resources = template.toJSON().Resources as Record<string, { Properties: Record<string, unknown> }>;
  return Object.entries(resources).flatMap(([id, { Properties: properties = {} }]) =>
    documentsOf(properties).flatMap(({ Statement }) =>
      Statement.map((statement) => ({
        ...statement,
        of: named(id),
        Action: [statement.Action ?? []].flat() as string[],
        // who may take a role has no resource: it is the role
        Resource: "Resource" in statement ? [statement.Resource].flat().map(text) : [`<${named(id)}>`],
      })),
    ),
  );
}

/** A template's value as text: references become `<LogicalName>`. */
export function text(value: unknown): string {
  if (typeof value === "string") return value;
  const { Ref, "Fn::GetAtt": attribute, "Fn::Join": joined } = value as Record<string, unknown>;
  if (typeof Ref === "string") return `<${named(Ref)}>`;
  if (Array.isArray(attribute)) return `<${named(attribute[0])}>`;
  if (Array.isArray(joined)) return (joined[1] as unknown[]).map(text).join(joined[0]);
  throw new TypeError(`no text known for ${JSON.stringify(value)}`);
}

type Document = {
  Statement: (Omit<Statement, "of" | "Action" | "Resource"> & Record<"Action" | "Resource", unknown>)[];
};

function documentsOf(properties: Record<string, unknown>): Document[] {
  const { PolicyDocument, KeyPolicy, AssumeRolePolicyDocument, Policies } = properties;
  const inline = ((Policies ?? []) as { PolicyDocument: unknown }[]).map((policy) => policy.PolicyDocument);
  return [PolicyDocument, KeyPolicy, AssumeRolePolicyDocument, ...inline].filter(
    (document) => document !== undefined,
  ) as Document[];
}

/** CDK ends a logical id with 8 hex digits of hash. */
function named(logicalId: string): string {
  return logicalId.replace(/[0-9A-F]{8}$/, "");
}
