import { existsSync } from "node:fs";
import type { EpochSeconds } from "../functions/parse/event.ts";
import type { Deployment } from "../functions/store/deployment.ts";
import { hostsOf } from "../functions/store/ledger.ts";
import { openStore } from "../functions/store/store.ts";
import { CommandError, type ExitCode, type Given, type Option, type Terminal } from "./command.ts";
import { parseMoment } from "./time.ts";

/** Which system a command speaks to. */
export const SYSTEM_OPTIONS: Record<string, Option> = {
  local: {
    value: "DIR",
    optional: true,
    help: "the embedded system whose data lie in DIR (.fleetban unless given)",
  },
  stack: { value: "NAME", default: "fleetban", help: "the AWS deployment of this name" },
  at: { value: "TIME", help: "decide for this moment instead of now" },
};

export const DEFAULT_DATA = ".fleetban";

export interface System {
  deployment: Deployment;
  /** The moment to decide for: the clock's, or of the newest event where an embedded system is not being served. */
  now: EpochSeconds;
}

/** Runs `use` on the system that the options name, started for it if it is embedded and not up. */
export async function withSystem(
  { options }: Given,
  terminal: Terminal,
  use: (system: System) => Promise<ExitCode>,
): Promise<ExitCode> {
  const clock = Math.floor(Date.now() / 1000);
  const at = options.at === undefined ? undefined : parseMoment("--at", options.at, clock);
  if (options.local === undefined) {
    const { publishedDeployment } = await import("./aws.ts");
    return await use({
      deployment: await publishedDeployment(options.stack ?? "fleetban", terminal),
      now: at ?? clock,
    });
  }
  return await withLocal(options.local || DEFAULT_DATA, at, clock, use);
}

async function withLocal(
  dir: string,
  at: EpochSeconds | undefined,
  clock: EpochSeconds,
  use: (system: System) => Promise<ExitCode>,
): Promise<ExitCode> {
  if (!existsSync(dir)) {
    throw new CommandError(
      `${dir} does not exist: fill it with fleetban local PATH --data ${dir}, or name another folder`,
    );
  }
  const { connectStack } = await import("../local/connect.ts");
  const running = await connectStack(dir);
  if (running !== undefined) return await use({ deployment: running.deployment, now: at ?? clock });
  const { startLocal } = await import("./start-local.ts");
  const stack = await startLocal({ dataDir: dir });
  try {
    await stack.drain();
    return await use({
      deployment: stack.deployment,
      now: at ?? (await newestEvent(stack.deployment)) ?? clock,
    });
  } finally {
    await stack.stop();
  }
}

/** When the newest event of all hosts happened; logs of the past are decided for as they were then. */
export async function newestEvent(deployment: Deployment): Promise<EpochSeconds | undefined> {
  const times = (await hostsOf(openStore(deployment).table, 0)).flatMap((host) => host.newest ?? []);
  return times.length === 0 ? undefined : Math.max(...times);
}
