import type { BlockCounts } from "../functions/count/block-counter.ts";
import { BLOCK } from "../functions/count/read-together.ts";
import { BlockCutter } from "../functions/read/blocks.ts";
import { DEFAULT_LIMITS } from "../functions/read/limits.ts";

/** Memory of both threads: places for blocks, which are filled and read in turn. */
export interface SharedBlocks {
  /** What is in each place. */
  states: Int32Array;
  /** The length of the block, then of the lines of it that are set aside. */
  lengths: Int32Array;
  blocks: Uint8Array[];
}

/** What a place holds: nothing, a block to be read, one that was read, word that the log has ended. */
export const FREE = 0;
export const FULL = 1;
export const DONE = 2;
export const END = 3;

/** What the reading thread begins with. */
export interface ReadingInput {
  shared: SharedBlocks;
  trustedProxies: string[];
}

/** What a log's blocks gave; undefined where they depend on the order of lines. */
export type ReadingAnswer = BlockCounts | undefined;

export function sharedBlocks(places: number): SharedBlocks {
  const room = new BlockCutter(DEFAULT_LIMITS.line).room(BLOCK);
  const blocks = Array.from({ length: places }, () => new Uint8Array(new SharedArrayBuffer(room)));
  const numbers = () => new Int32Array(new SharedArrayBuffer(places * 4));
  return { states: numbers(), lengths: numbers(), blocks };
}
