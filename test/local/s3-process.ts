/**
 * An S3 in a process of its own, to be killed: `node s3-process.ts DIR`. Writes each event's key to DIR/events before
 * the object is visible, prints its endpoint.
 */
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { startS3 } from "../../local/s3/server.ts";

const [dir = ""] = process.argv.slice(2);
const actions = ["get", "put", "delete", "list"] as const;
const s3 = await startS3({
  dir: join(dir, "s3"),
  buckets: ["logs"],
  keys: [
    { id: "id", secret: "secret", allow: actions.map((action) => ({ action, bucket: "logs", prefix: "" })) },
  ],
  notify: async ({ s3: { object } }) => {
    appendFileSync(join(dir, "events"), `${object.key} ${object.eTag}\n`);
    return () => undefined;
  },
});
console.log(s3.endpoint);
