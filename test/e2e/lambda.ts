import { join } from "node:path";
import { build } from "esbuild";
import { BUNDLING } from "../../infra/function.ts";

/** A function's code as infra/ deploys it: the path of the bundle. */
export async function lambdaBundle(name: string, folder: string): Promise<string> {
  const { target = "", mainFields = [], banner = "" } = BUNDLING;
  const outfile = join(folder, `${name}.mjs`);
  await build({
    entryPoints: [new URL(`../../functions/${name}.ts`, import.meta.url).pathname],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    ...{ target, mainFields, banner: { js: banner } },
    logLevel: "error",
  });
  return outfile;
}

/** What the runtime's bootstrap starts Node with in a function of so many MB: nine tenths are for old objects. */
export function lambdaFlags(size: number): string[] {
  const young = Math.floor(size / 10);
  return [`--max-semi-space-size=${Math.floor(young / 2)}`, `--max-old-space-size=${size - young}`];
}
