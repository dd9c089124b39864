import type { BlockCounts } from "../functions/count/block-counter.ts";
import { BLOCK } from "../functions/count/read-together.ts";
import { BlockCutter } from "../functions/read/blocks.ts";
import { DEFAULT_LIMITS } from "../functions/read/limits.ts";

/** Memory of both threads: places for blocks, which are filled and read in turn. */
export interface SharedBlocks {
  /** Of each place 0: it is free; above: the length of the block that is there; END: no more of this log. */
  states: Int32Array;
  blocks: Uint8Array[];
}

export const END = -1;

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
  return { states: new Int32Array(new SharedArrayBuffer(places * 4)), blocks };
}
