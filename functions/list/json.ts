import { parseNetwork } from "../decide/network.ts";
import type { EpochSeconds } from "../parse/event.ts";
import type { ListEntry } from "./blocklist.ts";
import type { ListFormat } from "./formats.ts";
import { isoTime, readIsoTime } from "./time.ts";

/**
 * The list with its reasons: a JSON object whose member `networks` holds an object a network, one a line, times in
 * ISO 8601, unknown values null. It says what was known when the list was made, and names hosts of the fleet: not for
 * the public.
 */
export const json: ListFormat = {
  name: "json",
  *render(entries) {
    yield '{"networks":[';
    let separator = "\n";
    for (const entry of entries) {
      yield `${separator}${JSON.stringify(rowOf(entry))}`;
      separator = ",\n";
    }
    yield "\n]}\n";
  },
};

/** Reads what `json` writes. @throws BadListJson */
export function readJson(text: string): ListEntry[] {
  let list: { networks?: unknown };
  try {
    list = JSON.parse(text);
  } catch (cause) {
    throw new BadListJson("it is not JSON", { cause });
  }
  if (!Array.isArray(list?.networks)) throw new BadListJson('it has no array "networks"');
  return list.networks.map(entryOf);
}

/** Thrown for text that is not a list as `json` writes it. */
export class BadListJson extends Error {
  override name = "BadListJson";
  constructor(problem: string, options?: ErrorOptions) {
    super(`the list's JSON cannot be used: ${problem}`, options);
  }
}

interface Row {
  network: string;
  until: string;
  rule: string;
  reason: string;
  attempts: number;
  hosts: readonly string[];
  country: string | null;
  first: string;
  last: string;
}

function rowOf({ network, until, rule, reason, attempts, hosts, country, first, last }: ListEntry): Row {
  return {
    network,
    until: isoTime(until),
    rule,
    reason,
    attempts,
    hosts,
    country: country ?? null,
    first: isoTime(first),
    last: isoTime(last),
  };
}

function entryOf(row: Row): ListEntry {
  const { network, rule, reason, attempts, hosts, country } = row;
  const told = { rule, reason, attempts, hosts, country: country ?? undefined };
  const range = parseNetwork(network);
  return { network, range, ...told, until: at(row.until), first: at(row.first), last: at(row.last) };
}

function at(text: string): EpochSeconds {
  const time = readIsoTime(text);
  if (time === undefined) throw new BadListJson(`${JSON.stringify(text)} is not a time`);
  return time;
}
