import {
  type Claim,
  emptyStream,
  type Part,
  planParts,
  type Stream,
  withClaims,
  withCounted,
} from "../../functions/count/ledger.ts";
import type { Range } from "../../functions/count/ranges.ts";

/**
 * The protocol of count/object.ts and count/commit.ts as a small model, explored exhaustively: two functions at once,
 * three objects of one stream, every interleaving of their steps, a crash possible before each. The ledger's own
 * code takes the decisions. A claim is dead when its owner is: that is what the lease is for.
 */
interface Model {
  stream: Stream;
  /** Rows by the start of their part: which bytes they count, and by which try. */
  rows: Record<number, Range>;
  /** Which rows a part's tries said they would put: receipts. */
  receipts: Range[];
  /** Messages in the queue, by object. */
  waiting: boolean[];
  workers: (Worker | undefined)[];
  /** How many may still come. */
  crashes: number;
}

interface Worker {
  name: number;
  object: number;
  step: "plan" | "read" | "claim" | "receipt" | "rows" | "count" | "delete";
  parts: Part[];
  /** The stream has changed since this function read it to claim: its put will be refused. */
  stale: boolean;
  claims: Claim[];
  /** Parts whose rows have been put. */
  put: number;
}

export interface LogObject extends Range {
  damaged?: boolean;
}

/** Three objects of one stream each; a byte stands for a line. */
export const CASES: Record<string, LogObject[]> = {
  "a log, grown, and its second part as a segment": [
    { start: 0, end: 2 },
    { start: 0, end: 4 },
    { start: 2, end: 4 },
  ],
  "segments out of order, and the whole log": [
    { start: 4, end: 6 },
    { start: 0, end: 2 },
    { start: 0, end: 6 },
  ],
  "a damaged copy, a good one, and a grown one": [
    { start: 0, end: 2, damaged: true },
    { start: 0, end: 4 },
    { start: 0, end: 6 },
  ],
  "a damaged copy that read further than the good one": [
    { start: 0, end: 4, damaged: true },
    { start: 0, end: 2 },
    { start: 2, end: 4 },
  ],
};

const MOST_STATES = 1_000_000;

/** Visits every state that at most `crashes` crashes can lead to; throws on the first that breaks a promise. */
export function explore(objects: LogObject[], crashes: number): { states: number; ends: number } {
  const todo = [startOf(objects, crashes)];
  const seen = new Set<string>();
  let ends = 0;
  for (let state = todo.pop(); state !== undefined; state = todo.pop()) {
    const key = JSON.stringify(state);
    if (seen.has(key)) continue;
    seen.add(key);
    if (seen.size > MOST_STATES) throw new Error(`more states than the model can have: ${key}`);
    expectNothingTwice(state);
    const next = successors(state, objects);
    if (isEnd(state)) {
      ends++;
      expectAllCounted(state, objects);
    } else if (next.length === 0) throw new Error(`blocked: ${key}`);
    todo.push(...next);
  }
  return { states: seen.size, ends };
}

function startOf(objects: LogObject[], crashes: number): Model {
  return {
    stream: emptyStream("mx1", "0123456789abcdef"),
    rows: {},
    receipts: [],
    waiting: objects.map(() => true),
    workers: [undefined, undefined],
    crashes,
  };
}

function isEnd(state: Model): boolean {
  return !state.waiting.includes(true) && state.workers.every((worker) => worker === undefined);
}

function successors(state: Model, objects: LogObject[]): Model[] {
  return state.workers.flatMap((worker, slot) =>
    worker === undefined ? starts(state, slot) : [step(state, slot, objects), ...crash(state, slot)],
  );
}

/** A free function takes a message that nobody has. */
function starts(state: Model, slot: number): Model[] {
  return state.waiting.flatMap((waits, object) => {
    if (!waits || state.workers.some((other) => other?.object === object)) return [];
    const worker: Worker = {
      name: freshName(state),
      object,
      step: "plan",
      parts: [],
      stale: false,
      claims: [],
      put: 0,
    };
    return [withWorker(state, slot, worker)];
  });
}

/** The least that neither a function at work nor a claim of a dead one has: names stay few, so states do too. */
function freshName(state: Model): number {
  const used = [
    ...state.workers.map((worker) => worker?.name),
    ...state.stream.claims.map((c) => Number(c.owner)),
  ];
  let name = 0;
  while (used.includes(name)) name++;
  return name;
}

/** The function dies; its message comes again. */
function crash(state: Model, slot: number): Model[] {
  if (state.crashes === 0) return [];
  return [withWorker({ ...state, crashes: state.crashes - 1 }, slot, undefined)];
}

function step(state: Model, slot: number, objects: LogObject[]): Model {
  const worker = state.workers[slot]!;
  const object = objects[worker.object]!;
  const isDead = (claim: Claim) => !state.workers.some((other) => String(other?.name) === claim.owner);
  switch (worker.step) {
    case "plan": {
      // An object is not known to be damaged before it has been read; the model lets the second plan find out
      const plan = planParts(state.stream, object, object.damaged ?? false, isDead);
      if ("busy" in plan) return withWorker(state, slot, undefined);
      return withWorker(state, slot, {
        ...worker,
        parts: plan.parts,
        step: plan.parts.length > 0 ? "read" : "delete",
      });
    }
    case "read":
      return withWorker(state, slot, { ...worker, stale: false, step: "claim" });
    case "claim":
      return claim(state, slot, worker, object, isDead);
    case "receipt": {
      const receipts = [...state.receipts, ...worker.parts.map(({ start, end }) => ({ start, end }))];
      return withWorker({ ...state, receipts: unique(receipts) }, slot, { ...worker, step: "rows" });
    }
    case "rows":
      return putRows(state, slot, worker);
    case "count":
      return markCounted(state, slot, worker);
    case "delete": {
      const waiting = state.waiting.map((waits, index) => waits && index !== worker.object);
      return withWorker({ ...state, waiting }, slot, undefined);
    }
  }
}

function claim(
  state: Model,
  slot: number,
  worker: Worker,
  object: LogObject,
  isDead: (claim: Claim) => boolean,
): Model {
  const plan = planParts(state.stream, object, object.damaged ?? false, isDead);
  if ("busy" in plan) return withWorker(state, slot, undefined);
  if (worker.stale || JSON.stringify(plan.parts) !== JSON.stringify(worker.parts)) {
    return withWorker(state, slot, { ...worker, step: "plan", parts: [] });
  }
  const claims = worker.parts.map((part) => ({
    ...part,
    owner: String(worker.name),
    lease: 0,
    lastLine: "",
    partial: object.damaged ?? false,
  }));
  const stream = withClaims(state.stream, claims);
  return withStream(state, stream, slot, { ...worker, claims, step: "receipt" });
}

/** First the rows of replaced parts go, then the part's own is put; one part a step. */
function putRows(state: Model, slot: number, worker: Worker): Model {
  const part = worker.parts[worker.put]!;
  const rows = { ...state.rows };
  for (const old of part.replaces) {
    if (state.receipts.some((receipt) => receipt.start === old.start && receipt.end === old.end))
      delete rows[old.start];
  }
  rows[part.start] = { start: part.start, end: part.end };
  const put = worker.put + 1;
  const next = put === worker.parts.length ? "count" : "rows";
  return withWorker({ ...state, rows }, slot, { ...worker, put, step: next });
}

function markCounted(state: Model, slot: number, worker: Worker): Model {
  const stream = withCounted(state.stream, worker.claims);
  if (stream === undefined) throw new Error(`a live function lost its claim: ${JSON.stringify(state)}`);
  return withStream(state, stream, slot, { ...worker, step: "delete" });
}

/** Changed on `version = :read` only, so whoever has read it before is refused. The number itself does not matter. */
function withStream(state: Model, stream: Stream, slot: number, worker: Worker): Model {
  const workers = state.workers.map((other) => other && { ...other, stale: true });
  return withWorker({ ...state, stream: { ...stream, version: 0 }, workers }, slot, {
    ...worker,
    stale: false,
  });
}

function expectNothingTwice(state: Model): void {
  const counted = new Set<number>();
  for (const { start, end } of Object.values(state.rows)) {
    for (let byte = start; byte < end; byte++) {
      if (counted.has(byte)) throw new Error(`byte ${byte} twice: ${JSON.stringify(state)}`);
      counted.add(byte);
    }
  }
}

function expectAllCounted(state: Model, objects: LogObject[]): void {
  const end = Math.max(...objects.map((object) => object.end));
  const counted = Object.values(state.rows).reduce((sum, row) => sum + row.end - row.start, 0);
  if (counted !== end || state.stream.claims.length > 0)
    throw new Error(`bytes lost: ${JSON.stringify(state)}`);
}

function withWorker(state: Model, slot: number, worker: Worker | undefined): Model {
  return { ...state, workers: state.workers.map((old, index) => (index === slot ? worker : old)) };
}

function unique(ranges: Range[]): Range[] {
  return [...new Map(ranges.map((range) => [`${range.start}-${range.end}`, range])).values()].sort(
    (a, b) => a.start - b.start || a.end - b.end,
  );
}
