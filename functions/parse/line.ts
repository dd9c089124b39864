/**
 * A log line to a login event: the entry to the parser.
 *
 *     const parser = createLineParser({ logTime: mtime, zone: parseZone("Europe/Berlin") });
 *     const event = parser.parse(bytes, start, end);   // LoginEvent, or undefined: tells of no login
 *     parser.unread;                                   // Map: what unread lines begin with -> how many
 *     parser.unreadLines;                              // how many lines looked like a login and were not read
 *
 * A parser is for one log: lines in order, each once. What comes out depends on the line and the context alone, so a
 * log may be cut at any line end (but see `sessions.ts` and `twins.ts`). Nothing is kept of `bytes`.
 */
import { BytesCache } from "./bytes-cache.ts";
import { mayBeCut } from "./cut.ts";
import { type Daemon, type Meaning, services } from "./daemon.ts";
import { daemons } from "./daemons.ts";
import { digits } from "./digits.ts";
import type { Envelope } from "./envelope.ts";
import type { Address, EpochSeconds, LoginEvent, Service } from "./event.ts";
import { createEnvelopeReader, emptyEnvelope } from "./forms.ts";
import { clientOf } from "./forwarded.ts";
import { captured, forgetCaptured } from "./matcher.ts";
import { type Peer, Peers } from "./peers.ts";
import { type Candidate, createProgramTable, type Program } from "./programs.ts";
import { Sessions } from "./sessions.ts";
import { type Clock, createClock, type Zone } from "./time.ts";
import { Twins } from "./twins.ts";
import { UnreadLines } from "./unread.ts";

/** What a line does not say, but its log. */
export interface LogContext {
  /** The log's own time: `log-mtime`, Last-Modified or the file's. No line is from more than 24 hours later. */
  logTime: EpochSeconds;
  /** The host's zone, for times without one. */
  zone: Zone;
  /** Whether an address is one of ours that stands before the daemon: its lines tell of nobody. */
  isTrustedProxy?: (address: Address) => boolean;
}

export interface LineParser {
  parse(bytes: Buffer, start: number, end: number): LoginEvent | undefined;
  readonly unread: ReadonlyMap<string, number>;
  readonly unreadLines: number;
}

/** Slots for names: those that come often are few. */
const REMEMBERED = 2048;

/** A shorter piece of a cut message is the last. */
const LONGEST_REST = 500;

/** Depends on nothing but the daemons, so all parsers share it. */
const programOf = createProgramTable(daemons);

type Read = Exclude<Meaning, string>;

export function createLineParser(context: LogContext): LineParser {
  return new Parser(context);
}

/** What daemons write where there is no name. */
const NO_NAME: ReadonlySet<string> = new Set(["", "?", "(unavailable)"]);

class Parser implements LineParser {
  private readonly clock: Clock;
  private readonly isTrustedProxy: (address: Address) => boolean;
  private readonly envelope = emptyEnvelope();
  private readonly readEnvelope = createEnvelopeReader();
  private readonly peers: Peers;
  private readonly names = new BytesCache<string>(REMEMBERED, (bytes, from, to) =>
    bytes.toString("utf8", from, to),
  );
  private readonly twins = new Twins();
  private readonly sessions = new Sessions<Peer>();
  /** The program whose next line is the rest of one that was cut. */
  private continued: Program | undefined;
  private readonly unreadKinds = new UnreadLines();
  unreadLines = 0;

  constructor({ logTime, zone, isTrustedProxy = () => false }: LogContext) {
    this.isTrustedProxy = isTrustedProxy;
    this.clock = createClock(logTime, zone);
    this.peers = new Peers(isTrustedProxy);
  }

  get unread(): ReadonlyMap<string, number> {
    return this.unreadKinds.counts;
  }

  parse(bytes: Buffer, start: number, end: number): LoginEvent | undefined {
    const envelope = this.envelope;
    if (!this.readEnvelope(bytes, start, end, envelope) || envelope.from >= envelope.to) return undefined;
    const program = programOf(envelope);
    if (program === undefined) return undefined;
    if (program === this.continued) return this.skipRest(envelope);
    if (envelope.bytes[envelope.from] === REPEATED[0]) readRepeated(envelope);
    const candidates = program.candidates(envelope.bytes, envelope.from, envelope.to);
    if (candidates.length === 0) return undefined;
    forgetCaptured();
    for (let i = 0; i < candidates.length; i++) {
      const candidate = candidates[i]!;
      if (!candidate.shape.fits(envelope.bytes, envelope.from, envelope.to)) continue;
      this.continued = isCutByDaemon(candidate.daemon, envelope) ? program : undefined;
      return this.tell(candidate, envelope, envelope.bytes === bytes ? end - start : 0);
    }
    return undefined;
  }

  private tell(
    { shape, daemon, service }: Candidate,
    envelope: Envelope,
    length: number,
  ): LoginEvent | undefined {
    const { meaning } = shape;
    if (meaning === "nothing") return undefined;
    const { bytes } = envelope;
    if (meaning === "unread" || (shape.typedBeforeAddress && isCut(envelope, length, daemon))) {
      return this.miss(daemon, envelope);
    }
    const peer = this.peerOf(bytes);
    if (meaning === "opens") return this.openSession(bytes, peer);
    const at = envelope.time.at(envelope.timeBytes, envelope.timeFrom, envelope.timeTo, this.clock);
    if (peer === undefined || at === undefined || at > this.clock.latest) return this.miss(daemon, envelope);
    const attempts = attemptsOf(meaning, bytes) * envelope.times;
    if (peer.proxy || (attempts <= 0 && isRefusal(meaning))) return undefined;
    if (daemon.writesTwice && this.isSecond(envelope, at)) return undefined;
    return {
      at,
      outcome: meaning.outcome,
      kind: meaning.kind,
      evidence: meaning.evidence,
      ip: peer.address,
      user: this.userOf(bytes),
      service: this.serviceOf(bytes) ?? meaning.service ?? service,
      daemon: daemon.name,
      attempts,
      local: this.localOf(bytes),
    };
  }

  /** The rest of a message that its daemon has cut: it begins with what a client typed, so it is not looked at. */
  private skipRest({ from, to }: Envelope): undefined {
    if (to - from < LONGEST_REST) this.continued = undefined;
    this.unreadLines++;
  }

  /** A daemon's own log is no syslog: it has each line once. */
  private isSecond({ bytes, programBytes, programFrom, to }: Envelope, at: EpochSeconds): boolean {
    return programBytes === bytes && this.twins.isSecond(bytes, programFrom, to, at);
  }

  /** The client: behind a trusted proxy the one that it names. */
  private peerOf(bytes: Buffer): Peer | undefined {
    const { ip, forwarded, session } = captured;
    if (ip.from < 0) return this.sessions.peerOf(bytes.toString("latin1", session.from, session.to));
    const peer = this.peers.get(bytes, ip.from, ip.to);
    if (peer === undefined) return this.nearest(bytes, ip.from, ip.to);
    if (!peer.proxy || forwarded.from < 0) return peer;
    return this.nearest(bytes, forwarded.from, forwarded.to) ?? peer;
  }

  private openSession(bytes: Buffer, peer: Peer | undefined): undefined {
    const { from, to } = captured.session;
    if (peer !== undefined) this.sessions.open(bytes.toString("latin1", from, to), peer);
  }

  private nearest(bytes: Buffer, from: number, to: number): Peer | undefined {
    const address = clientOf(bytes.toString("latin1", from, to), this.isTrustedProxy);
    return address === undefined ? undefined : { address, proxy: false };
  }

  private userOf(bytes: Buffer): string | undefined {
    const { from, to } = captured.user;
    if (from < 0) return undefined;
    const name = this.names.get(bytes, from, to);
    return NO_NAME.has(name) ? undefined : name;
  }

  private serviceOf(bytes: Buffer): Service | undefined {
    const { from, to } = captured.service;
    return from < 0 ? undefined : services.get(this.names.get(bytes, from, to));
  }

  private localOf(bytes: Buffer): Address | undefined {
    const { from, to } = captured.lip;
    return from < 0 ? undefined : this.peers.get(bytes, from, to)?.address;
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

const REPEATED = Buffer.from("message repeated ");
const TIMES = Buffer.from(" times: [ ");

/** `message repeated 3 times: [ message]`: rsyslog's reduction of repeated messages. */
function readRepeated(envelope: Envelope): void {
  const { bytes, from, to } = envelope;
  const number = from + REPEATED.length;
  if (to - from < 30 || bytes.compare(REPEATED, 0, REPEATED.length, from, number) !== 0) return;
  let end = number;
  while (end < number + 6 && digits(bytes, end, 1) >= 0) end++;
  const message = end + TIMES.length;
  if (end === number || bytes.compare(TIMES, 0, TIMES.length, end, message) !== 0) return;
  envelope.times = digits(bytes, number, end - number);
  envelope.from = message;
  envelope.to = to - 1;
}

function isRefusal({ outcome, kind }: Read): boolean {
  return outcome === "failure" && kind === "auth";
}

/** Failed tries: those that the line counts, less those that worked, or the one that it is about. */
function attemptsOf(meaning: Read, bytes: Buffer): number {
  if (!isRefusal(meaning)) return 0;
  const { attempts, succeeded } = captured;
  if (attempts.from < 0) return 1;
  const worked = succeeded.from < 0 ? 0 : digits(bytes, succeeded.from, succeeded.to - succeeded.from);
  return digits(bytes, attempts.from, attempts.to - attempts.from) - worked;
}
