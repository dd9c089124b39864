import { SERVICES } from "../parse/event.ts";
import { evidenceIn, isOfLogin, ownerIn, serviceNumberIn, WHAT, whatIn } from "../parse/login.ts";
import { ENTRY, WIDTH } from "./entries.ts";

const KINDS = 4;

/** Scratch, one number a kind of count: attempts, events, probes, successes. */
const login = new Float64Array(KINDS);
const summary = new Float64Array(KINDS);
const auth = new Float64Array(KINDS);
const told = new Float64Array(KINDS);
const authByService = new Float64Array(KINDS * SERVICES.length);

/**
 * What one tally's entries `[from, to)` of one address amount to hour by hour, each attempt once. The same as `historyOf`
 * makes of the rows: entries are in order, so all of one hour, and in it all of one daemon and service, stand together.
 * @param tell `counts` is overwritten by the next call: attempts, events, probes, successes
 */
export function eachHour(
  values: Uint32Array,
  from: number,
  to: number,
  tell: (hour: number, counts: Float64Array) => void,
): void {
  const end = to * WIDTH;
  for (let at = from * WIDTH; at < end; ) {
    const hour = values[at + ENTRY.HOUR]!;
    for (let kind = 0; kind < KINDS; kind++) told[kind] = 0;
    const next = addPlainHour(values, at, end);
    at = next > at ? next : addHour(values, at, end);
    tell(hour, told);
  }
}

/** Adds an hour of which only login processes tell, as most do: each line is an attempt of its own. 0 where others tell too. */
function addPlainHour(values: Uint32Array, from: number, end: number): number {
  const hour = values[from + ENTRY.HOUR]!;
  let at = from;
  for (; at < end && values[at + ENTRY.HOUR] === hour; at += WIDTH) {
    if (!isOfLogin(values[at + ENTRY.CODE]!)) {
      for (let kind = 0; kind < KINDS; kind++) told[kind] = 0;
      return 0;
    }
    addEntry(told, values, at);
  }
  return at;
}

/** Adds an hour; returns where it ends. */
function addHour(values: Uint32Array, from: number, end: number): number {
  const hour = values[from + ENTRY.HOUR]!;
  authByService.fill(0);
  let at = from;
  while (at < end && values[at + ENTRY.HOUR] === hour) at = addSpeaker(values, at, end);
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
  const hour = values[at + ENTRY.HOUR]!;
  const owner = ownerIn(values[at + ENTRY.CODE]!);
  login.fill(0);
  summary.fill(0);
  auth.fill(0);
  let next = at;
  for (; next < end && values[next + ENTRY.HOUR] === hour; next += WIDTH) {
    const code = values[next + ENTRY.CODE]!;
    if (ownerIn(code) !== owner) break;
    const evidence = evidenceIn(code);
    addEntry(evidence === "login" ? login : evidence === "auth" ? auth : summary, values, next);
  }
  const service = serviceNumberIn(values[at + ENTRY.CODE]!) * KINDS;
  for (let kind = 0; kind < KINDS; kind++) {
    told[kind]! += Math.max(login[kind]!, summary[kind]!);
    authByService[service + kind] = Math.max(authByService[service + kind]!, auth[kind]!);
  }
  return next;
}

function addEntry(counts: Float64Array, values: Uint32Array, at: number): void {
  const what = whatIn(values[at + ENTRY.CODE]!);
  const events = values[at + ENTRY.EVENTS]!;
  if (what === WHAT.ATTEMPT) {
    counts[0]! += values[at + ENTRY.ATTEMPTS]!;
    counts[1]! += events;
  } else counts[what === WHAT.PROBE ? 2 : 3]! += events;
}
