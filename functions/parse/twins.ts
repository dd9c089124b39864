import type { EpochSeconds } from "./event.ts";

/** How many lines may stand between the two: other processes write too. */
const REMEMBERED = 16;

interface Line {
  hash: number;
  length: number;
  at: EpochSeconds;
}

/**
 * Finds the second of two equal lines, for daemons that write each line twice (Exim's syslog_duplication: main and
 * reject log). Two equal lines of one process within a second are one attempt, four are two. This is a memory of a few lines:
 * where a log is cut between the two, the attempt counts twice.
 */
export class Twins {
  private readonly lines: Line[] = [];

  /** Whether the line `[from, to)`, process and all, is the second of two. */
  isSecond(bytes: Uint8Array, from: number, to: number, at: EpochSeconds): boolean {
    const hash = hashOf(bytes, from, to);
    const length = to - from;
    const first = this.lines.findIndex(
      (line) => line.hash === hash && line.length === length && Math.abs(line.at - at) <= 1,
    );
    if (first >= 0) {
      this.lines.splice(first, 1);
      return true;
    }
    this.lines.push({ hash, length, at });
    if (this.lines.length > REMEMBERED) this.lines.shift();
    return false;
  }
}

/** FNV-1a. */
function hashOf(bytes: Uint8Array, from: number, to: number): number {
  let hash = 0x811c9dc5;
  for (let i = from; i < to; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
  return hash;
}
