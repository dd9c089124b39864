import { startLocal } from "../../../cli/start-local.ts";

// The embedded stack, all of it, to be killed at any point: S3, DynamoDB, the queue and ingest.
const options = JSON.parse(process.argv[2] ?? "") as { dataDir: string; s3Port: number };
await startLocal(options);
process.on("disconnect", () => process.exit(0));
process.send?.("ready");
