import type { EpochSeconds } from "../parse/event.ts";
import type { ListEntry } from "./blocklist.ts";
import { ipset, ipsetV4, ipsetV6 } from "./ipset.ts";
import { plain } from "./plain.ts";
import { tsv } from "./tsv.ts";

export interface ListContext {
  /** The moment that timeouts count from. */
  now: EpochSeconds;
}

/** One way to write the blocklist. Chunks end at line ends; together they are the file, UTF-8, LF. */
export interface ListFormat {
  /** What `--format` and `--list` take. */
  name: string;
  render(entries: readonly ListEntry[], context: ListContext): Iterable<string>;
}

/** Formats by the name that the command line takes. */
export const formats: readonly ListFormat[] = [tsv, plain, ipset];

/** A file of the published folder. */
export interface ListFile {
  file: string;
  format: ListFormat;
}

/** What is published with every list; `blocklist.tsv` is what hosts apply. */
export const publishedFiles: readonly ListFile[] = [
  { file: "blocklist.tsv", format: tsv },
  { file: "plain.txt", format: plain },
  { file: "v4.ipset", format: ipsetV4 },
  { file: "v6.ipset", format: ipsetV6 },
];

export function formatNamed(name: string): ListFormat {
  const format = formats.find((known) => known.name === name);
  if (format === undefined) throw new UnknownFormat(name);
  return format;
}

/** A list as one string, for files that are hashed and put whole. */
export function rendered(format: ListFormat, entries: readonly ListEntry[], context: ListContext): string {
  return [...format.render(entries, context)].join("");
}

/** Thrown for a format that does not exist, naming those that do. */
export class UnknownFormat extends Error {
  override name = "UnknownFormat";
  constructor(format: string) {
    super(`no list format ${JSON.stringify(format)}; known: ${formats.map(({ name }) => name).join(", ")}`);
  }
}
