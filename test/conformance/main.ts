/** `npm run conformance -- --endpoint URL --access-key ID --secret-key SECRET`: is that server the S3 we rely on? */
import { parseArgs } from "node:util";
import { knownDifferences, type ServerName } from "./known.ts";
import { type Run, runSuite, UnusableServerError } from "./run.ts";
import { summary, table } from "./table.ts";

const USAGE = `Usage: npm run conformance -- --endpoint URL --access-key ID --secret-key SECRET [--region NAME] [--bucket NAME] [--known SERVER]

Checks that an S3 server behaves as fleetban relies on, and prints a table.

  --endpoint URL       where it listens: http://127.0.0.1:9000
  --access-key ID      a key that may do everything in the bucket
  --secret-key SECRET  its secret
  --region NAME        region in signatures (us-east-1)
  --bucket NAME        work there, under a prefix of its own that is removed afterwards
                       (otherwise in a new bucket; where none can be made, in "lists")
  --known SERVER       do not fail on known differences of: ${Object.keys(knownDifferences).join(", ")}

Exit status: 0 all passed, 1 something failed, 2 wrong use.`;

process.exitCode = await main(process.argv.slice(2));

async function main(args: string[]): Promise<number> {
  const run = readArguments(args);
  if (typeof run === "string") {
    const asked = run === USAGE;
    (asked ? console.log : console.error)(run);
    return asked ? 0 : 2;
  }
  try {
    const results = await runSuite(process.stderr.isTTY ? { ...run, onResult: showProgress } : run);
    console.log(`${table(results)}\n\n${summary(results)}`);
    return results.some(({ outcome }) => outcome === "fail") ? 1 : 0;
  } catch (error) {
    if (!(error instanceof UnusableServerError)) throw error;
    console.error(`conformance: ${error.message}`);
    return 1;
  }
}

/** The run that the arguments ask for, or what to print instead. */
function readArguments(args: string[]): Run | string {
  const text = { type: "string" } as const;
  const options = {
    endpoint: text,
    "access-key": text,
    "secret-key": text,
    region: text,
    bucket: text,
    known: text,
  };
  try {
    const { values } = parseArgs({ args, options: { ...options, help: { type: "boolean", short: "h" } } });
    if (values.help) return USAGE;
    const {
      endpoint,
      "access-key": accessKey,
      "secret-key": secretKey,
      region = "us-east-1",
      bucket,
      known,
    } = values;
    if (endpoint === undefined || accessKey === undefined || secretKey === undefined) {
      return "conformance: --endpoint, --access-key and --secret-key are needed; --help tells more";
    }
    if (!URL.canParse(endpoint) || !/^https?:/.test(endpoint)) {
      return `conformance: --endpoint "${endpoint}" is no http or https URL; for example http://127.0.0.1:9000`;
    }
    if (known !== undefined && !isServerName(known)) {
      return `conformance: --known "${known}" is none of ${Object.keys(knownDifferences).join(", ")}`;
    }
    return {
      server: { endpoint: endpoint.replace(/\/+$/, ""), region, accessKey, secretKey },
      bucket,
      known,
    };
  } catch (error) {
    return `conformance: ${error instanceof Error ? error.message : String(error)}; --help tells more`;
  }
}

function isServerName(name: string): name is ServerName {
  return Object.hasOwn(knownDifferences, name);
}

function showProgress(done: number, of: number): void {
  process.stderr.write(done === of ? "\r\x1b[K" : `\r${done} of ${of} `);
}
