/** Logs of a scan that were read: how they wait for the others, and which of them are one. */
import { PARSER_VERSION } from "../parse/version.ts";
import { addTallies } from "./add-tallies.ts";
import type { LogReading } from "./read-parts.ts";
import type { Tally } from "./tally.ts";
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

/** How many entries wait that are not packed. */
export function entriesIn({ reading }: CountedLog): number {
  return reading.parts.reduce((sum, { tally }) => sum + tally.entries.size, 0);
}

/**
 * Packs what was read. Logs that are parts of one log are added up first: to pack a tally takes as long as there are addresses,
 * however few of them it holds.
 */
export function packLogs(logs: readonly CountedLog[]): void {
  // logs of one folder that name no host are of the same one, whichever that is; no host's name is a folder's
  const all = logs.flatMap(({ name, host = folderOf(name), reading }) =>
    reading.parts.map(({ tally }) => ({ tally, host })),
  );
  for (const { tally } of addedUp(all, ({ host }) => host)) packAway(tally);
}

/** One tally for all logs of one name of one host: they are parts of one log and add up. */
export function tallyParts(logs: readonly CountedLog[], most: number): TallyPart[] {
  const all = logs.flatMap((log) => partsOf(log, hostOf(log, logs)));
  // none is being read beside them any more
  for (const { tally } of all) tally.most = most;
  return addedUp(all, ({ context }) => context.host);
}

/** Adds up tallies of one log name and host; gives the first of each, which holds all. */
function addedUp<One extends { tally: Tally }>(all: readonly One[], hostOf: (one: One) => string): One[] {
  const parts = Map.groupBy(all, (one) => `${one.tally.logName} ${hostOf(one)}`);
  return [...parts.values()].map(([first, ...others]) => {
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
