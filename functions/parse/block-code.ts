/**
 * The loop over the lines of a block, in WebAssembly: of a line in a usual form of syslog it finds program and message, tries
 * the shapes that may fit, and notes a login. Numbers of addresses, users and programs are in small tables; what is not there, it asks
 * for. A line of which it does not know program or shapes, or that is out of the ordinary, it leaves to the parser.
 *
 * Long, as it is one function: its parts share two dozen numbers, and leave the line by the same two ways.
 */
import {
  ASK,
  asking,
  BESIDES,
  CANDIDATE,
  CANDIDATE_WIDTH,
  clients,
  ENTRIES,
  FORM,
  LONGEST_LINE,
  MEANING,
  MINUTE_LENGTH,
  MINUTE_TEXT,
  MOST_LOGINS,
  MOST_WAITING,
  NO_PROGRAM,
  PROGRAM,
  programs,
  STATE,
  STATES,
  services,
  users,
  WAITING,
  WAITING_BYTES,
  WAITINGS,
  WHOSE,
} from "./block-memory.ts";
import { ATTEMPTS, CAPTURED, captured, FORWARDED, IP, LIP, SERVICE, SUCCEEDED, USER } from "./captured.ts";
import { BESIDE, BESIDE_WIDTH } from "./login-batch.ts";
import { ENTRY, eventsAndSpan, USER_BITS, WIDTH } from "./login-entry.ts";
import { loginNaming } from "./login-naming.ts";
import { SECOND } from "./programs.ts";
import {
  add,
  atLeast,
  block,
  both,
  byteAt,
  bytesAmong,
  type Code,
  call,
  callAt,
  differ,
  either,
  equal,
  type Func,
  FuncWriter,
  greater,
  int,
  jump,
  jumpIf,
  type Label,
  less,
  loop,
  loopWhile,
  lower,
  lowestBit,
  mul,
  not,
  sameEight,
  select,
  shiftLeft,
  shiftRight,
  store,
  storeOnes,
  sub,
  when,
  wordAt,
} from "./wasm.ts";

const ENTRY_BYTES = WIDTH * 4;
const BESIDE_SHIFT = Math.log2(BESIDE_WIDTH * 4);

const LONGEST_NAME = 64;
const LONGEST_PROCESS = 40;
const LONGEST_HOST = 300;

const NEWLINE = 0x0a;
const RETURN = 0x0d;
const SPACE = 0x20;
const COMMA = 0x2c;
const DASH = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const COLON = 0x3a;
const LESS = 0x3c;
const OPEN = 0x5b;
const CLOSE = 0x5d;
const PLUS = 0x2b;
const ZULU = 0x5a;
const QUESTION = 0x3f;
const PARENTHESIS = 0x28;

/** A function of the block's beginning and end; gives where the first line begins that it has not read. */
export function blockReader(serviceStep: number): Func {
  const line = new LineWriter(serviceStep);
  line.write();
  return line;
}

class LineWriter extends FuncWriter {
  private readonly at = this.param(0);
  private readonly blockEnd = this.param(1);
  /** Behind the line's last byte, and where its newline is. */
  private readonly to = this.local();
  private readonly newline = this.local();
  private readonly timeEnd = this.local();
  private readonly place = this.local();
  private readonly begin = this.local();
  private readonly program = this.local();
  private readonly found = this.local();
  private readonly from = this.local();
  private readonly sign = this.local();
  private readonly candidate = this.local();
  private readonly last = this.local();
  private readonly lines = this.local();
  /** Where the next login's entry goes, and what stands beside it. */
  private readonly entry = this.local();
  private readonly besides = this.local();
  /** Where the next login that waits is noted. */
  private readonly waiting = this.local();
  private readonly code = this.local();
  private readonly number = this.local();
  private readonly moment = this.local();
  private readonly attempts = this.local();
  private readonly offset = this.local();
  private readonly serviceStep: number;

  constructor(serviceStep: number) {
    super(2);
    this.serviceStep = serviceStep;
  }

  write(): void {
    const { at, blockEnd, lines, entry, besides, waiting, number } = this;
    this.body = [
      entry.set(int(ENTRIES)),
      besides.set(int(BESIDES)),
      waiting.set(int(WAITINGS)),
      set(STATE.NEWEST, int(0)),
      block((left) =>
        loop((next) => [
          jumpIf(atLeast(at.get, blockEnd.get), left),
          jumpIf(equal(entry.get, int(ENTRIES + MOST_LOGINS * ENTRY_BYTES)), left),
          this.findEnd(left),
          block((done) => [
            this.envelope(left, done),
            this.findCandidates(left, done),
            this.match(left, done),
          ]),
          at.set(add(this.newline.get, int(1))),
          lines.add(1),
          when(atLeast(sub(waiting.get, int(WAITINGS)), get(STATE.AHEAD)), [
            this.nameWaiting(),
            jumpIf(number.get, left),
            when(
              less(get(STATE.AHEAD), int(MOST_WAITING * WAITING_BYTES)),
              set(STATE.AHEAD, add(get(STATE.AHEAD), int(WAITING_BYTES))),
            ),
          ]),
          jump(next),
        ]),
      ),
      this.nameWaiting(),
      set(STATE.LINES, lines.get),
      set(STATE.LOGINS, shiftRight(sub(besides.get, int(BESIDES)), int(BESIDE_SHIFT))),
      at.get,
    ];
  }

  /** Numbers whom the logins that wait name. Goes back to the line of the first that gets none; `number` is how many were dropped. */
  private nameWaiting(): Code {
    const { at, lines, entry, besides, waiting, number } = this;
    return [
      number.set(call(loginNaming, waiting.get, entry.get, besides.get)),
      when(number.get, [
        waiting.add(mul(number.get, int(-WAITING_BYTES))),
        besides.add(mul(number.get, int(-BESIDE_WIDTH * 4))),
        at.set(wordAt(waiting.get, WAITING.LINE)),
        lines.set(wordAt(besides.get, BESIDE.LINE * 4)),
        set(STATE.AHEAD, int(WAITING_BYTES)),
      ]),
      waiting.set(int(WAITINGS)),
    ];
  }

  /** The block ends with a newline, so there is one. */
  private findEnd(left: Label): Code {
    const { at, newline, found, to } = this;
    const hasReturn = equal(byteAt(sub(newline.get, int(1))), int(RETURN));
    return [
      newline.set(at.get),
      loop((again) => [
        found.set(bytesAmong(newline.get, 0, NEWLINE)),
        when(not(found.get), [newline.add(16), jump(again)]),
      ]),
      newline.add(lowestBit(found.get)),
      to.set(sub(newline.get, both(greater(newline.get, at.get), hasReturn))),
      jumpIf(greater(sub(to.get, at.get), int(LONGEST_LINE)), left),
    ];
  }

  /** Time, host, `program[process]: `; then `program` is known, and `from` is where the message begins. */
  private envelope(left: Label, done: Label): Code {
    const { to, place, begin, program, timeEnd, from } = this;
    const byte = byteAt(place.get);
    const isBad = (longest: number) =>
      either(equal(place.get, begin.get), greater(sub(place.get, begin.get), int(longest)));
    return [
      timeEnd.set(select(get(STATE.FORM), this.isoEnd(), this.traditionalEnd())),
      jumpIf(not(timeEnd.get), left),
      begin.set(add(timeEnd.get, int(1))),
      place.set(begin.get),
      jumpIf(equal(byte, int(LESS)), left),
      this.goTo(to.get, SPACE),
      jumpIf(isBad(LONGEST_HOST - 1), left),
      jumpIf(equal(byteAt(sub(place.get, int(1))), int(COLON)), left),
      place.add(1),
      begin.set(place.get),
      this.goTo(to.get, COLON, OPEN, SPACE),
      jumpIf(isBad(LONGEST_NAME), left),
      jumpIf(atLeast(place.get, to.get), left),
      program.set(programs.numberOf(begin.get, place.get)),
      jumpIf(less(program.get, int(0)), left),
      when(equal(byte, int(OPEN)), [
        begin.set(add(place.get, int(LONGEST_PROCESS))),
        begin.set(select(less(begin.get, to.get), begin.get, to.get)),
        this.goTo(begin.get, CLOSE),
        place.add(1),
      ]),
      jumpIf(either(atLeast(place.get, to.get), differ(byte, int(COLON))), left),
      from.set(add(place.get, add(int(1), equal(byteAt(place.get, 1), int(SPACE))))),
      jumpIf(atLeast(from.get, to.get), done),
    ];
  }

  /** Moves `place` to the first of some bytes, or to `limit`. */
  private goTo(limit: Code, ...ends: number[]): Code {
    const { place, found } = this;
    return [
      block((out) =>
        loop((again) => [
          found.set(bytesAmong(place.get, 0, ...ends)),
          jumpIf(found.get, out),
          place.add(16),
          jumpIf(less(place.get, limit), again),
        ]),
      ),
      // by 32 where there is none
      place.add(lowestBit(found.get)),
      place.set(select(less(place.get, limit), place.get, limit)),
    ];
  }

  /** Where `Nov 24 02:39:01` ends, or 0. */
  private traditionalEnd(): Code {
    const { at, to } = this;
    const delimiters: [number, number][] = [
      [3, SPACE],
      [6, SPACE],
      [9, COLON],
      [12, COLON],
      [15, SPACE],
    ];
    return select(
      delimiters.reduce(
        (all, [offset, byte]) => both(all, equal(byteAt(at.get, offset), int(byte))),
        atLeast(sub(to.get, at.get), int(17)),
      ),
      add(at.get, int(15)),
      int(0),
    );
  }

  /** Where `2026-11-24T02:39:01.123456+00:00` ends, or 0. */
  private isoEnd(): Code {
    const { at, to, place } = this;
    const delimiters: [number, number][] = [
      [4, DASH],
      [7, DASH],
      [13, COLON],
      [16, COLON],
    ];
    const fits = delimiters.reduce(
      (all, [offset, byte]) => both(all, equal(byteAt(at.get, offset), int(byte))),
      greater(sub(to.get, at.get), int(44)),
    );
    const isOther = equal(byteAt(at.get, 24), int(COMMA));
    const limit = add(at.get, int(19 + 24));
    return select(
      both(fits, not(isOther)),
      [
        place.set(add(at.get, int(19))),
        loopWhile(both(less(place.get, limit), differ(byteAt(place.get), int(SPACE))), place.add(1)),
        select(less(place.get, limit), place.get, int(0)),
      ],
      int(0),
    );
  }

  /** Sets `candidate` and `last` to the list of what may fit. */
  private findCandidates(left: Label, done: Label): Code {
    const { place, program, from, to, candidate, last } = this;
    const first = byteAt(from.get);
    const classOf = (offset: number, byte: Code) => byteAt(add(program.get, byte), offset);
    return [
      jumpIf(equal(program.get, int(NO_PROGRAM)), done),
      // what a syslogd may have put before it
      jumpIf(either(equal(first, int(OPEN)), equal(wordAt(from.get), int(wordOf("mess")))), left),
      jumpIf(not(greater(sub(to.get, from.get), int(SECOND))), left),
      place.set(mul(classOf(PROGRAM.FIRST, first), wordAt(program.get, PROGRAM.WIDTH))),
      place.set(add(place.get, classOf(PROGRAM.SECOND, byteAt(from.get, SECOND)))),
      candidate.set(wordAt(add(program.get, shiftLeft(place.get, int(2))), PROGRAM.LISTS)),
      jumpIf(not(candidate.get), left),
      last.set(add(candidate.get, mul(wordAt(candidate.get), int(CANDIDATE_WIDTH * 4)))),
      jumpIf(equal(candidate.get, last.get), done),
      ...Array.from({ length: captured.length / 4 }, (_, i) => storeOnes(int(CAPTURED), i * 16)),
    ];
  }

  /** Tries the candidates in order. */
  private match(left: Label, done: Label): Code {
    const { candidate, last, from, to } = this;
    const field = (name: keyof typeof CANDIDATE) => wordAt(candidate.get, CANDIDATE[name] * 4);
    const width = CANDIDATE_WIDTH * 4;
    return block((fits) => [
      loop((again) => [
        candidate.add(width),
        jumpIf(less(field("SLOT"), int(0)), left),
        jumpIf(callAt(field("SLOT"), from.get, to.get), fits),
        jumpIf(differ(candidate.get, last.get), again),
        jump(done),
      ]),
    ]).concat([
      jumpIf(atLeast(sub(to.get, from.get), field("LONGEST")), left),
      jumpIf(equal(field("MEANING"), int(MEANING.NOTHING)), done),
      jumpIf(equal(field("MEANING"), int(MEANING.LEFT)), left),
      this.tell(field, left),
    ]);
  }

  /** @param of what is known of the candidate that fits */
  private tell(of: (name: keyof typeof CANDIDATE) => Code, left: Label): Code {
    const { at, attempts, number, moment, lines, entry, besides, waiting, code } = this;
    const isAttempt = equal(of("MEANING"), int(MEANING.ATTEMPT));
    const entryField = (name: keyof typeof ENTRY, value: Code) => store(entry.get, ENTRY[name] * 4, value);
    const besideField = (name: keyof typeof BESIDE, value: Code) =>
      store(besides.get, BESIDE[name] * 4, value);
    const waitingField = (name: keyof typeof WAITING, value: Code) =>
      store(waiting.get, WAITING[name], value);
    const isSuccess = equal(of("MEANING"), int(MEANING.SUCCESS));
    const [ipFrom, ipTo] = [slotAt(IP, 0), slotAt(IP, 1)];
    const [userFrom, userTo] = [slotAt(USER, 0), slotAt(USER, 1)];
    const userLength = sub(userTo, userFrom);
    const isQuestion = both(equal(userLength, int(1)), equal(byteAt(userFrom), int(QUESTION)));
    // `(unavailable)`
    const isRemark = both(equal(userLength, int(13)), equal(byteAt(userFrom), int(PARENTHESIS)));
    const hasUser = both(atLeast(userFrom, int(0)), both(greater(userLength, int(0)), not(isQuestion)));
    return [
      jumpIf(either(less(ipFrom, int(0)), atLeast(slotAt(FORWARDED, 0), int(0))), left),
      this.findTime(left),
      attempts.set(int(0)),
      when(isAttempt, [
        attempts.set(int(1)),
        when(atLeast(slotAt(ATTEMPTS, 0), int(0)), [
          this.readNumber(ATTEMPTS, left),
          attempts.set(number.get),
          when(atLeast(slotAt(SUCCEEDED, 0), int(0)), [
            this.readNumber(SUCCEEDED, left),
            attempts.set(sub(attempts.get, number.get)),
          ]),
        ]),
      ]),
      jumpIf(both(isAttempt, not(greater(attempts.get, int(0)))), left),
      code.set(of("CODE")),
      when(atLeast(slotAt(SERVICE, 0), int(0)), [
        number.set(services.numberOf(slotAt(SERVICE, 0), slotAt(SERVICE, 1))),
        jumpIf(less(number.get, int(0)), left),
        // 0: the name says none
        when(
          number.get,
          code.set(add(of("FIRST_CODE"), mul(sub(number.get, int(1)), int(this.serviceStep)))),
        ),
      ]),
      jumpIf(isRemark, left),
      code.set(shiftLeft(code.get, int(USER_BITS))),
      besideField("USER_FROM", int(-1)),
      waitingField("WHOSE", int(WHOSE.NOBODYS)),
      waitingField("USER_HASH", int(0)),
      when(hasUser, [
        besideField("USER_FROM", userFrom),
        when(differ(of("MEANING"), int(MEANING.PROBE)), [
          waitingField("USER_HASH", users.hashOf(userFrom, userTo)),
          waitingField("WHOSE", select(isSuccess, int(WHOSE.PROPER), int(WHOSE.TRIED))),
        ]),
      ]),
      entryField("CODE_AND_USER", code.get),
      entryField("ATTEMPTS", attempts.get),
      entryField("FIRST", moment.get),
      entryField("EVENTS_AND_SPAN", int(eventsAndSpan(1, 0))),
      besideField("USER_TO", userTo),
      besideField("LINE", lines.get),
      clients.sought(add(waiting.get, int(WAITING.CLIENT)), ipFrom, ipTo),
      waitingField("CLIENT_FROM", ipFrom),
      waitingField("CLIENT_TO", ipTo),
      waitingField("LOCAL_FROM", slotAt(LIP, 0)),
      waitingField("LOCAL_TO", slotAt(LIP, 1)),
      waitingField("LINE", at.get),
      entry.add(ENTRY_BYTES),
      besides.add(BESIDE_WIDTH * 4),
      waiting.add(WAITING_BYTES),
    ];
  }

  /** Sets `moment`: by the seconds, in a line of the minute that is known. */
  private findTime(left: Label): Code {
    const { at, place, moment, number, offset, timeEnd } = this;
    const text = int(MINUTE_TEXT);
    const isTraditional = both(sameEight(at.get, text), sameEight(at.get, text, 5));
    const isIso = both(
      sameEight(at.get, text),
      both(sameEight(at.get, text, 8), equal(byteAt(at.get, 16), byteAt(text, 16))),
    );
    const isIsoForm = get(STATE.FORM);
    const length = select(isIsoForm, int(MINUTE_LENGTH[FORM.ISO]!), int(MINUTE_LENGTH[FORM.TRADITIONAL]!));
    const bySeconds = [
      place.set(add(at.get, length)),
      this.twoDigits(left),
      jumpIf(greater(number.get, int(60)), left),
      moment.set(add(get(STATE.MINUTE), number.get)),
      when(isIsoForm, [place.add(2), this.findOffset(left), moment.set(sub(moment.get, offset.get))]),
    ];
    return [
      when(
        select(isIsoForm, isIso, isTraditional),
        bySeconds,
        moment.set(asking(ASK.TIME)(at.get, timeEnd.get)),
      ),
      jumpIf(either(not(moment.get), lower(get(STATE.LATEST), moment.get)), left),
    ];
  }

  /** Sets `number` to that of the two digits at `place`. */
  private twoDigits(left: Label): Code {
    const { place, number } = this;
    const [tens, ones] = [digitAt(place.get), digitAt(place.get, 1)];
    return [
      jumpIf(either(lower(int(9), tens), lower(int(9), ones)), left),
      number.set(add(mul(tens, int(10)), ones)),
    ];
  }

  /** Sets `offset` to the seconds east of UTC that stand behind a fraction at `place`. */
  private findOffset(left: Label): Code {
    const { place, number, offset, sign } = this;
    const byte = byteAt(place.get);
    const skipFraction = [place.add(1), loopWhile(not(lower(int(9), digitAt(place.get))), place.add(1))];
    return [
      when(either(equal(byte, int(DOT)), equal(byte, int(COMMA))), skipFraction),
      offset.set(int(0)),
      when(differ(byte, int(ZULU)), [
        sign.set(byte),
        jumpIf(not(either(equal(sign.get, int(PLUS)), equal(sign.get, int(DASH)))), left),
        place.add(1),
        this.twoDigits(left),
        jumpIf(greater(number.get, int(14)), left),
        offset.set(mul(number.get, int(3600))),
        place.add(2),
        place.add(equal(byte, int(COLON))),
        this.twoDigits(left),
        offset.add(mul(number.get, int(60))),
        when(equal(sign.get, int(DASH)), offset.set(sub(int(0), offset.get))),
      ]),
    ];
  }

  /** Sets `number` to the one that was captured. */
  private readNumber(slot: number, left: Label): Code {
    const { place, number } = this;
    const end = slotAt(slot, 1);
    return [
      place.set(slotAt(slot, 0)),
      number.set(int(0)),
      jumpIf(greater(sub(end, place.get), int(MOST_DIGITS)), left),
      loopWhile(less(place.get, end), [
        jumpIf(lower(int(9), digitAt(place.get)), left),
        number.set(add(mul(number.get, int(10)), digitAt(place.get))),
        place.add(1),
      ]),
    ];
  }
}

/** As many fit into 32 bits. */
const MOST_DIGITS = 9;

/** The digit there; what is none is more than 9 without sign. */
function digitAt(address: Code, offset = 0): Code {
  return sub(byteAt(address, offset), int(ZERO));
}

function get(number: number): Code {
  return wordAt(int(STATES), number * 4);
}

function set(number: number, value: Code): Code {
  return store(int(STATES), number * 4, value);
}

/** Where a capture begins or ends. */
function slotAt(slot: number, which: 0 | 1): Code {
  return wordAt(int(CAPTURED), (slot + which) * 4);
}

function wordOf(text: string): number {
  return Buffer.from(text).readInt32LE();
}
