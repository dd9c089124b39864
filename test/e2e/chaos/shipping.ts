import { appendFile, mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { addHost } from "../../../local/connect.ts";
import { HOST, run } from "../../host/programs.ts";
import type { KnownLog } from "./logs.ts";
import type { Random } from "./random.ts";

/** Where a host is, and how it reaches the system. */
export interface ShippingHost {
  host: string;
  /** A folder of its own. */
  dir: string;
  dataDir: string;
  endpoint: string;
}

/** Enough for any trouble to pass: each run meets a few requests' worth of it, or nobody who answers. */
const MOST_RUNS = 100;
const WAIT_MS = 200;

/**
 * Lets a log grow and be rotated while host/ship runs and is killed; in the end it runs until it has nothing to say.
 * Gives the number of kills.
 */
export async function shipKilled(of: ShippingHost, { lines }: KnownLog, random: Random): Promise<number> {
  const config = await configure(of);
  const ship = (killAfter?: number) =>
    run(
      ["sh", join(HOST, "ship"), "--config", config, "--now"],
      killAfter === undefined ? {} : { killAfter },
    );
  const log = join(of.dir, "log", "maillog");
  const middle = 1 + random.below(lines.length - 1);
  await appendFile(log, lines.slice(0, middle).join(""));
  await ship(random.below(500));
  // renamed by logrotate; the writer goes on
  await rename(log, `${log}.1`);
  await appendFile(`${log}.1`, lines.slice(middle).join(""));
  await ship(random.below(500));
  await ship(random.below(700));
  for (let runs = 0; runs < MOST_RUNS; runs++) {
    if ((await ship()).code === 0) return 3;
    await sleep(WAIT_MS);
  }
  throw new Error(`${of.host}: ship does not come to an end`);
}

async function configure({ host, dir, dataDir, endpoint }: ShippingHost): Promise<string> {
  for (const folder of ["log", "keys.d"]) await mkdir(join(dir, folder), { recursive: true });
  const { accessKeyId, secretAccessKey } = await addHost(dataDir, host);
  const settings = {
    host,
    endpoint,
    "logs-bucket": "logs",
    "lists-bucket": "lists",
    "access-key-id": accessKeyId,
    "secret-access-key": secretAccessKey,
    log: join(dir, "log", "maillog*"),
    keys: join(dir, "keys.d"),
    never: join(dir, "never"),
    state: join(dir, "state"),
    "time-zone": "UTC",
  };
  const config = join(dir, "fleetban.conf");
  const text = Object.entries(settings).map(([key, value]) => `${key} = ${value}\n`);
  await writeFile(config, text.join(""), { mode: 0o600 });
  return config;
}
