import { DamagedObject, LimitExceeded } from "../read/errors.ts";
import { type LogExtent, type OnLine, type ReadOptions, readLines } from "../read/lines.ts";

/** Reads a log's lines. Damage and limits end the reading, but what was read until then counts. */
export type LogReader = (options: ReadOptions, onLine: OnLine) => Promise<WhatWasRead>;

export interface WhatWasRead {
  extent: LogExtent;
  /** Why it was not all. */
  damage: string | undefined;
}

/** @throws NotALog, and what the source throws */
export function readerOf(source: AsyncIterable<Uint8Array>): LogReader {
  return async (options, onLine) => {
    try {
      return { extent: await readLines(source, options, onLine), damage: undefined };
    } catch (error) {
      const damaged = error instanceof DamagedObject || error instanceof LimitExceeded;
      if (damaged && error.extent !== undefined) return { extent: error.extent, damage: error.message };
      throw error;
    }
  };
}

/** A log has to be read in another way. */
export class ReadingFailed extends Error {
  override name = "ReadingFailed";
}
