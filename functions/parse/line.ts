/**
 * A log line to a login event: the entry to the parser.
 *
 *     const parser = createLineParser({ logTime: mtime, zone: parseZone("Europe/Berlin") });
 *     const login = parser.read(bytes, start, end);    // Login, the same object each time; undefined: tells of no login
 *     const event = parser.parse(bytes, start, end);   // the same as a LoginEvent
 *     parser.unread;                                   // Map: what unread lines begin with -> how many
 *     parser.unreadLines;                              // how many lines looked like a login and were not read
 *
 * A parser is for one log: lines in order, each once. What comes out depends on the line and the context alone, so a
 * log may be cut at any line end (but see `sessions.ts` and `twins.ts`). Nothing is kept of `bytes`.
 */
import { AddressBook } from "./address-book.ts";
import { BlockReader, learnCandidates } from "./block.ts";
import { BytesCache } from "./bytes-cache.ts";
import { attemptsCaptured, captured, forgetCaptured, SERVICE } from "./captured.ts";
import { Clients, HIDDEN, NOBODY } from "./clients.ts";
import { mayBeCut } from "./cut.ts";
import { type Daemon, services } from "./daemon.ts";
import { daemons } from "./daemons.ts";
import type { Envelope } from "./envelope.ts";
import { type Address, type EpochSeconds, type LoginEvent, SERVICES } from "./event.ts";
import { EnvelopeReader, emptyEnvelope } from "./forms.ts";
import { daemonIn, evidenceIn, type Login, serviceIn, WHAT, whatIn, withService } from "./login.ts";
import type { LoginTaker } from "./login-batch.ts";
import { bytes as held, hold } from "./memory.ts";
import { takePrefix } from "./prefixes.ts";
import { type Candidate, createProgramTable, type Program } from "./programs.ts";
import { type Clock, createClock, type Zone } from "./time.ts";
import { Twins } from "./twins.ts";
import { UnreadLines } from "./unread.ts";
import { placeUser } from "./user.ts";

/** What a line does not say, but its log. */
export interface LogContext {
  /** The log's own time: `log-mtime`, Last-Modified or the file's. No line is from more than 24 hours later. */
  logTime: EpochSeconds;
  /** The host's zone, for times without one. */
  zone: Zone;
  /** Whether an address is one of ours that stands before the daemon: its lines tell of nobody. */
  isTrustedProxy?: ((address: Address) => boolean) | undefined;
}

export interface LineParser {
  /** Counts want numbers. The result is overwritten by the next call. */
  read(bytes: Buffer, start: number, end: number): Login | undefined;
  parse(bytes: Buffer, start: number, end: number): LoginEvent | undefined;
  /** Takes a piece of the log for `readBlock`, if it can. */
  load(piece: Buffer): boolean;
  /**
   * Reads the lines `[from, to)` of the piece, in order, up to one that must be given to `read`; gives where that begins, or `to`.
   * The piece has a newline before `to`.
   */
  readBlock(from: number, to: number, taker: LoginTaker): number;
  /** How many lines the last call of `readBlock` has read. */
  readonly linesInBlock: number;
  /** What was read, as an event; until the next line is read. */
  eventOf(login: Login): LoginEvent;
  /** The addresses that logins name by number. */
  readonly addresses: AddressBook;
  readonly unread: ReadonlyMap<string, number>;
  readonly unreadLines: number;
}

export { LONGEST_LINE } from "./block-memory.ts";

/** A shorter piece of a cut message is the last. */
const LONGEST_REST = 500;

/** Depends on nothing but the daemons, so all parsers share it. */
const programOf = createProgramTable(daemons);

/** Names of services that lines have: a few dozen. */
const SERVICE_NAMES = 256;

/** @param addresses to number a log's addresses as another's */
export function createLineParser(context: LogContext, addresses = new AddressBook()): LineParser {
  return new Parser(context, addresses);
}

class Parser implements LineParser {
  readonly addresses: AddressBook;
  private readonly clock: Clock;
  private readonly envelope = emptyEnvelope();
  private readonly login: Login;
  private readonly envelopes = new EnvelopeReader();
  private readonly clients: Clients;
  private readonly block: BlockReader;
  /** Numbers of services by name; -1 for a name that says none. */
  private readonly services = new BytesCache(SERVICE_NAMES, (bytes, from, to) =>
    SERVICES.indexOf(services.get(bytes.toString("latin1", from, to))!),
  );
  private readonly twins = new Twins();
  /** Names of programs whose next line is the rest of one that was cut. */
  private readonly continued = new Set<string>();
  private readonly unreadKinds = new UnreadLines();
  unreadLines = 0;

  constructor({ logTime, zone, isTrustedProxy }: LogContext, addresses: AddressBook) {
    this.addresses = addresses;
    this.clock = createClock(logTime, zone);
    this.clients = new Clients(addresses, isTrustedProxy);
    this.block = new BlockReader({
      addresses,
      isTrustedProxy,
      clock: this.clock,
      clientAt: (from, to) => this.clients.peerAt(held, from, to),
      localAt: (from, to) => addresses.numberIn(held, from, to),
      programAt: (from, to) => programOf(held, from, to),
      serviceAt: (from, to) => this.services.get(held, from, to),
    });
    const nobody = { address: NOBODY, local: -1, userFrom: -1, userTo: -1 };
    this.login = { at: 0, code: 0, attempts: 0, ...nobody, bytes: held };
  }

  get unread(): ReadonlyMap<string, number> {
    return this.unreadKinds.counts;
  }

  parse(bytes: Buffer, start: number, end: number): LoginEvent | undefined {
    const login = this.read(bytes, start, end);
    return login && this.eventOf(login);
  }

  eventOf({ at, code, attempts, address, local, bytes, userFrom, userTo }: Login): LoginEvent {
    return {
      at,
      outcome: whatIn(code) === WHAT.SUCCESS ? "success" : "failure",
      kind: whatIn(code) === WHAT.PROBE ? "probe" : "auth",
      evidence: evidenceIn(code),
      ip: this.addresses.addressOf(address),
      user: userFrom < 0 ? undefined : bytes.toString("utf8", userFrom, userTo),
      service: serviceIn(code),
      daemon: daemonIn(code),
      attempts,
      local: local < 0 ? undefined : this.addresses.addressOf(local),
    };
  }

  read(bytes: Buffer, start: number, end: number): Login | undefined {
    const { envelope } = this;
    if (!this.envelopes.read(bytes, start, end, envelope) || envelope.from >= envelope.to) return undefined;
    const program = programOf(envelope.programBytes, envelope.programFrom, envelope.programTo);
    return program && this.readMessage(program, bytes, end - start);
  }

  load(piece: Buffer): boolean {
    return this.block.load(piece);
  }

  readBlock(from: number, to: number, taker: LoginTaker): number {
    // the rest of a message may look like a line
    const form = this.continued.size > 0 ? undefined : this.envelopes.last;
    return this.block.read(form, from, to, taker);
  }

  get linesInBlock(): number {
    return this.block.lines;
  }

  /** @param bytes the line's, and its length */
  private readMessage(program: Program, bytes: Buffer, length: number): Login | undefined {
    const { envelope } = this;
    if (this.continued.size > 0 && this.continued.has(nameIn(envelope))) return this.skipRest(envelope);
    takePrefix(envelope);
    const pair = program.pairOf(envelope.bytes, envelope.from, envelope.to);
    const candidates = program.candidates(pair);
    if (candidates.length === 0) return this.tried(program, pair, 0);
    const from = hold(envelope.bytes, envelope.from, envelope.to);
    if (from < 0) return this.miss(candidates[0]!.daemon, envelope);
    const to = from + envelope.to - envelope.from;
    forgetCaptured();
    for (let i = 0; i < candidates.length; i++) {
      const candidate = candidates[i]!;
      if (!candidate.shape.fits(from, to)) continue;
      this.tried(program, pair, i + 1);
      if (isCutByDaemon(candidate.daemon, envelope)) this.continued.add(nameIn(envelope));
      return this.tell(candidate, envelope, envelope.bytes === bytes ? length : 0);
    }
    return this.tried(program, pair, candidates.length);
  }

  /** How many of the candidates were tried for the message. */
  private tried(program: Program, pair: number, count: number): undefined {
    if (this.block.learns) learnCandidates(program, pair, count);
  }

  private tell(candidate: Candidate, envelope: Envelope, length: number): Login | undefined {
    const { shape, daemon } = candidate;
    const { meaning } = shape;
    if (meaning === "nothing") return undefined;
    if (meaning === "unread" || (isCut(envelope, length, daemon) && shape.typedBeforeAddress())) {
      return this.miss(daemon, envelope);
    }
    const address = this.clients.clientIn(held);
    if (meaning === "opens") {
      this.clients.openSession(held, address);
      return undefined;
    }
    const at = envelope.time.at(envelope.timeBytes, envelope.timeFrom, envelope.timeTo, this.clock);
    if (address === NOBODY || at === undefined || at < 0 || at > this.clock.latest)
      return this.miss(daemon, envelope);
    const isAttempt = whatIn(candidate.code) === WHAT.ATTEMPT;
    const attempts = isAttempt ? attemptsCaptured(held) * envelope.times : 0;
    if (address === HIDDEN || (isAttempt && attempts <= 0)) return undefined;
    if (daemon.writesTwice && this.isSecond(envelope, at)) return undefined;
    const { login } = this;
    login.at = at;
    login.code = this.codeOf(candidate);
    login.attempts = attempts;
    login.address = address;
    login.local = this.clients.localIn(held);
    placeUser(login, held);
    return login;
  }

  /** The rest of a message that its daemon has cut: it begins with what a client typed, so it is not looked at. */
  private skipRest(envelope: Envelope): undefined {
    if (envelope.to - envelope.from < LONGEST_REST) this.continued.delete(nameIn(envelope));
    this.unreadLines++;
  }

  /** A daemon's own log is no syslog: it has each line once. */
  private isSecond(
    { bytes, programBytes, programFrom, from, to, isOwnLog }: Envelope,
    at: EpochSeconds,
  ): boolean {
    // with the process where that stands before the message
    const begin = programBytes === bytes ? programFrom : from;
    return !isOwnLog && this.twins.isSecond(bytes, begin, to, at);
  }

  private codeOf({ code }: Candidate): number {
    const from = captured[SERVICE]!;
    const service = from < 0 ? -1 : this.services.get(held, from, captured[SERVICE + 1]!);
    return service < 0 ? code : withService(code, service);
  }

  private miss(daemon: Daemon, { bytes, from, to }: Envelope): undefined {
    this.unreadLines++;
    this.unreadKinds.add(daemon.name, bytes, from, to);
  }
}

/** The program's name. */
function nameIn({ programBytes, programFrom, programTo }: Envelope): string {
  return programBytes.toString("latin1", programFrom, programTo);
}

function isCutByDaemon({ longest = Number.POSITIVE_INFINITY }: Daemon, { from, to }: Envelope): boolean {
  return to - from >= longest;
}

function isCut(envelope: Envelope, length: number, daemon: Daemon): boolean {
  return isCutByDaemon(daemon, envelope) || mayBeCut(envelope.to - envelope.from) || mayBeCut(length);
}
