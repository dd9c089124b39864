import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";

const execute = promisify(execFile);

/** Nothing of the machine: no credentials, no region, no network settings. */
const ENVIRONMENT = { PATH: process.env.PATH, HOME: "/nonexistent", npm_config_update_notifier: "false" };

let output: string;
let template: { Resources: Record<string, { Type: string; Properties: Record<string, unknown> }> };

beforeAll(async () => {
  output = await mkdtemp(join(tmpdir(), "fleetban-synth-"));
  const synth = ["npx", "cdk", "synth", "--quiet", "--output", output];
  // root can take the network away; others trust that nothing is looked up
  const [command, ...words] = process.getuid?.() === 0 ? ["unshare", "--net", ...synth] : synth;
  await execute(command!, words, { env: ENVIRONMENT });
  template = JSON.parse(await readFile(join(output, "fleetban.template.json"), "utf8"));
}, 120_000);

afterAll(() => rm(output, { recursive: true, force: true }));

test("npx cdk synth works without network and credentials and is bound to no account or region", async () => {
  expect(Object.values(template.Resources).map(({ Type }) => Type)).toContain("AWS::Lambda::Function");
  const { artifacts } = JSON.parse(await readFile(join(output, "manifest.json"), "utf8"));
  expect(artifacts.fleetban.environment).toBe("aws://unknown-account/unknown-region");
});

test.each(["Ingest", "Publish", "Query"])(
  "the bundle of %s loads where there is nothing else, and starts",
  async (name) => {
    const bundle = join(output, assetOf(name), "index.mjs");
    const { stdout } = await execute("node", ["--input-type=module", "--eval", START, bundle], {
      env: ENVIRONMENT,
    });
    expect(stdout.trim()).toBe(`function create${name}`);
  },
);

/** What Lambda does with a bundle, short of calling AWS: publish and query read the country database here. */
const START = `
  const functions = await import(process.argv[1]);
  const [create] = Object.keys(functions).filter((name) => name.startsWith("create"));
  functions[create]({
    region: "eu-central-1", logsBucket: "logs", listsBucket: "lists", table: "counters",
    signer: { kmsKeyId: "key" }, retentionDays: 100, userNames: "hashed",
  });
  console.log(typeof functions.handler, create);
`;

function assetOf(name: string): string {
  const found = Object.entries(template.Resources).filter(
    ([id, { Type }]) => Type === "AWS::Lambda::Function" && id.startsWith(name),
  );
  expect(found).toHaveLength(1);
  const { S3Key } = found[0]![1].Properties.Code as { S3Key: string };
  return `asset.${S3Key.replace(/\.zip$/, "")}`;
}
