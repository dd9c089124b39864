import type { AddressBook } from "../parse/address-book.ts";
import type { Address, EpochSeconds, LoginEvent } from "../parse/event.ts";
import { type LineParser, LONGEST_LINE } from "../parse/line.ts";
import type { Login } from "../parse/login.ts";
import { type LoginBatch, type LoginTaker, lineAt, loginAt, type UserNumbers } from "../parse/login-batch.ts";
import { DamagedObject, LimitExceeded } from "../read/errors.ts";
import { DEFAULT_LIMITS, type Limits } from "../read/limits.ts";
import { type FingerprintOf, type LineBlocks, type LogExtent, readLines } from "../read/lines.ts";
import type { ByteOffset } from "./counter.ts";
import type { Boundary, Part } from "./ledger.ts";
import type { NameBook } from "./name-book.ts";
import { OwnAddresses } from "./own-addresses.ts";
import type { Range } from "./ranges.ts";
import { addLogin, addLogins, createTally, type Tally } from "./tally.ts";

/** A log to be read and what to count of it. */
export interface LogToRead {
  source: AsyncIterable<Uint8Array>;
  /** What errors call it. */
  name: string;
  logName: string;
  /** Where its first byte lies in the stream. */
  start: ByteOffset;
  /** Parts to count, in order; the last may end at `Infinity`. */
  parts: readonly Part[];
  boundaries: readonly Boundary[];
  /** Whether an unterminated last line counts. */
  tail: boolean;
  /** What stands for a line in place of its hash. */
  fingerprintOf?: FingerprintOf | undefined;
  limits?: Partial<Limits>;
  /** Later events are left out. */
  until?: EpochSeconds;
  /** Numbers the users of all parts, and of other logs; without it each part has its own. */
  users?: NameBook;
  /** Entries of a part that are not packed. */
  most?: number;
  /** Called with each login event, besides the counting. */
  onEvent?: ((event: LoginEvent, line: number) => void) | undefined;
}

/** A part as read: its real end, what its lines say, and the hash of its last line. */
export interface CountedPart extends Part {
  tally: Tally;
  lastLine: string;
}

/** What one reading of a log gave. */
export interface LogReading {
  /** What the tallies call it. */
  logName: string;
  /** All of the log's complete lines. */
  range: Range;
  parts: CountedPart[];
  lines: number;
  events: number;
  unread: number;
  /** What unread lines begin with, and how many there were. */
  unreadKinds: ReadonlyMap<string, number>;
  newest: EpochSeconds | undefined;
  /** The host's own addresses that the lines name, the first 16. */
  own: Address[];
  /** Why not all of it could be read; what was readable is in `parts`. */
  damage: string | undefined;
  /** A line that the ledger knows is not where it should be: this is no copy of the stream. */
  conflict: string | undefined;
}

/** Reads a log once, in constant memory but for the tallies, and counts the lines of the parts asked for. */
export async function readParts(log: LogToRead, parser: LineParser): Promise<LogReading> {
  const { addresses } = parser;
  const tallies = log.parts.map(() => createTally(log.logName, addresses, log.users, log.most));
  const { until = Infinity, onEvent } = log;
  let at = 0;
  let newest = 0;
  const own = new OwnAddresses();
  const limits = { ...DEFAULT_LIMITS, ...log.limits };
  const afterPiece = (bytes: ByteOffset) => refuseTooMany(addresses, limits, log.name, bytes);
  const goTo = (offset: ByteOffset) => {
    while (offset >= log.parts[at]!.end) at++;
  };
  const count = (login: Login, line: number) => {
    if (login.at > until) return;
    addLogin(tallies[at]!, login);
    if (login.at > newest) newest = login.at;
    own.note(login.local);
    onEvent?.(parser.eventOf(login), line);
  };
  const countAll = (batch: LoginBatch) => {
    addLogins(tallies[at]!, batch, own);
    newest = Math.max(newest, batch.newest);
  };
  const isPlain = until === Infinity && onEvent === undefined;
  const users = () => (isPlain ? tallies[at]!.users : UNNUMBERED);
  const blocks = blocksOf(parser, goTo, users, isPlain ? countAll : eachOf(count));
  const { extent, damage } = await extentOf(log, blocks, afterPiece, (bytes, start, end, offset, line) => {
    goTo(offset);
    const login = parser.read(bytes, start, end);
    if (login !== undefined) count(login, line);
  });
  const parts = log.parts.map((part, index) => closePart(part, tallies[index]!, extent, log.tail));
  return {
    logName: log.logName,
    range: { start: log.start, end: endOf(extent, log.tail) },
    parts: parts.filter((part) => part.start < part.end),
    lines: extent.lines,
    events: tallies.reduce((sum, tally) => sum + tally.events, 0),
    unread: parser.unreadLines + extent.longLines,
    unreadKinds: withLongLines(parser.unread, extent.longLines),
    newest: newest === 0 ? undefined : newest,
    own: own.numbers.map((number) => addresses.addressOf(number)),
    damage,
    conflict: conflictIn(log.boundaries, extent),
  };
}

/** Users get their numbers when their login counts: names of logins that are left out take no room. */
const UNNUMBERED: UserNumbers = { numberIn: () => 0 };

/** Reads many lines at once: all of a block are of one part. */
function blocksOf(
  parser: LineParser,
  goTo: (offset: ByteOffset) => void,
  users: () => UserNumbers,
  take: (batch: LoginBatch, linesBefore: number) => void,
): LineBlocks {
  let before = 0;
  const taker: LoginTaker = {
    get users() {
      return users();
    },
    take: (batch) => take(batch, before + batch.linesBefore),
  };
  return {
    longest: LONGEST_LINE,
    load: (piece) => parser.load(piece),
    read: (from, to, offset, lines) => {
      goTo(offset);
      before = lines;
      return parser.readBlock(from, to, taker);
    },
    get lines() {
      return parser.linesInBlock;
    },
  };
}

/** Counts one login of a batch after the other. */
function eachOf(count: (login: Login, line: number) => void): (batch: LoginBatch, before: number) => void {
  const login = {} as Login;
  return (batch, before) => {
    for (let index = 0; index < batch.size; index++)
      count(loginAt(batch, index, login), before + lineAt(batch, index) + 1);
  };
}

function withLongLines(kinds: ReadonlyMap<string, number>, longLines: number): ReadonlyMap<string, number> {
  return longLines === 0 ? kinds : new Map([...kinds, ["(longer than a line may be)", longLines]]);
}

/** @throws LimitExceeded where a log names more addresses than there shall be memory for */
function refuseTooMany({ size }: AddressBook, limits: Limits, name: string, bytes: ByteOffset): void {
  if (size > limits.addresses)
    throw new LimitExceeded(name, bytes, `more than ${limits.addresses} addresses`);
}

type OnLine = Parameters<typeof readLines>[2];

/** Damage and limits end the reading, but what was read until then counts. */
async function extentOf(
  log: LogToRead,
  blocks: LineBlocks,
  afterPiece: (bytes: ByteOffset) => void,
  onLine: OnLine,
): Promise<{ extent: LogExtent; damage: string | undefined }> {
  const ranges = log.parts.map(({ start, end }) => ({ start, end }));
  const ends = new Set([...log.boundaries.map(({ at }) => at), ...log.parts.map(({ end }) => end)]);
  const { name, start, tail, fingerprintOf, limits = {} } = log;
  const hashAt = [...ends].filter(Number.isFinite).sort((a, b) => a - b);
  try {
    const extent = await readLines(
      log.source,
      { name, start, ranges, tail, hashAt, fingerprintOf, limits, blocks, afterPiece },
      onLine,
    );
    return { extent, damage: undefined };
  } catch (error) {
    const damaged = error instanceof DamagedObject || error instanceof LimitExceeded;
    if (damaged && error.extent !== undefined) return { extent: error.extent, damage: error.message };
    throw error;
  }
}

/** The end of what counts: with the unterminated tail, if that was asked for. */
function endOf(extent: LogExtent, tail: boolean): ByteOffset {
  return extent.end + (tail ? extent.tail : 0);
}

function closePart(part: Part, tally: Tally, extent: LogExtent, tail: boolean): CountedPart {
  const end = Math.min(part.end, endOf(extent, tail));
  return { ...part, end, tally, lastLine: extent.boundaries.get(end) ?? extent.lastLine ?? "" };
}

/** Where a log is no copy of the stream: only where it was read to the boundary can it disagree. */
export function conflictIn(boundaries: readonly Boundary[], extent: LogExtent): string | undefined {
  const broken = boundaries.find(
    ({ at, lastLine }) => at <= extent.end && extent.boundaries.get(at) !== lastLine,
  );
  return broken && `the line that ends at byte ${broken.at} is not the one that was counted there before`;
}
