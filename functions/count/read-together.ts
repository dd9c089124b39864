import type { LineParser, LogContext } from "../parse/line.ts";
import { BlockCutter } from "../read/blocks.ts";
import { DamagedObject, LimitExceeded } from "../read/errors.ts";
import { DEFAULT_LIMITS } from "../read/limits.ts";
import { decompressed, type Unpacked } from "../read/object.ts";
import { BlockCounter, type BlockCounts } from "./block-counter.ts";
import { type LogReading, type LogToRead, refuseTooMany } from "./read-parts.ts";
import { Turns } from "./turns.ts";
import { isFull } from "./user-names.ts";

/** Bytes of a block, at most, but for the line that it completes. */
export const BLOCK = 128 * 1024;

/** Somebody who counts blocks of the same log at the same time: another thread. */
export interface Helper {
  begin(log: HelpedLog): void;
  /** Where the next block for it may be put; undefined while it has enough to do. */
  room(): Buffer | undefined;
  /** Gives it the block of that length that was put into `room()`. */
  take(length: number): void;
  /**
   * The lines that it has set aside of the oldest block that it was given and not asked for yet; undefined while it is at
   * work on that. They stay where they are until the next `take`.
   */
  setAside(): Buffer | undefined;
  /** Waits until `setAside` has something. @throws where it never will */
  done(): Promise<void>;
  /** What its blocks gave, once all are done; undefined where it could not read them. */
  end(): Promise<BlockCounts | undefined>;
}

/** What a helper must know of a log. */
export interface HelpedLog extends Pick<LogContext, "logTime" | "zone"> {
  logName: string;
  until: number;
  longest: number;
}

/**
 * Reads a whole log as `readParts` does, together with a helper. Undefined where that cannot be (entries of several lines, a
 * line too long, more names than are kept, a helper that died): then nothing was counted, and it has to be read by one alone.
 */
export async function readTogether(
  log: LogToRead,
  { logTime, zone }: LogContext,
  parser: LineParser,
  helper: Helper,
): Promise<LogReading | undefined> {
  const limits = { ...DEFAULT_LIMITS, ...log.limits };
  const { logName, until = Infinity, tail } = log;
  const bounds = { logName, until, longest: limits.line };
  const counter = new BlockCounter(parser, bounds);
  const cutter = new BlockCutter(limits.line);
  const turns = new Turns(counter, helper);
  helper.begin({ logTime, zone, ...bounds });
  const own = Buffer.allocUnsafe(cutter.room(BLOCK));
  let damage: string | undefined;
  let isForOne = false;
  const told: Unpacked = { container: "plain", bytes: 0, trailing: false };
  try {
    for await (const chunk of decompressed(log.source, log.name, limits, told)) {
      for (let at = 0; at < chunk.length && !isForOne; at += BLOCK) {
        turns.goOn();
        // the first block is ours: whose log it is stands in the first lines
        const room = cutter.end === 0 ? undefined : helper.room();
        const length = cutter.cut(chunk.subarray(at, at + BLOCK), room ?? own);
        if (length > 0 && room !== undefined) turns.give(length);
        else if (length > 0) turns.take(own.subarray(0, length));
        isForOne = length < 0 || parser.readsEntries;
      }
      if (isForOne || !(await turns.catchUp())) break;
      refuseTooMany(parser.addresses, limits, log.name, told.bytes);
    }
  } catch (error) {
    if (!(error instanceof DamagedObject || error instanceof LimitExceeded)) throw error;
    damage = error.message;
  } finally {
    // even after a failure the helper must be ready for the next log
    isForOne = !(await turns.end()) || isForOne;
  }
  if (isForOne || isFull(counter.tally.users)) return undefined;
  if (tail && damage === undefined) counter.takeTail(cutter.tail());
  return readingOf(log, counter, cutter, damage);
}

function readingOf(
  { logName, parts, tail }: LogToRead,
  counter: BlockCounter,
  cutter: BlockCutter,
  damage: string | undefined,
): LogReading {
  const { tally, newest, own } = counter;
  const end = cutter.end + (tail ? cutter.tail().length : 0);
  const lastLine = cutter.lastLine() ?? "";
  return {
    logName,
    range: { start: 0, end },
    parts: end === 0 ? [] : parts.map((part) => ({ ...part, end, tally, lastLine })),
    events: tally.events,
    ...counter.read(),
    newest: newest === 0 ? undefined : newest,
    own: own.numbers.map((number) => tally.addresses.addressOf(number)),
    damage,
    conflict: undefined,
  };
}
