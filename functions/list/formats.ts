import type { EpochSeconds } from "../parse/event.ts";
import { fortigate, panOs } from "./appliances.ts";
import type { ListEntry } from "./blocklist.ts";
import { csv } from "./csv.ts";
import { hostsDeny } from "./hosts-deny.ts";
import { ipset, ipsetV4, ipsetV6 } from "./ipset.ts";
import { json } from "./json.ts";
import { mikrotik } from "./mikrotik.ts";
import { nft } from "./nft.ts";
import { nginx } from "./nginx.ts";
import { plain } from "./plain.ts";
import { postfix } from "./postfix.ts";
import { rbldnsd } from "./rbldnsd.ts";
import { stix } from "./stix.ts";
import { tsv } from "./tsv.ts";

export interface ListContext {
  /** The moment that timeouts count from. */
  now: EpochSeconds;
}

/** One way to write the blocklist. Chunks end at line ends; together they are the file, UTF-8, LF. */
export interface ListFormat {
  /** What `--format` and `--list` take. */
  name: string;
  /** Entries that it takes at most: the worst. */
  most?: number;
  render(entries: readonly ListEntry[], context: ListContext): Iterable<string>;
}

/** Formats by the name that the command line takes. */
export const formats: readonly ListFormat[] = [
  tsv,
  plain,
  ipset,
  nft,
  postfix,
  json,
  csv,
  nginx,
  rbldnsd,
  hostsDeny,
  mikrotik,
  panOs,
  fortigate,
  stix,
];

/** A file of the published folder. */
export interface ListFile {
  file: string;
  format: ListFormat;
}

/**
 * What is published with every list; `blocklist.tsv` is what hosts apply. The other formats are made from blocklist.json
 * by who wants them.
 */
export const publishedFiles: readonly ListFile[] = [
  { file: "blocklist.tsv", format: tsv },
  { file: "plain.txt", format: plain },
  { file: "v4.ipset", format: ipsetV4 },
  { file: "v6.ipset", format: ipsetV6 },
  { file: "blocklist.nft", format: nft },
  { file: "postfix.cidr", format: postfix },
  { file: "blocklist.json", format: json },
  { file: "pan-os.txt", format: panOs },
  { file: "fortigate.txt", format: fortigate },
  { file: "mikrotik.rsc", format: mikrotik },
];

/**
 * Those that also lie at a fixed address, `blocklist/<file>`, for appliances that fetch one URL and cannot follow the
 * manifest.
 */
export const fixedFiles: readonly string[] = ["plain.txt", "pan-os.txt", "fortigate.txt", "mikrotik.rsc"];

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
