/** Bundles the command line into dist/: one file a command, so that `scan` loads no AWS code. */
import { rm } from "node:fs/promises";
import { build } from "esbuild";

await rm("dist", { recursive: true, force: true });
await build({
  // a thread begins with a file
  entryPoints: {
    fleetban: "cli/bin.ts",
    "dynamodb.worker": "local/dynamodb.worker.ts",
  },
  outdir: "dist",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node22",
  sourcemap: true,
  logLevel: "warning",
  // dynalite and its LevelDB are CommonJS with a native part: left in node_modules
  external: ["dynalite", "classic-level"],
  banner: {
    js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
  },
});
