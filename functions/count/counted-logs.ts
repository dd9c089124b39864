/** Logs of a scan that were read: how they wait for the others, and which of them are one. */
import { PARSER_VERSION } from "../parse/version.ts";
import { addTallies } from "./add-tallies.ts";
import type { LogReading } from "./read-parts.ts";
import type { TallyPart } from "./tally-history.ts";
import { packAway } from "./tally-order.ts";

export interface CountedLog {
  name: string;
  /** Which of the logs it is. */
  turn: number;
  /** As the log's lines name it. */
  host: string | undefined;
  fingerprint: string;
  reading: LogReading;
}

/** Logs that were read wait for the others in no more room than one takes. */
export function packMany(logs: readonly CountedLog[], most: number): void {
  const tallies = logs.flatMap(({ reading }) => reading.parts.map(({ tally }) => tally));
  const entries = tallies.reduce((sum, tally) => sum + tally.entries.size, 0);
  if (entries > most) for (const tally of tallies) packAway(tally);
}

/** One tally for all logs of one name of one host: they are parts of one log and add up. */
export function tallyParts(logs: readonly CountedLog[], most: number): TallyPart[] {
  const all = logs.flatMap((log) => partsOf(log, hostOf(log, logs)));
  const parts = Map.groupBy(all, ({ tally, context }) => `${tally.logName} ${context.host}`);
  return [...parts.values()].map(([first, ...others]) => {
    // none is being read beside it any more
    first!.tally.most = most;
    addTallies(
      first!.tally,
      others.map(({ tally }) => tally),
    );
    return first!;
  });
}

function partsOf({ fingerprint, reading }: CountedLog, host: string): TallyPart[] {
  return reading.parts.map(({ tally, start, end }) => ({
    tally,
    context: { ...COMMON, host, fingerprint, start, end },
  }));
}

const COMMON = { parser: PARSER_VERSION, retentionDays: 0, nameUser: (user: string) => user };

/**
 * Whose log it is: what its lines say, else what the other logs of its folder say (Exim's own log and Dovecot's name
 * no host), else its folder. One host's logs tell of the same attempts; those of different hosts add up.
 */
function hostOf(log: CountedLog, logs: readonly CountedLog[]): string {
  if (log.host !== undefined) return log.host;
  const folder = folderOf(log.name);
  return logs.find((other) => other.host !== undefined && folderOf(other.name) === folder)?.host ?? folder;
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/") + 1);
}
