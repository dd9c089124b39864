/** Bundles the command line into dist/: one file a command, so that `scan` loads no AWS code. */
import { rm } from "node:fs/promises";
import { type BuildOptions, build } from "esbuild";

const common: BuildOptions = {
  outdir: "dist",
  bundle: true,
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
};

await rm("dist", { recursive: true, force: true });
// on its own: of what it shares with other commands there would be two dozen files, and to find one takes a millisecond or two
await build({ ...common, entryPoints: ["cli/scan.ts"] });
await build({
  ...common,
  // a thread begins with a file
  entryPoints: {
    fleetban: "cli/bin.ts",
    "dynamodb.worker": "local/dynamodb.worker.ts",
  },
  splitting: true,
  plugins: [
    {
      name: "scan stays on its own",
      // only the command: another module has the same name
      setup: ({ onResolve }) =>
        onResolve({ filter: /^\.\/scan\.ts$/ }, ({ kind }) =>
          kind === "dynamic-import" ? { path: "./scan.js", external: true } : undefined,
        ),
    },
  ],
});
