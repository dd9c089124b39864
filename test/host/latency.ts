import { readFileSync } from "node:fs";
import { mulberry32 } from "../random.ts";

const read = (file: string) => readFileSync(new URL(`../../${file}`, import.meta.url), "utf8");

/** Seconds that the programs may take in all, beside the waits of their timers. */
export const PROCESSING = 20;

/** The waits as they are installed, in seconds. */
export interface Timers {
  /** A run of ship or apply comes up to so long after the full minute. */
  delay: number;
  /** `ship-after`. */
  shipAfter: number;
  /** From a run of publish to the next, at most. */
  publish: number;
}

export function installedTimers(): Timers {
  const delays = ["systemd/fleetban-ship.timer", "systemd/fleetban-apply.timer"].map((unit) =>
    numberIn(`host/${unit}`, /^OnCalendar=minutely\nRandomizedDelaySec=(\d+)$/m),
  );
  for (const program of ["ship", "apply"])
    delays.push(
      numberIn("host/cron.d-fleetban", new RegExp(`^\\* \\* \\* \\* \\* .*${program} --jitter (\\d+) `, "m")),
    );
  const every = numberIn("local/stack.ts", /publishSeconds = (\d+)/);
  const jitter = numberIn("local/stack.ts", /jitter: ([\d.]+)/);
  return {
    delay: Math.max(...delays),
    shipAfter: numberIn("host/lib/config.sh", /ship_after=(\d+)/),
    publish: every * (1 + jitter), // on AWS it is called each minute
  };
}

function numberIn(file: string, pattern: RegExp): number {
  const number = Number(pattern.exec(read(file))?.[1]);
  if (Number.isNaN(number)) throw new Error(`${file}: nothing there like ${pattern}`);
  return number;
}

/**
 * Seconds from failed logins at any moments to their addresses' packets being dropped, ascending. `growing`: logs grow 64 KB a minute,
 * so that each run of ship ships; otherwise lines wait for `ship-after`, as host/lib/stream.sh judges it.
 */
export function latencies(timers: Timers, growing: boolean, count = 20_000): number[] {
  const random = mulberry32(20_260_810);
  const latency = () => {
    const failed = random() * 60;
    const runs = Array.from({ length: 12 }, (_, minute) => minute * 60 + random() * timers.delay);
    const [first = 0, ...later] = runs.filter((run) => run >= failed);
    const waiting = Math.floor(first) - 60;
    const due = (run: number) => Math.floor(run) - waiting >= timers.shipAfter - 30;
    const shipped = growing ? first : [first, ...later].find(due)!;
    const published = shipped + PROCESSING / 2 + random() * timers.publish;
    const minute = Math.floor(published / 60) * 60;
    const polls = [minute - 60, minute, minute + 60].map((full) => full + random() * timers.delay);
    return polls.find((poll) => poll >= published)! + PROCESSING / 2 - failed;
  };
  return Array.from({ length: count }, latency).sort((a, b) => a - b);
}
