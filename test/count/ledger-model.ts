import {
  type Claim,
  emptyStream,
  type Part,
  type Stream,
  standing,
  withClaims,
  withCounted,
  withoutClaims,
} from "../../functions/count/ledger.ts";
import { isSamePlan, type Plan, planParts, planRecount } from "../../functions/count/plan.ts";
import { contains, type Range } from "../../functions/count/ranges.ts";
import { explore } from "./explore.ts";

/**
 * The protocol of functions/count as a small model, explored exhaustively: two functions at once, up to three objects of
 * one stream and a replay, every interleaving of their steps, a crash possible before each. The ledger's own code takes the
 * decisions. A claim is dead when its owner is: that is what the lease is for. Changing the stream's row is one step, since
 * a put is refused unless the row is as it was read.
 */
interface Model {
  stream: Stream;
  /** Rows by the start of their part: which bytes they count, and by which parser. */
  rows: Record<number, Row>;
  /** Names of receipts, `<start>-<end>.<generation>`. */
  receipts: string[];
  /** What store/parts.ts holds. */
  parts: Record<number, Row & { generation: number }>;
  /** Messages in the queue, by job. */
  waiting: boolean[];
  workers: (Worker | undefined)[];
  /** How many may still come. */
  crashes: number;
}

interface Row extends Range {
  parser: 1 | 2;
  /** That names it. */
  receipt: string;
}

interface Worker {
  name: number;
  job: number;
  step:
    | "plan"
    | "erase"
    | "free"
    | "read"
    | "claim"
    | "receipt"
    | "old rows"
    | "rows"
    | "part"
    | "count"
    | "delete";
  /** The object has been read before: where it ends and whether it is damaged is known. */
  learned: boolean;
  parts: Part[];
  claims: Claim[];
  /** Parts that have been written. */
  written: number;
}

/** One object of the stream, or a replay of what an object of these bytes holds. A byte stands for a line. */
export interface Job extends Range {
  damaged?: boolean;
  replay?: boolean;
}

export const CASES: Record<string, Job[]> = {
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
  "segments that overlap": [
    { start: 0, end: 4 },
    { start: 2, end: 6 },
    { start: 3, end: 5 },
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
  "two damaged copies and a good one": [
    { start: 0, end: 2, damaged: true },
    { start: 0, end: 4, damaged: true },
    { start: 0, end: 5 },
  ],
  "a replay beside a log that grows": [
    { start: 0, end: 2 },
    { start: 0, end: 4 },
    { start: 0, end: 4, replay: true },
  ],
  "a replay beside a good copy of a damaged log": [
    { start: 0, end: 2, damaged: true },
    { start: 0, end: 4 },
    { start: 0, end: 2, replay: true },
  ],
  "a replay beside a good copy of equal length": [
    { start: 0, end: 2, damaged: true },
    { start: 0, end: 2 },
    { start: 0, end: 2, replay: true },
  ],
  "two replays": [
    { start: 0, end: 2 },
    { start: 0, end: 2, replay: true },
    { start: 0, end: 2, replay: true },
  ],
};

/** Visits every state that at most `crashes` crashes can lead to; throws on the first that breaks a promise. */
export function exploreProtocol(jobs: Job[], crashes: number): { states: number; ends: number } {
  return explore<Model>({
    start: startOf(jobs, crashes),
    successors: (state) => state.workers.flatMap((_, slot) => steps(state, slot, jobs)),
    isEnd: (state) => isEnd(state),
    check: (state) => {
      expectNothingTwice(state);
      if (isEnd(state)) expectAllCounted(state, jobs);
    },
  });
}

function startOf(jobs: Job[], crashes: number): Model {
  return {
    stream: emptyStream("mx1", "0123456789abcdef"),
    rows: {},
    receipts: [],
    parts: {},
    waiting: jobs.map(() => true),
    workers: [undefined, undefined],
    crashes,
  };
}

function isEnd(state: Model): boolean {
  return !state.waiting.includes(true) && state.workers.every((worker) => worker === undefined);
}

function steps(state: Model, slot: number, jobs: Job[]): Model[] {
  const worker = state.workers[slot];
  if (worker === undefined) return starts(state, slot);
  const crashed =
    state.crashes === 0 ? [] : [withWorker({ ...state, crashes: state.crashes - 1 }, slot, undefined)];
  return [step(state, slot, worker, jobs[worker.job]!), ...crashed];
}

/** A free function takes a message that nobody has. */
function starts(state: Model, slot: number): Model[] {
  return state.waiting.flatMap((waits, job) => {
    if (!waits || state.workers.some((other) => other?.job === job)) return [];
    const name = freshName(state);
    const worker = { name, job, step: "plan" as const, learned: false, parts: [], claims: [], written: 0 };
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

function step(state: Model, slot: number, worker: Worker, job: Job): Model {
  switch (worker.step) {
    case "plan":
      return plan(state, slot, worker, job);
    case "erase":
      return erase(state, slot, worker);
    case "free":
      return withStream(state, withoutClaims(state.stream, worker.claims), slot, {
        ...worker,
        claims: [],
        step: "plan",
      });
    case "read":
      return withWorker(state, slot, { ...worker, learned: true, parts: readBy(worker, job), step: "claim" });
    case "claim":
      return claim(state, slot, worker, job);
    case "receipt":
      return receipt(state, slot, worker);
    case "old rows":
    case "rows":
    case "part":
      return write(state, slot, worker, job);
    case "count":
      return markCounted(state, slot, worker);
    case "delete": {
      const waiting = state.waiting.map((waits, index) => waits && index !== worker.job);
      return withWorker({ ...state, waiting }, slot, undefined);
    }
  }
}

/** Before a whole log is read nobody knows where it ends; nor, before any object is, whether it is damaged. */
function planFor(state: Model, { name, learned }: Worker, job: Job): Plan {
  const isDead = (claim: Claim) =>
    claim.owner === String(name) || !state.workers.some((other) => String(other?.name) === claim.owner);
  if (job.replay) {
    const parts = Object.values(state.parts).map((part) => ({ ...part, lastLine: "" }));
    const begun = (part: Range) => state.stream.claims.some((c) => c.start === part.start && c.recount);
    return planRecount(
      state.stream,
      parts.filter((part) => contains(job, part) && (part.parser === 1 || begun(part))),
      isDead,
    );
  }
  const end = learned || job.start > 0 ? job.end : Number.POSITIVE_INFINITY;
  return planParts(state.stream, { start: job.start, end }, learned && (job.damaged ?? false), isDead);
}

function plan(state: Model, slot: number, worker: Worker, job: Job): Model {
  const found = planFor(state, worker, job);
  if ("busy" in found) return withWorker(state, slot, undefined);
  if ("stale" in found) {
    const { stale } = found;
    const mine = { ...stale, owner: String(worker.name), generation: stale.generation + 1 };
    const next = { ...worker, claims: [mine], step: "erase" as const };
    return withStream(state, withClaims(state.stream, [mine]), slot, next);
  }
  const next = found.parts.length > 0 ? "read" : "delete";
  return withWorker(state, slot, { ...worker, parts: found.parts, step: next });
}

/** All rows of the claim and of what it was to replace go, as far as receipts name them. */
function erase(state: Model, slot: number, worker: Worker): Model {
  const [mine] = worker.claims as [Claim];
  const starts = [mine.start, ...mine.replaces.map((old) => old.start)];
  return withWorker(withoutRows(state, starts), slot, { ...worker, step: "free" });
}

function readBy({ parts }: Worker, { end }: Job): Part[] {
  return parts
    .map((part) => ({ ...part, end: Math.min(part.end, end) }))
    .filter((part) => part.start < part.end);
}

function claim(state: Model, slot: number, worker: Worker, job: Job): Model {
  if (worker.parts.length === 0) return withWorker(state, slot, { ...worker, step: "delete" });
  const found = planFor(state, worker, job);
  if ("busy" in found) return withWorker(state, slot, undefined);
  if ("stale" in found) return withWorker(state, slot, { ...worker, parts: [], step: "plan" });
  if (!isSamePlan(found.parts, worker.parts))
    return withWorker(state, slot, { ...worker, parts: [], step: "plan" });
  const claims = worker.parts.map(
    (part): Claim => ({
      ...part,
      owner: String(worker.name),
      lease: 0,
      lastLine: "",
      partial: job.damaged ?? false,
    }),
  );
  return withStream(state, withClaims(state.stream, claims), slot, { ...worker, claims, step: "receipt" });
}

function receipt(state: Model, slot: number, worker: Worker): Model {
  const part = worker.parts[worker.written]!;
  const name = receiptOf(part);
  if (state.rows[part.start]?.receipt === name)
    throw new Error(`receipt ${name} of rows that are there is written over: ${JSON.stringify(state)}`);
  const receipts = [...new Set([...state.receipts, name])].sort();
  return withWorker({ ...state, receipts }, slot, { ...worker, step: "old rows" });
}

function receiptOf({ start, end, generation }: Part): string {
  return `${start}-${end}.${generation}`;
}

/** Rows of replaced parts go, then the part's own are put, then what is known of it. */
function write(state: Model, slot: number, worker: Worker, job: Job): Model {
  const { start, end, replaces, generation } = worker.parts[worker.written]!;
  const receipt = receiptOf(worker.parts[worker.written]!);
  const row: Row = { start, end, parser: job.replay ? 2 : 1, receipt };
  if (worker.step === "old rows") {
    const old = replaces.map((part) => part.start).filter((begin) => begin !== start);
    return withWorker(withoutRows(state, old), slot, { ...worker, step: "rows" });
  }
  if (worker.step === "rows") {
    return withWorker({ ...state, rows: { ...state.rows, [start]: row } }, slot, { ...worker, step: "part" });
  }
  const parts = { ...state.parts, [start]: { ...row, generation } };
  const written = worker.written + 1;
  const next = written === worker.parts.length ? "count" : "receipt";
  return withWorker({ ...state, parts }, slot, { ...worker, written, step: next });
}

function markCounted(state: Model, slot: number, worker: Worker): Model {
  if (standing(state.stream, worker.claims) !== "held") throw new Error(`lost: ${JSON.stringify(state)}`);
  const stream = withCounted(state.stream, worker.claims);
  const next = { ...worker, parts: [], claims: [], step: "delete" as const };
  return withStream(state, stream, slot, next);
}

function withoutRows(state: Model, starts: number[]): Model {
  const [rows, parts] = [{ ...state.rows }, { ...state.parts }];
  for (const start of starts) {
    if (state.receipts.includes(rows[start]?.receipt ?? "")) delete rows[start];
    delete parts[start];
  }
  return { ...state, rows, parts };
}

function withStream(state: Model, stream: Stream, slot: number, worker: Worker): Model {
  // the number itself does not matter
  return withWorker({ ...state, stream: { ...stream, version: 0 } }, slot, worker);
}

function withWorker(state: Model, slot: number, worker: Worker | undefined): Model {
  return { ...state, workers: state.workers.map((old, index) => (index === slot ? worker : old)) };
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

/** Every byte has rows, and what is known of the parts is what their rows are; a replay leaves nothing begun. */
function expectAllCounted(state: Model, jobs: Job[]): void {
  const end = Math.max(...jobs.map((job) => job.end));
  const counted = Object.values(state.rows).reduce((sum, row) => sum + row.end - row.start, 0);
  const parts = Object.values(state.parts).map(({ generation: _, ...row }) => row);
  const ranges = state.stream.ranges.reduce((sum, range) => sum + range.end - range.start, 0);
  const whole = counted === end && ranges === end && state.stream.claims.length === 0;
  const agree = JSON.stringify(Object.values(state.rows)) === JSON.stringify(parts);
  if (!whole || !agree) throw new Error(`not each byte once: ${JSON.stringify(state)}`);
}
