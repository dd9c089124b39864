import type { Address } from "../parse/event.ts";
import { getOrMake } from "./get-or-make.ts";

/** What a row holds, as short as it can be compared. */
export interface Summed {
  attempts: number;
  /** Hash of all that it counts. */
  digest: string;
}

/** Where counters are not what the stored objects say. */
export interface Difference {
  ip: Address;
  host: string;
  day: string;
  /** Attempts of the rows that differ; where they are equal, something else of the rows is not. */
  expected: number;
  found: number;
  /** Rows that differ; missing ones and surplus ones too. */
  rows: number;
}

/** Adds up rows that differ, by address, host and day. */
export function createDifferences() {
  const differences = new Map<string, Difference>();
  return {
    add(
      { ip, host, day }: { ip: Address; host: string; day: string },
      expected: Summed | undefined,
      found: Summed | undefined,
    ): void {
      const of = { ip, host, day, expected: 0, found: 0, rows: 0 };
      const difference = getOrMake(differences, `${day} ${ip} ${host}`, () => of);
      difference.expected += expected?.attempts ?? 0;
      difference.found += found?.attempts ?? 0;
      difference.rows++;
    },
    all(): Difference[] {
      return [...differences].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, difference]) => difference);
    },
  };
}
