import { EVIDENCES, SERVICES } from "../parse/event.ts";
import { CODES, evidenceIn, isOfLogin, ownerIn, serviceNumberIn, WHAT, whatIn } from "../parse/login.ts";
import { codeAt, ENTRY, hourAt, WIDTH } from "./entries.ts";

/** What is asked of each entry's code, by code. */
const OWNERS = Uint16Array.from({ length: CODES }, (_, code) => ownerIn(code));
const EVIDENCE_OF = Uint8Array.from({ length: CODES }, (_, code) => EVIDENCES.indexOf(evidenceIn(code)));
const WHATS = Uint8Array.from({ length: CODES }, (_, code) => whatIn(code));
const LOGIN = EVIDENCES.indexOf("login");
const AUTH = EVIDENCES.indexOf("auth");

const KINDS = 4;

/**
 * Scratch, one number a kind of count: attempts, events, probes, successes. No typed arrays, whose numbers V8 keeps in a
 * box each when they go into objects.
 */
const login = [0, 0, 0, 0];
const summary = [0, 0, 0, 0];
const auth = [0, 0, 0, 0];
const told = [0, 0, 0, 0];
const authByService = SERVICES.flatMap(() => [0, 0, 0, 0]);

/**
 * What one tally's entries `[from, to)` of one address amount to hour by hour, each attempt once. The same as `historyOf`
 * makes of the rows: entries are in order, so all of one hour, and in it all of one daemon and service, stand together.
 * @param tell `counts` is overwritten by the next call: attempts, events, probes, successes
 */
export function eachHour(
  values: Uint32Array,
  from: number,
  to: number,
  tell: (hour: number, counts: readonly number[]) => void,
): void {
  const end = to * WIDTH;
  for (let at = from * WIDTH; at < end; ) {
    const hour = hourAt(values, at);
    for (let kind = 0; kind < KINDS; kind++) told[kind] = 0;
    const next = addPlainHour(values, at, end);
    at = next > at ? next : addHour(values, at, end);
    tell(hour, told);
  }
}

/** Adds an hour of which only login processes tell, as most do: each line is an attempt of its own. 0 where others tell too. */
function addPlainHour(values: Uint32Array, from: number, end: number): number {
  const hour = hourAt(values, from);
  let at = from;
  for (; at < end && hourAt(values, at) === hour; at += WIDTH) {
    if (!isOfLogin(codeAt(values, at))) {
      for (let kind = 0; kind < KINDS; kind++) told[kind] = 0;
      return 0;
    }
    addEntry(told, values, at);
  }
  return at;
}

/** Adds an hour; returns where it ends. */
function addHour(values: Uint32Array, from: number, end: number): number {
  const hour = hourAt(values, from);
  authByService.fill(0);
  let at = from;
  while (at < end && hourAt(values, at) === hour) at = addSpeaker(values, at, end);
  for (let kind = 0; kind < KINDS; kind++) {
    let beside = 0;
    for (let service = kind; service < authByService.length; service += KINDS)
      beside += authByService[service]!;
    told[kind] = Math.max(told[kind]!, beside);
  }
  return at;
}

/** Adds one hour's entries of one daemon and service, which begin at `at`; returns where they end. */
function addSpeaker(values: Uint32Array, at: number, end: number): number {
  const hour = hourAt(values, at);
  const owner = OWNERS[codeAt(values, at)]!;
  if (!isOf(values, at + WIDTH, end, hour, owner)) return addAlone(values, at);
  login.fill(0);
  summary.fill(0);
  auth.fill(0);
  let next = at;
  for (; isOf(values, next, end, hour, owner); next += WIDTH) {
    const evidence = EVIDENCE_OF[codeAt(values, next)];
    addEntry(evidence === LOGIN ? login : evidence === AUTH ? auth : summary, values, next);
  }
  for (let kind = 0; kind < KINDS; kind++) told[kind]! += Math.max(login[kind]!, summary[kind]!);
  takeAuth(serviceNumberIn(codeAt(values, at)));
  return next;
}

function isOf(values: Uint32Array, at: number, end: number, hour: number, owner: number): boolean {
  return at < end && hourAt(values, at) === hour && OWNERS[codeAt(values, at)] === owner;
}

/** Adds the only entry of a daemon and service in its hour, as most are. */
function addAlone(values: Uint32Array, at: number): number {
  const code = codeAt(values, at);
  if (EVIDENCE_OF[code] !== AUTH) addEntry(told, values, at);
  else {
    auth.fill(0);
    addEntry(auth, values, at);
    takeAuth(serviceNumberIn(code));
  }
  return at + WIDTH;
}

/** Of what auth processes tell of a service the largest counts. */
function takeAuth(service: number): void {
  for (let kind = 0; kind < KINDS; kind++) {
    const place = service * KINDS + kind;
    authByService[place] = Math.max(authByService[place]!, auth[kind]!);
  }
}

function addEntry(counts: number[], values: Uint32Array, at: number): void {
  const what = WHATS[codeAt(values, at)];
  const events = values[at + ENTRY.EVENTS]!;
  if (what === WHAT.ATTEMPT) {
    counts[0]! += values[at + ENTRY.ATTEMPTS]!;
    counts[1]! += events;
  } else counts[what === WHAT.PROBE ? 2 : 3]! += events;
}
