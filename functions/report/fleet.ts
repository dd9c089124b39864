import { gapsOf } from "../count/ledger.ts";
import type { EpochSeconds } from "../parse/event.ts";
import { type HostRow, hostsOf, type ObjectState, objectRowsOf, streamsOf } from "../store/ledger.ts";
import type { Table } from "../store/table.ts";

/** How a host's logs arrive. */
export interface HostHealth {
  host: string;
  /** When a log of it was last counted. */
  shipped: EpochSeconds;
  /** Time of the newest event. */
  newest: EpochSeconds | undefined;
  /** Seconds from the newest event until it was counted. */
  lag: number | undefined;
  /** Holes in its logs: segments that have not come. */
  gaps: number;
  /** Bytes in these holes. */
  missing: number;
  /** Objects that are not the log they should be a part of. */
  conflicts: number;
  /** Objects that could not be read at all. */
  failed: number;
  /** Ranges that only a damaged object has. */
  partial: number;
  /** Ranges that a function has begun to count and not ended yet. */
  begun: number;
  /** Lines that look like a login of a known daemon and are none of the known forms. */
  unread: number;
}

/** All hosts that have shipped, by name, but those of which all has expired by `now`. */
export async function fleetHealth(table: Table, now: EpochSeconds): Promise<HostHealth[]> {
  const health: HostHealth[] = [];
  for (const host of await hostsOf(table, now)) health.push(await healthOf(table, host));
  return health;
}

async function healthOf(table: Table, { host, seen, newest }: HostRow): Promise<HostHealth> {
  const states: Partial<Record<ObjectState, number>> = {};
  let unread = 0;
  for await (const row of objectRowsOf(table, host)) {
    states[row.state] = (states[row.state] ?? 0) + 1;
    unread += row.unread;
  }
  const { conflict: conflicts = 0, failed = 0 } = states;
  const lag = newest === undefined ? undefined : Math.max(0, seen - newest);
  return { host, shipped: seen, newest, lag, ...(await holesOf(table, host)), conflicts, failed, unread };
}

/** A good copy mends what a damaged one left, so that is told by the bytes, not by the objects. */
async function holesOf(table: Table, host: string) {
  const holes = { gaps: 0, missing: 0, partial: 0, begun: 0 };
  for await (const stream of streamsOf(table, host)) {
    const gaps = gapsOf(stream);
    holes.gaps += gaps.length;
    holes.missing += gaps.reduce((sum, gap) => sum + gap.end - gap.start, 0);
    holes.partial += stream.ranges.filter((range) => range.partial !== undefined).length;
    holes.begun += stream.claims.length;
  }
  return holes;
}
