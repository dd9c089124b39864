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
import { BytesCache } from "./bytes-cache.ts";
import { attemptsCaptured, captured, forgetCaptured, SERVICE } from "./captured.ts";
import { Clients, HIDDEN, NOBODY } from "./clients.ts";
import { mayBeCut } from "./cut.ts";
import { type Daemon, services } from "./daemon.ts";
import { daemons } from "./daemons.ts";
import type { Envelope } from "./envelope.ts";
import { type Address, type EpochSeconds, type LoginEvent, SERVICES } from "./event.ts";
import { createEnvelopeReader, emptyEnvelope } from "./forms.ts";
import { daemonIn, evidenceIn, type Login, serviceIn, WHAT, whatIn, withService } from "./login.ts";
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
  /** What was read, as an event; until the next line is read. */
  eventOf(login: Login): LoginEvent;
  /** The addresses that logins name by number. */
  readonly addresses: AddressBook;
  readonly unread: ReadonlyMap<string, number>;
  readonly unreadLines: number;
}

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
  private readonly readEnvelope = createEnvelopeReader();
  private readonly clients: Clients;
  /** Numbers of services by name; -1 for a name that says none. */
  private readonly services = new BytesCache(SERVICE_NAMES, (bytes, from, to) =>
    SERVICES.indexOf(services.get(bytes.toString("latin1", from, to))!),
  );
  private readonly twins = new Twins();
  /** Programs whose next line is the rest of one that was cut. */
  private readonly continued = new Set<Program>();
  private readonly unreadKinds = new UnreadLines();
  unreadLines = 0;

  constructor({ logTime, zone, isTrustedProxy }: LogContext, addresses: AddressBook) {
    this.addresses = addresses;
    this.clock = createClock(logTime, zone);
    this.clients = new Clients(addresses, isTrustedProxy);
    const { bytes } = this.envelope;
    this.login = { at: 0, code: 0, attempts: 0, address: NOBODY, local: -1, bytes, userFrom: -1, userTo: -1 };
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
    if (!this.readEnvelope(bytes, start, end, envelope) || envelope.from >= envelope.to) return undefined;
    const program = programOf(envelope);
    return program && this.readMessage(program, bytes, end - start);
  }

  /** @param bytes the line's, and its length */
  private readMessage(program: Program, bytes: Buffer, length: number): Login | undefined {
    const { envelope } = this;
    if (this.continued.size > 0 && this.continued.has(program)) return this.skipRest(program, envelope);
    takePrefix(envelope);
    const candidates = program.candidates(envelope.bytes, envelope.from, envelope.to);
    if (candidates.length === 0) return undefined;
    forgetCaptured();
    for (let i = 0; i < candidates.length; i++) {
      const candidate = candidates[i]!;
      if (!candidate.shape.fits(envelope.bytes, envelope.from, envelope.to)) continue;
      if (isCutByDaemon(candidate.daemon, envelope)) this.continued.add(program);
      return this.tell(candidate, envelope, envelope.bytes === bytes ? length : 0);
    }
    return undefined;
  }

  private tell(candidate: Candidate, envelope: Envelope, length: number): Login | undefined {
    const { shape, daemon } = candidate;
    const { meaning } = shape;
    if (meaning === "nothing") return undefined;
    const { bytes } = envelope;
    if (meaning === "unread" || (isCut(envelope, length, daemon) && shape.typedBeforeAddress())) {
      return this.miss(daemon, envelope);
    }
    const address = this.clients.clientIn(bytes);
    if (meaning === "opens") {
      this.clients.openSession(bytes, address);
      return undefined;
    }
    const at = envelope.time.at(envelope.timeBytes, envelope.timeFrom, envelope.timeTo, this.clock);
    if (address === NOBODY || at === undefined || at < 0 || at > this.clock.latest)
      return this.miss(daemon, envelope);
    const isAttempt = whatIn(candidate.code) === WHAT.ATTEMPT;
    const attempts = isAttempt ? attemptsCaptured(bytes) * envelope.times : 0;
    if (address === HIDDEN || (isAttempt && attempts <= 0)) return undefined;
    if (daemon.writesTwice && this.isSecond(envelope, at)) return undefined;
    const { login } = this;
    login.at = at;
    login.code = this.codeOf(candidate, bytes);
    login.attempts = attempts;
    login.address = address;
    login.local = this.clients.localIn(bytes);
    if (login.bytes !== bytes) login.bytes = bytes;
    placeUser(login, bytes);
    return login;
  }

  /** The rest of a message that its daemon has cut: it begins with what a client typed, so it is not looked at. */
  private skipRest(program: Program, { from, to }: Envelope): undefined {
    if (to - from < LONGEST_REST) this.continued.delete(program);
    this.unreadLines++;
  }

  /** A daemon's own log is no syslog: it has each line once. */
  private isSecond({ bytes, programBytes, programFrom, to }: Envelope, at: EpochSeconds): boolean {
    return programBytes === bytes && this.twins.isSecond(bytes, programFrom, to, at);
  }

  private codeOf({ code }: Candidate, bytes: Buffer): number {
    const from = captured[SERVICE]!;
    const service = from < 0 ? -1 : this.services.get(bytes, from, captured[SERVICE + 1]!);
    return service < 0 ? code : withService(code, service);
  }

  private miss(daemon: Daemon, { bytes, from, to }: Envelope): undefined {
    this.unreadLines++;
    this.unreadKinds.add(daemon.name, bytes, from, to);
  }
}

function isCutByDaemon({ longest = Number.POSITIVE_INFINITY }: Daemon, { from, to }: Envelope): boolean {
  return to - from >= longest;
}

function isCut(envelope: Envelope, length: number, daemon: Daemon): boolean {
  return isCutByDaemon(daemon, envelope) || mayBeCut(envelope.to - envelope.from) || mayBeCut(length);
}
