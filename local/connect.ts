import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Credentials, Deployment } from "../functions/store/deployment.ts";
import { StackStoppedError } from "./errors.ts";
import { layout, openDataFolder } from "./folder.ts";
import { ensureAdminKey, ensureHostKey } from "./keys.ts";
import { countWaiting } from "./queue-files.ts";
import { isAlive, type RunningStack, readRunning } from "./running.ts";

/** A stack that another process runs. */
export interface ConnectedStack {
  pid: number;
  deployment: Deployment;
  /** Waits until all that was put has been ingested or is a dead letter. @throws StackStoppedError */
  drain(): Promise<void>;
}

const POLL_MS = 100;

/** The stack running on a data folder, waited for while it is starting; undefined where none runs. */
export async function connectStack(dataDir: string): Promise<ConnectedStack | undefined> {
  const folder = layout(resolve(dataDir));
  for (;;) {
    const running = await readRunning(folder.running);
    if (running === undefined || !isAlive(running)) return undefined;
    const { pid, deployment } = running;
    if (deployment !== undefined)
      return { pid, deployment, drain: () => drain(folder.queue, folder.dir, running) };
    await sleep(POLL_MS);
  }
}

/**
 * Makes or returns the key of a host: what `host/ship` and `host/apply` need to reach the embedded stack, which takes it
 * at once if it runs.
 * @throws HostNameError, UnusableFolderError, ForeignFolderError, DataVersionError, CorruptDataError
 */
export async function addHost(dataDir: string, name: string): Promise<Credentials> {
  const folder = await openDataFolder(resolve(dataDir));
  await ensureAdminKey(folder.keys);
  return ensureHostKey(folder.keys, name);
}

async function drain(queueDir: string, dir: string, running: RunningStack): Promise<void> {
  while ((await countWaiting(queueDir)) > 0) {
    if (!isAlive(running)) throw new StackStoppedError(dir);
    await sleep(POLL_MS);
  }
}
