/** `node fleet-server.ts DATA ADDRESS [SECONDS]`: what `fleetban local --serve` runs, but publishes so often; says when it serves. */
import { startLocal } from "../../cli/start-local.ts";

const [, , dataDir, host, seconds] = process.argv as [string, string, string, string, string?];
const stack = await startLocal({ dataDir, host, onError: console.error });
process.once("SIGTERM", () => stack.stop());
console.log("serving");
await stack.serve(seconds === undefined ? {} : { publishSeconds: Number(seconds) });
