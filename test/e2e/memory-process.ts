import { createIngest } from "../../functions/ingest.ts";
import type { Deployment } from "../../functions/store/deployment.ts";
import { sqsEventOf } from "./chaos/messages.ts";

// Ingests one object as a function does, and tells how much memory that took at most, in bytes.
const { deployment, key } = JSON.parse(process.argv[2] ?? "") as { deployment: Deployment; key: string };
const body = JSON.stringify({ Records: [{ eventName: "ObjectCreated:Put", s3: { object: { key } } }] });
const { batchItemFailures } = await createIngest(deployment, {
  onRetry: (_key, error) => console.error(error),
})(sqsEventOf([{ id: "1", body }]));
const { maxRSS } = process.resourceUsage();
console.log(JSON.stringify({ failures: batchItemFailures.length, bytes: maxRSS * 1024 }));
