#!/usr/bin/env node
import { stopPretenuring } from "../functions/v8.ts";
import { main } from "./main.ts";

// `fleetban … | head`: the reader has gone, there is nobody to tell
process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(`fleetban: this is Node ${process.versions.node}; 22.18 or later is needed\n`);
  process.exit(1);
}
stopPretenuring();
process.exitCode = await main(process.argv.slice(2), process);
