import { spawn, spawnSync } from "node:child_process";
import { describe } from "vitest";

export const HOST = new URL("../../host/", import.meta.url).pathname;

/** The shells that the scripts must run with; `command` is what is put before the script. */
export const SHELLS = [
  { shell: "dash", command: ["dash"] },
  { shell: "bash --posix", command: ["bash", "--posix"] },
  { shell: "busybox sh", command: ["busybox", "sh"] },
] as const;

/** A run that found nothing worth a word. */
export const DONE: Ended = { code: 0, stdout: "", stderr: "" };

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a command to its end; the caller's event loop goes on, as servers may live in it. */
export function run(command: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const { env = {}, input, killAfter } = options;
  const [program, ...args] = command;
  return new Promise((resolve, reject) => {
    const child = spawn(program!, args, {
      env: { ...process.env, ...env },
      detached: killAfter !== undefined,
    });
    const ended = { stdout: "", stderr: "" };
    child.stdout.on("data", (data) => (ended.stdout += data));
    child.stderr.on("data", (data) => (ended.stderr += data));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, ...ended }));
    child.stdin.on("error", () => undefined); // it may end without reading
    child.stdin.end(input);
    if (killAfter !== undefined) setTimeout(() => killGroup(child.pid!), killAfter);
  });
}

export interface RunOptions {
  env?: Record<string, string>;
  input?: string | Uint8Array;
  /** Milliseconds after which it and all it started get SIGKILL. */
  killAfter?: number;
}

function killGroup(pid: number) {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // it has ended already
  }
}

/** `describe`, or where a program is missing a skipped one that says so; with CI=true nothing is skipped. */
export function describeWith(programs: readonly string[]) {
  const missing = programs.filter((program) => !isThere(program));
  if (missing.length === 0) return describe;
  if (process.env.CI === "true") throw new Error(`missing on this machine: ${missing.join(", ")}`);
  console.warn(`skipped, as this machine lacks ${missing.join(", ")}`);
  return describe.skip;
}

function isThere(program: string): boolean {
  return spawnSync("sh", ["-c", 'PATH=$PATH:/usr/sbin:/sbin command -v "$1"', "sh", program]).status === 0;
}
