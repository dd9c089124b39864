import { AddressBook } from "../parse/address-book.ts";
import type { EpochSeconds, LoginEvent } from "../parse/event.ts";
import { createLineParser, type LogContext } from "../parse/line.ts";
import { DamagedObject, LimitExceeded } from "../read/errors.ts";
import { FINGERPRINT_BYTES } from "../read/fingerprint.ts";
import type { Limits } from "../read/limits.ts";
import { readLines } from "../read/lines.ts";
import { type Peeked, peek } from "../read/peek.ts";
import { type CountedLog, entriesIn, packLogs, tallyParts } from "./counted-logs.ts";
import type { AddressHistory } from "./counter.ts";
import { emptyStream, type Stream, withCountedParts } from "./ledger.ts";
import { logNameOf } from "./log-name.ts";
import { NameBook } from "./name-book.ts";
import { naming } from "./naming.ts";
import { planParts } from "./plan.ts";
import { conflictIn, type LogReading, readParts } from "./read-parts.ts";
import { historiesOf } from "./scan-histories.ts";
import { daemonsOf, MANY_ENTRIES } from "./tally.ts";
import type { TallyPart } from "./tally-history.ts";
import { turns } from "./turns.ts";

/** Logs counted in memory, without servers; each byte once, by the same ledger. */
export interface Scan {
  /**
   * Reads a log and counts what no log before held; may be called again before it is done. @throws NotALog, and what the source
   * throws
   */
  read(log: ScannedLog): Promise<LogReading>;
  /** What all logs say of each address. */
  histories(): Generator<AddressHistory>;
  /** Whose logins the logs tell of. */
  daemons(): Set<string>;
}

export interface ScannedLog {
  /** What it is called in messages: its path. */
  name: string;
  /** The log's bytes; called again where the log begins like one that was read before. */
  open: () => AsyncIterable<Uint8Array>;
  context: LogContext;
  /** Told of each event that counts. */
  onEvent?: ((event: LoginEvent, line: number) => void) | undefined;
  /** Later events are left out. */
  until?: EpochSeconds | undefined;
  limits?: Partial<Limits>;
}

/** @param atOnce logs that are read at the same time @param most entries that are not packed, of those and of all that wait */
export function createScan({ atOnce = 1, most = MANY_ENTRIES } = {}): Scan {
  const streams = new Map<string, Stream>();
  const addresses = new AddressBook();
  const logs: CountedLog[] = [];
  let users = new NameBook();
  let begun = 0;
  // entries of logs that wait for the others: together they take no more room than those of one
  let waiting = 0;
  // by turns, so that it does not depend on which is faster which of two copies is counted
  const peekInTurn = turns();
  const readInTurn = turns();
  let made: TallyPart[] | undefined;
  const parts = () => {
    // merged, a log's own tally would only take memory
    made ??= tallyParts(
      logs.splice(0).sort((a, b) => a.turn - b.turn),
      most,
    );
    return made;
  };
  const readOn = async (log: ScannedLog, turn: number, peeked: Peeked) => {
    const { stream, source } = await streamOf(log, peeked, streams);
    // logs of one host name the same users; a log that is full of made-up ones leaves the next ones a book of their own
    if (!users.isRoomy) users = new NameBook();
    const { reading, host } = await readFrom(log, source, stream, { addresses, users, most: most / atOnce });
    const { logName } = reading;
    streams.set(stream.fingerprint, { ...withCountedParts(stream, reading.parts), logName });
    const counted = { name: log.name, turn, host, fingerprint: stream.fingerprint, reading };
    logs.push(counted);
    waiting += entriesIn(counted);
    if (waiting > most) {
      packLogs(logs);
      waiting = 0;
    }
    return reading;
  };
  return {
    read: async (log) => {
      if (made !== undefined) throw new Error(`${log.name}: a scan takes no logs once it was read out`);
      const turn = begun++;
      const peeked = await peekInTurn("", () => peek(log.open(), log.name, fingerprintOf));
      return readInTurn(peeked.fingerprint ?? log.name, () => readOn(log, turn, peeked));
    },
    histories: () => historiesOf(parts(), addresses.size),
    daemons: () => new Set(parts().flatMap(({ tally }) => daemonsOf(tally))),
  };
}

/** The stream that a log belongs to. One that begins like another but goes on differently is a stream of its own. */
async function streamOf(log: ScannedLog, peeked: Peeked, streams: ReadonlyMap<string, Stream>) {
  const { fingerprint = log.name, source, close } = peeked;
  const known = streams.get(fingerprint);
  if (known === undefined) return { stream: emptyStream("", fingerprint), source };
  await close();
  const stream = (await agrees(log, known)) ? known : emptyStream("", `${fingerprint} ${log.name}`);
  return { stream, source: log.open() };
}

/** The line itself, as much as is hashed elsewhere, and no path: the first hash loads node:crypto, which takes 8 ms. */
function fingerprintOf(line: Buffer): string {
  return `${line.toString("latin1", 0, FINGERPRINT_BYTES)}\n`;
}

/** Whether the lines at the known boundaries are the same. */
async function agrees(log: ScannedLog, { ranges }: Stream): Promise<boolean> {
  const boundaries = ranges.map(({ end, lastLine }) => ({ at: end, lastLine }));
  const hashAt = boundaries.map(({ at }) => at);
  try {
    const extent = await readLines(
      log.open(),
      { name: log.name, ranges: [], hashAt, fingerprintOf, tail: true },
      () => {},
    );
    return conflictIn(boundaries, extent) === undefined;
  } catch (error) {
    if (!(error instanceof DamagedObject || error instanceof LimitExceeded) || error.extent === undefined)
      throw error;
    return conflictIn(boundaries, error.extent) === undefined;
  }
}

async function readFrom(
  log: ScannedLog,
  source: AsyncIterable<Uint8Array>,
  stream: Stream,
  { addresses, users, most }: { addresses: AddressBook; users: NameBook; most: number },
) {
  const plan = planParts(stream, { start: 0, end: Infinity }, false, () => true);
  if (!("parts" in plan)) throw new Error(`${log.name}: a claim in memory`);
  const { name, onEvent, until = Infinity, limits = {} } = log;
  const logName = stream.logName ?? logNameOf(name);
  const counted = {
    source,
    name,
    logName,
    start: 0,
    ...plan,
    tail: true,
    fingerprintOf,
    onEvent,
    until,
    limits,
    users,
    most,
  };
  const parser = naming(createLineParser(log.context, addresses));
  return { reading: await readParts(counted, parser), host: parser.host };
}
