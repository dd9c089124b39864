import type { Terminal } from "./command.ts";

export interface Progress {
  /** Shows a line in place of the last one, at most ten times a second. */
  show(line: string): void;
  /** Clears the line. */
  done(): void;
}

const INTERVAL_MS = 100;

/** One line on stderr that is overwritten; nothing unless stderr is a terminal. */
export function progressOn({ stderr }: Terminal): Progress {
  if (stderr.isTTY !== true) return { show() {}, done() {} };
  let last = 0;
  let shown = false;
  return {
    show(line) {
      const now = performance.now();
      if (now - last < INTERVAL_MS) return;
      last = now;
      shown = true;
      stderr.write(`\r\x1b[K${line.slice(0, (stderr.columns ?? 80) - 1)}`);
    },
    done() {
      if (shown) stderr.write("\r\x1b[K");
      shown = false;
    },
  };
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
