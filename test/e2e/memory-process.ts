import type { createIngest } from "../../functions/ingest.ts";
import type { Deployment } from "../../functions/store/deployment.ts";
import { sqsEventOf } from "./chaos/messages.ts";

/** A function's bundle, and what it shall ingest. */
interface Task {
  bundle: string;
  deployment: Deployment;
  key: string;
}

// Ingests one object as Lambda has a function do it, and tells how much memory (in bytes) and CPU time that took.
const { bundle, deployment, key } = JSON.parse(process.argv[2] ?? "") as Task;
const ingest = ((await import(bundle)) as { createIngest: typeof createIngest }).createIngest(deployment, {
  onRetry: (_key, error) => console.error(error),
});
const body = JSON.stringify({ Records: [{ eventName: "ObjectCreated:Put", s3: { object: { key } } }] });
const { batchItemFailures } = await ingest(sqsEventOf([{ id: "1", body }]));
const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
const seconds = (userCPUTime + systemCPUTime) / 1e6;
console.log(JSON.stringify({ failures: batchItemFailures.length, bytes: maxRSS * 1024, seconds }));
