import { WHAT } from "../parse/login.ts";
import { ENTRY, MOST_SPAN, MOST_USERS, SPAN_BITS, USER_BITS, WIDTH } from "../parse/login-entry.ts";
import { AUTH, EVIDENCE_NUMBERS, OWNERS, SERVICE_BITS, WHATS } from "./code-tables.ts";
import { Distinct } from "./distinct.ts";
import { endOfHour, SECONDS_PER_HOUR } from "./entries.ts";
import { type FourCounts, tellHour } from "./entry-hours.ts";
import { type Counts, NOTHING } from "./history.ts";
import type { HourColumns } from "./hour-columns.ts";
import type { AddressEntries } from "./tally-order.ts";

/** What an address's entries amount to: the sums over its hours, and what else is asked of each. */
export interface Told extends Counts {
  first: number;
  last: number;
  /** Infinity where nobody got in. */
  firstSuccess: number;
  /** A bit each. */
  services: number;
  /** Different ones that were tried. */
  users: number;
}

const told: Told = { ...NOTHING, first: 0, last: 0, firstSuccess: Infinity, services: 0, users: 0 };
const hour: FourCounts = [0, 0, 0, 0];
const tried = new Distinct();

/**
 * Tells of one address's entries, at least one, what every address is asked for. The counts of a daemon's and service's
 * login processes and those of its summaries tell of the same attempts, so what the latter have more is added; of an hour in which
 * auth processes speak `tellHour` tells. One loop over numbers: a million addresses are told of, and a command that is soon done has
 * no time to get many functions compiled.
 * @param columns becomes the hours
 * @returns good until the next call
 */
export function tellAddress({ values, from, to }: AddressEntries, host: string, columns: HourColumns): Told {
  const end = to * WIDTH;
  let begin = from * WIDTH;
  let firstOfAll = values[begin + ENTRY.FIRST]!;
  let last = 0;
  let firstSuccess = Infinity;
  let services = 0;
  let users = 0;
  // of the hour
  let until = endOfHour(values, begin);
  let attempts = 0;
  let events = 0;
  let probes = 0;
  let successes = 0;
  let hasAuth = false;
  // of the speaker, which is a daemon, service and evidence
  let speaker = -1;
  let ownAttempts = 0;
  let ownEvents = 0;
  let ownProbes = 0;
  let ownSuccesses = 0;
  // of the same daemon's and service's speaker before, who told of the same
  let toldAttempts = 0;
  let toldEvents = 0;
  let toldProbes = 0;
  let toldSuccesses = 0;
  told.attempts = 0;
  told.events = 0;
  told.probes = 0;
  told.successes = 0;
  columns.clear();
  tried.begin();
  for (let at = begin; ; at += WIDTH) {
    const isEnd = at === end;
    const first = isEnd ? until : values[at + ENTRY.FIRST]!;
    const codeAndUser = isEnd ? 0 : values[at + ENTRY.CODE_AND_USER]!;
    const code = codeAndUser >>> USER_BITS;
    const what = WHATS[code]!;
    if (first >= until || code - what !== speaker) {
      if (ownAttempts > toldAttempts) attempts += ownAttempts - toldAttempts;
      if (ownEvents > toldEvents) events += ownEvents - toldEvents;
      if (ownProbes > toldProbes) probes += ownProbes - toldProbes;
      if (ownSuccesses > toldSuccesses) successes += ownSuccesses - toldSuccesses;
      if (first >= until) {
        if (hasAuth) {
          tellHour(values, begin, at, hour);
          attempts = hour[0];
          events = hour[1];
          probes = hour[2];
          successes = hour[3];
        }
        columns.add(until - SECONDS_PER_HOUR, host, attempts, events, probes, successes);
        told.attempts += attempts;
        told.events += events;
        told.probes += probes;
        told.successes += successes;
        if (isEnd) break;
        begin = at;
        until = endOfHour(values, at);
        attempts = events = probes = successes = 0;
        hasAuth = false;
        toldAttempts = toldEvents = toldProbes = toldSuccesses = 0;
      } else if (speaker >= 0 && OWNERS[code] === OWNERS[speaker]) {
        toldAttempts = ownAttempts;
        toldEvents = ownEvents;
        toldProbes = ownProbes;
        toldSuccesses = ownSuccesses;
      } else toldAttempts = toldEvents = toldProbes = toldSuccesses = 0;
      ownAttempts = ownEvents = ownProbes = ownSuccesses = 0;
      speaker = code - what;
      services |= SERVICE_BITS[code]!;
      if (EVIDENCE_NUMBERS[code] === AUTH) hasAuth = true;
    }
    const eventsAndSpan = values[at + ENTRY.EVENTS_AND_SPAN]!;
    const lines = eventsAndSpan >>> SPAN_BITS;
    const lastOfOwn = first + (eventsAndSpan & MOST_SPAN);
    if (first < firstOfAll) firstOfAll = first;
    if (lastOfOwn > last) last = lastOfOwn;
    if (what === WHAT.ATTEMPT) {
      ownAttempts += values[at + ENTRY.ATTEMPTS]!;
      ownEvents += lines;
      const user = codeAndUser & MOST_USERS;
      if (user > 0 && tried.isNew(user)) users++;
    } else if (what === WHAT.PROBE) ownProbes += lines;
    else {
      ownSuccesses += lines;
      if (first < firstSuccess) firstSuccess = first;
    }
  }
  told.first = firstOfAll;
  told.last = last;
  told.firstSuccess = firstSuccess;
  told.services = services;
  told.users = users;
  return told;
}
