import { SERVICES } from "../parse/event.ts";
import { WHAT } from "../parse/login.ts";
import { ENTRY, WIDTH } from "../parse/login-entry.ts";
import { AUTH, EVIDENCE_NUMBERS, LOGIN, OWNERS, SERVICE_NUMBERS, WHATS } from "./code-tables.ts";
import { codeAt, endOfHour, eventsAt } from "./entries.ts";

/** Attempts, events, probes, successes. */
export type FourCounts = [number, number, number, number];

/** Scratch. No typed arrays, whose numbers V8 keeps in a box each when they go into objects. */
const before: FourCounts = [0, 0, 0, 0];
const summary: FourCounts = [0, 0, 0, 0];
const auth: FourCounts = [0, 0, 0, 0];
const authByService = SERVICES.map((): FourCounts => [0, 0, 0, 0]);

/**
 * What the hour that begins at place `from` amounts to, of one tally's entries of one address, each attempt once. The same as
 * `historyOf` makes of the rows: entries are in order, so all of one hour, in it all of one daemon and service, and of these
 * all of the login processes, which come first, stand together.
 *
 * @param told becomes that
 * @returns where the hour ends, `end` at most
 */
export function tellHour(values: Uint32Array, from: number, end: number, told: FourCounts): number {
  const until = endOfHour(values, from);
  let isPlain = true;
  let at = from;
  clear(told);
  while (at < end && values[at + ENTRY.FIRST]! < until) {
    const owner = OWNERS[codeAt(values, at)]!;
    copy(told, before);
    for (; isOf(values, at, end, until, owner) && isOfLogin(values, at); at += WIDTH)
      addEntry(told, values, at);
    if (!isOf(values, at, end, until, owner)) continue;
    if (isPlain) authByService.forEach(clear);
    isPlain = false;
    at = addOthers(values, at, end, until, told);
  }
  if (!isPlain) raise(told);
  return at;
}

/** Adds what others than login processes tell of a daemon and service in an hour, from place `from` on; returns where that ends. */
function addOthers(values: Uint32Array, from: number, end: number, until: number, told: FourCounts): number {
  const code = codeAt(values, from);
  clear(summary);
  clear(auth);
  let at = from;
  for (; isOf(values, at, end, until, OWNERS[code]!); at += WIDTH)
    addEntry(EVIDENCE_NUMBERS[codeAt(values, at)] === AUTH ? auth : summary, values, at);
  const beside = authByService[SERVICE_NUMBERS[code]!]!;
  for (let kind = 0; kind < told.length; kind++) {
    told[kind] = Math.max(told[kind]!, before[kind]! + summary[kind]!);
    // of what auth processes tell of a service the largest counts
    beside[kind] = Math.max(beside[kind]!, auth[kind]!);
  }
  return at;
}

function isOf(values: Uint32Array, at: number, end: number, until: number, owner: number): boolean {
  return at < end && values[at + ENTRY.FIRST]! < until && OWNERS[codeAt(values, at)] === owner;
}

/** Auth processes tell of the same attempts as login processes: the larger counts. */
function raise(told: FourCounts): void {
  for (let kind = 0; kind < told.length; kind++) {
    let beside = 0;
    for (let service = 0; service < authByService.length; service++) beside += authByService[service]![kind]!;
    told[kind] = Math.max(told[kind]!, beside);
  }
}

function isOfLogin(values: Uint32Array, at: number): boolean {
  return EVIDENCE_NUMBERS[codeAt(values, at)] === LOGIN;
}

function copy(from: FourCounts, to: FourCounts): void {
  to[0] = from[0];
  to[1] = from[1];
  to[2] = from[2];
  to[3] = from[3];
}

function clear(counts: FourCounts): void {
  counts[0] = 0;
  counts[1] = 0;
  counts[2] = 0;
  counts[3] = 0;
}

function addEntry(counts: FourCounts, values: Uint32Array, at: number): void {
  const what = WHATS[codeAt(values, at)];
  const events = eventsAt(values, at);
  if (what === WHAT.ATTEMPT) {
    counts[0] += values[at + ENTRY.ATTEMPTS]!;
    counts[1] += events;
  } else counts[what === WHAT.PROBE ? 2 : 3] += events;
}
