import { readFileSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import type { Deployment } from "../functions/store/deployment.ts";
import { isCode, writeWhole } from "./durable.ts";

/**
 * The process that runs the embedded stack on a data folder, as its file `stack.json` tells (mode 0600: it holds the
 * administrator's key). It is an address book, no lock: the lock is LevelDB's, which the kernel lets go however a
 * process ends.
 */
export interface RunningStack {
  pid: number;
  /** When the process began, in clock ticks since boot (proc_pid_stat(5), field 22); ids are used again. */
  startTime: string | undefined;
  /** Which boot of the machine. */
  boot: string | undefined;
  /** Undefined while it is starting. */
  deployment: Deployment | undefined;
}

/** What this process is, for `stack.json`. */
export function thisProcess(deployment: Deployment | undefined): RunningStack {
  return { pid: process.pid, startTime: startTime(process.pid), boot: currentBoot(), deployment };
}

export async function announce(path: string, running: RunningStack): Promise<void> {
  await writeWhole(path, `${JSON.stringify(running, null, 2)}\n`);
}

export async function withdraw(path: string): Promise<void> {
  await rm(path, { force: true });
}

/** What `stack.json` says, whether or not that process still runs; undefined where there is none that can be read. */
export async function readRunning(path: string): Promise<RunningStack | undefined> {
  try {
    const found = JSON.parse(await readFile(path, "utf8"));
    return Number.isSafeInteger(found?.pid) && found.pid > 0 ? found : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || isCode(error, "ENOENT", "ENOTDIR")) return undefined;
    throw error;
  }
}

/** Whether it is the same process still: after a kill another may have its id. */
export function isAlive(running: RunningStack): boolean {
  if (running.boot !== currentBoot()) return false;
  const started = startTime(running.pid);
  return started === undefined ? answers(running.pid) : started === running.startTime;
}

/** Names this boot of the machine; undefined where the system does not tell (not Linux). */
export function currentBoot(): string | undefined {
  return readProc("/proc/sys/kernel/random/boot_id")?.trim();
}

function startTime(pid: number): string | undefined {
  // field 2 is the program's name in parentheses and may hold anything: count from behind the last one
  const afterName = readProc(`/proc/${pid}/stat`)?.split(")").at(-1);
  return afterName?.trim().split(" ")[19];
}

function readProc(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

/** Where there is no /proc: whether any process has that id. */
function answers(pid: number): boolean {
  if (currentBoot() !== undefined) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return isCode(error, "EPERM");
  }
}
