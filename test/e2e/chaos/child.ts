import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { basename, join } from "node:path";
import { build } from "esbuild";

/** Bundles a process, so that starting it again and again is quick; gives the path of the bundle. */
export async function bundled(name: string, folder: string): Promise<string> {
  const outfile = join(folder, `${basename(name)}.mjs`);
  await build({
    entryPoints: [join(import.meta.dirname, `${name}.ts`)],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node24",
    external: ["classic-level", "dynalite"],
    banner: {
      js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
    },
    logLevel: "error",
  });
  return outfile;
}

/** A process that has said that it is ready. */
export async function startChild(path: string, argument: string): Promise<ChildProcess> {
  const child = fork(path, [argument], { stdio: ["ignore", "inherit", "inherit", "ipc"], execArgv: [] });
  const ready = once(child, "message");
  const ended = once(child, "exit").then(([code]) => {
    throw new Error(`${path} ended with ${code} before it was ready`);
  });
  ended.catch(() => {});
  await Promise.race([ready, ended]);
  return child;
}

/** SIGKILL, and waits until it is gone. */
export async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, "exit");
  child.kill("SIGKILL");
  await exit;
}
