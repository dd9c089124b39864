import { createSieve } from "../parse/sieve.ts";
import type { LogReader } from "./log-reader.ts";

/** The first lines are given whatever they say: whose log it is stands there. */
export const FIRST_LINES = 100;

/** Gives a log's first lines, and of the others those that may tell of a login. */
export function sifted(read: LogReader): LogReader {
  const mayTell = createSieve();
  return (options, onLine) =>
    read(options, (bytes, start, end, offset, line) => {
      if (mayTell(bytes, start, end) || line <= FIRST_LINES) onLine(bytes, start, end, offset, line);
    });
}
