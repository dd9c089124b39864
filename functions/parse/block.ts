/**
 * Many lines at once. Most lines of a log are in a usual form of syslog and name programs, minutes and addresses that a line
 * before has named: such are read in WebAssembly, a block at a time. What is new in a line is learnt when the parser has read it
 * alone, so both say the same of every line.
 */
import type { AddressBook } from "./address-book.ts";
import { blockReader } from "./block-code.ts";
import {
  ASK,
  BLOCK,
  beside,
  CANDIDATE,
  CANDIDATE_WIDTH,
  clients,
  entries,
  LISTS,
  lists,
  locals,
  MEANING,
  MINUTE_LENGTH,
  MINUTE_TEXT,
  MOST_LISTED,
  MOST_LOGINS,
  NO_PROGRAM,
  PROGRAM,
  PROGRAM_AREA,
  PROGRAM_ROOM,
  ROOM,
  STATE,
  state,
  users,
} from "./block-memory.ts";
import type { EnvelopeForm, TimeForm } from "./envelope.ts";
import { SERVICE_STEP, serviceNumberIn, WHAT, whatIn } from "./login.ts";
import type { LoginBatch, LoginTaker, UserNumbers } from "./login-batch.ts";
import { bytes, functionOf } from "./memory.ts";
import type { Candidate, Program } from "./programs.ts";
import { isoSyslog, isoTime, traditionalSyslog, traditionalTime } from "./syslog.ts";
import type { Clock } from "./time.ts";

/** In the order of FORM. */
const forms: readonly EnvelopeForm[] = [traditionalSyslog, isoSyslog];
const timeForms: readonly TimeForm[] = [traditionalTime, isoTime];

/** What the lines of a log depend on besides their text; places are those of the matchers' memory. */
export interface BlockContext {
  addresses: AddressBook;
  isTrustedProxy: unknown;
  clock: Clock;
  /** The client's number, or a negative one where that takes more than its address. */
  clientAt(from: number, to: number): number;
  /** The number of the server's own address, or a negative one. */
  localAt(from: number, to: number): number;
  /** Whose name it is; undefined where no daemon's. */
  programAt(from: number, to: number): Program | undefined;
  /** The number of a service; -1 where the text names none. */
  serviceAt(from: number, to: number): number;
}

/** The tables are one for all: what they hold of addresses and time is one reader's, what they hold of users one taker's. */
let owner: BlockReader | undefined;
let numbering: UserNumbers | undefined;

function ask(what: number, from: number, to: number): number {
  return owner!.answer(what, from, to);
}

/** Compiled when a first block is read. */
let readLines: ((from: number, to: number) => number) | undefined;

export class BlockReader {
  /** How many lines the last call has read. */
  lines = 0;
  private readonly context: BlockContext;
  private readonly batch: LoginBatch = { size: 0, entries, beside, newest: 0, linesBefore: 0, bytes };

  constructor(context: BlockContext) {
    this.context = context;
  }

  /** Takes a piece of a log, if it is not too large. */
  load(piece: Buffer): boolean {
    if (piece.length > ROOM) return false;
    if (owner !== this) this.takeOver();
    bytes.set(piece, BLOCK);
    return true;
  }

  /**
   * Reads the lines `[from, to)` of the piece, which ends there with a newline, up to one that must be read alone; gives where
   * that begins, else `to`.
   */
  read(form: EnvelopeForm | undefined, from: number, to: number, taker: LoginTaker): number {
    this.lines = 0;
    const number = form === undefined ? -1 : forms.indexOf(form);
    if (number < 0) return from;
    state[STATE.FORM] = number;
    if (numbering !== taker.users) users.clear();
    numbering = taker.users;
    readLines ??= functionOf(blockReader(SERVICE_STEP), { ask });
    for (let at = from; ; ) {
      at = readLines(BLOCK + at, BLOCK + to) - BLOCK;
      this.batch.size = state[STATE.LOGINS]!;
      this.batch.newest = state[STATE.NEWEST]! >>> 0;
      this.batch.linesBefore = this.lines;
      if (this.batch.size > 0) taker.take(this.batch);
      this.lines += state[STATE.LINES]!;
      if (at === to || this.batch.size < MOST_LOGINS) return at;
    }
  }

  /** Whether what a line says is of use for the lines to come. */
  get learns(): boolean {
    return owner === this;
  }

  /** Answers what the loop asks of the text `[from, to)`. */
  answer(what: number, from: number, to: number): number {
    if (what === ASK.CLIENT) return this.context.clientAt(from, to);
    if (what === ASK.USER) return userAt(from, to);
    if (what === ASK.LOCAL) return this.context.localAt(from, to);
    if (what === ASK.PROGRAM) return placeOf(this.context.programAt(from, to));
    return what === ASK.SERVICE ? this.context.serviceAt(from, to) + 1 : this.timeAt(from, to);
  }

  /** When the time was, and learns the minute; 0 where it is none. */
  private timeAt(from: number, to: number): number {
    const { clock } = this.context;
    const form = state[STATE.FORM]!;
    const at = timeForms[form]!.at(bytes, from, to, clock) ?? 0;
    const { minute } = clock;
    // one that was not of a length with those of this form is of no use
    if (minute.copyTo(bytes, MINUTE_TEXT) !== MINUTE_LENGTH[form]) forgetMinute();
    state[STATE.MINUTE] = minute.value;
    return Math.max(at, 0);
  }

  private takeOver(): void {
    const { addresses, isTrustedProxy, clock } = this.context;
    const before = owner?.context;
    if (before?.addresses !== addresses || before.isTrustedProxy !== isTrustedProxy) {
      clients.clear();
      locals.clear();
    }
    // before 1970 there is no line
    state[STATE.LATEST] = Math.max(clock.latest, 0);
    forgetMinute();
    owner = this;
  }
}

/** Its text becomes one that no line begins with, whatever stands in it. */
function forgetMinute(): void {
  bytes.fill(0, MINUTE_TEXT, MINUTE_TEXT + Math.max(...MINUTE_LENGTH));
}

/** -1 where a user gets no number: another one who comes may. */
function userAt(from: number, to: number): number {
  return numbering!.numberIn(bytes, from, to, state[STATE.IS_PROPER] === 1) || -1;
}

/** Where in the matchers' memory a program's classes and lists are. */
const known = new Map<Program, number>();
let programSize = 0;

/** Where a program is; NO_PROGRAM for one of no daemon, -1 where there are too many. */
function placeOf(program: Program | undefined): number {
  return program === undefined ? NO_PROGRAM : (known.get(program) ?? addProgram(program));
}

function addProgram(program: Program): number {
  const size = PROGRAM.LISTS + program.pairs * 4;
  if (programSize + size > PROGRAM_ROOM) return -1;
  const at = PROGRAM_AREA + programSize;
  programSize += Math.ceil(size / 4) * 4;
  bytes.set(program.first, at + PROGRAM.FIRST);
  bytes.set(program.second, at + PROGRAM.SECOND);
  bytes.writeInt32LE(program.width, at + PROGRAM.WIDTH);
  known.set(program, at);
  return at;
}

/** Where the list of some candidates is in `lists`. */
const listed = new Map<readonly Candidate[], number>();
let listSize = 0;

/** Learns which shapes a program's message of these classes may have, and makes the matchers of those that were tried. */
export function learnCandidates(program: Program, pair: number, tried: number): void {
  const at = known.get(program);
  if (at === undefined) return;
  const candidates = program.candidates(pair);
  const list = listed.get(candidates) ?? addList(candidates);
  if (list === undefined) return;
  for (let i = 0; i < tried; i++) {
    const slot = list + (i + 1) * CANDIDATE_WIDTH + CANDIDATE.SLOT;
    if (lists[slot]! < 0) lists[slot] = candidates[i]!.shape.slot();
  }
  bytes.writeInt32LE(LISTS + list * 4, at + PROGRAM.LISTS + pair * 4);
}

function addList(candidates: readonly Candidate[]): number | undefined {
  const size = (candidates.length + 1) * CANDIDATE_WIDTH;
  if (listSize + size > MOST_LISTED * CANDIDATE_WIDTH) return undefined;
  const list = listSize;
  listSize += size;
  listed.set(candidates, list);
  lists[list] = candidates.length;
  for (const [index, candidate] of candidates.entries()) {
    const at = list + (index + 1) * CANDIDATE_WIDTH;
    const { code, daemon } = candidate;
    lists[at + CANDIDATE.SLOT] = -1;
    lists[at + CANDIDATE.MEANING] = meaningOf(candidate);
    lists[at + CANDIDATE.CODE] = code;
    lists[at + CANDIDATE.FIRST_CODE] = code - serviceNumberIn(code) * SERVICE_STEP;
    lists[at + CANDIDATE.LONGEST] = daemon.longest ?? ROOM;
  }
  return list;
}

function meaningOf({ shape: { meaning }, daemon, code }: Candidate): number {
  if (meaning === "nothing") return MEANING.NOTHING;
  if (typeof meaning === "string" || daemon.writesTwice) return MEANING.LEFT;
  return MEANINGS[whatIn(code)]!;
}

const MEANINGS = {
  [WHAT.ATTEMPT]: MEANING.ATTEMPT,
  [WHAT.PROBE]: MEANING.PROBE,
  [WHAT.SUCCESS]: MEANING.SUCCESS,
};
