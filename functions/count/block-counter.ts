import type { PackedAddresses } from "../parse/address-book.ts";
import type { EpochSeconds } from "../parse/event.ts";
import type { LineParser } from "../parse/line.ts";
import { LATER, type Login } from "../parse/login.ts";
import { LineSplitter } from "../read/split.ts";
import { WIDTH } from "./entries.ts";
import { OwnAddresses } from "./own-addresses.ts";
import { type LogReading, withLongLines } from "./read-parts.ts";
import { addEntries, addLogin, createTally, type Tally } from "./tally.ts";

/** What blocks of one log gave, as it can be sent from one thread to another. */
export interface BlockCounts {
  /** As in a tally: the first `size` of them. */
  entries: Uint32Array<ArrayBuffer>;
  size: number;
  addresses: PackedAddresses;
  names: string[];
  events: number;
  lines: number;
  longLines: number;
  unreadLines: number;
  unreadKinds: [kind: string, count: number][];
  newest: EpochSeconds;
  own: number[];
}

const NEWLINE = 0x0a;

/**
 * Counts blocks of whole lines of one log. Which ones, and in which order, makes no difference to what they add up to, but for
 * lines that depend on earlier ones: those are set aside, for one counter to take them in order.
 */
export class BlockCounter {
  readonly tally: Tally;
  readonly parser: LineParser;
  readonly own = new OwnAddresses();
  newest: EpochSeconds = 0;
  private readonly until: EpochSeconds;
  private readonly splitter: LineSplitter;
  private readonly others: Pick<BlockCounts, "lines" | "longLines" | "unreadLines" | "unreadKinds">[] = [];
  /** Bytes of the block's lines that are set aside. */
  private aside = 0;
  private isTail = false;

  constructor(
    parser: LineParser,
    { logName, until, longest }: { logName: string; until: EpochSeconds; longest: number },
  ) {
    this.parser = parser;
    this.tally = createTally(logName, parser.addresses);
    this.until = until;
    this.splitter = new LineSplitter({ name: logName, tail: true }, longest, (bytes, start, end) => {
      const login = this.isTail ? parser.read(bytes, start, end) : parser.readAlone(bytes, start, end);
      if (login === LATER) this.setAside(bytes, start, end);
      else if (login !== undefined) this.count(login);
    });
  }

  /** Counts a block. Lines that have to be read in order are moved to its beginning; returns their length. */
  take(block: Buffer): number {
    this.aside = 0;
    this.splitter.take(block);
    return this.aside;
  }

  /** Counts lines that were set aside, in the order of the log. */
  takeInOrder(lines: Buffer): void {
    let start = 0;
    for (let end = lines.indexOf(NEWLINE); end >= 0; end = lines.indexOf(NEWLINE, start)) {
      const login = this.parser.read(lines, start, end);
      if (login !== undefined) this.count(login);
      start = end + 1;
    }
  }

  /** Takes the unterminated last line. */
  takeTail(tail: Buffer): void {
    this.isTail = true;
    this.splitter.take(tail);
    this.splitter.takeTail();
  }

  /** Adds what another counter of the same log has counted, and takes it away. */
  add(counts: BlockCounts): void {
    const numbers = this.tally.addresses.numbersOf(counts.addresses);
    const { entries, size, names, events, ...others } = counts;
    addEntries(this.tally, { entries: entries.subarray(0, size * WIDTH), names, events }, numbers);
    entries.buffer.transfer(0);
    for (const number of counts.own) this.own.note(numbers[number]!);
    this.newest = Math.max(this.newest, counts.newest);
    this.others.push(others);
  }

  /** What was read by this and by those added. */
  read(): Pick<LogReading, "lines" | "unread" | "unreadKinds"> {
    const { lines, longLines } = this.splitter.extent();
    const all = [{ lines, longLines, unreadLines: this.parser.unreadLines }, ...this.others];
    const kinds = new Map(this.parser.unread);
    for (const [kind, count] of this.others.flatMap(({ unreadKinds }) => unreadKinds))
      kinds.set(kind, (kinds.get(kind) ?? 0) + count);
    const long = sum(all.map((one) => one.longLines));
    return {
      lines: sum(all.map((one) => one.lines)),
      unread: sum(all.map((one) => one.unreadLines)) + long,
      unreadKinds: withLongLines(kinds, long),
    };
  }

  private count(login: Login): void {
    if (login.at > this.until) return;
    addLogin(this.tally, login);
    if (login.at > this.newest) this.newest = login.at;
    this.own.note(login.local);
  }

  /** There is always room: what lies before the line was read. */
  private setAside(block: Buffer, start: number, end: number): void {
    block.copyWithin(this.aside, start, end);
    this.aside += end - start;
    block[this.aside++] = NEWLINE;
  }

  /** May be taken away: nothing can be counted any more. */
  counts(): BlockCounts {
    const { tally, parser, newest, own } = this;
    const { lines, longLines } = this.splitter.extent();
    const { values, size } = tally.entries;
    return {
      entries: values,
      size,
      addresses: tally.addresses.packed(),
      names: tally.users.names,
      events: tally.events,
      lines,
      longLines,
      unreadLines: parser.unreadLines,
      unreadKinds: [...parser.unread],
      newest,
      own: own.numbers,
    };
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, number) => all + number, 0);
}
