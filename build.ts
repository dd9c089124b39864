/** Bundles the command line into dist/: one file a command, so that `scan` loads no AWS code. */
import { rm } from "node:fs/promises";
import { type BuildOptions, build, type Plugin } from "esbuild";

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

/** Loads a module of Node's when something of it is used: imported, all are loaded, and all that they load when they are asked for. */
const loadsLate: Plugin = {
  name: "Node's modules are loaded late",
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^node:/ }, ({ path }) => ({ path, namespace: "late" }));
    onLoad({ filter: /^node:/, namespace: "late" }, ({ path }) => {
      const used = `new Proxy({}, { get: (_, name) => process.getBuiltinModule("${path}")[name] })`;
      // what imports it looks names up in what it inherits
      return { contents: `module.exports = Object.create(${used});` };
    });
  },
};

const commands: string[] = [];

/** Leaves each command to a file of its own. */
const commandsApart: Plugin = {
  name: "commands stay apart",
  setup: ({ onResolve }) =>
    onResolve({ filter: /^\.\// }, ({ kind, path }) => {
      if (kind !== "dynamic-import") return undefined;
      commands.push(`cli/${path.slice(2)}`);
      return { path: path.replace(/ts$/, "js"), external: true };
    }),
};

await rm("dist", { recursive: true, force: true });
// on their own: of what they share with other commands there would be two dozen files, and to find one takes a millisecond or two
await build({ ...common, entryPoints: { fleetban: "cli/bin.ts" }, plugins: [commandsApart, loadsLate] });
await build({ ...common, entryPoints: ["cli/scan.ts"], plugins: [loadsLate] });
await build({
  ...common,
  // a thread begins with a file
  entryPoints: [...commands.filter((path) => path !== "cli/scan.ts"), "local/dynamodb.worker.ts"],
  splitting: true,
  entryNames: "[name]",
});
