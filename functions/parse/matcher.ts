/**
 * Parts of a shape to a matcher: a WebAssembly function, written for that shape. Literals become comparisons of up to eight bytes,
 * sets become loops, so that no time goes into finding out what is to be done next. What stands in a shape is our own text, never
 * a log's.
 */
import { CAPTURED, SLOT } from "./captured.ts";
import { setHoles } from "./holes.ts";
import { keep } from "./memory.ts";
import { firstPlace, lastPlace } from "./search.ts";
import { BadShape, type CaptureName, joined, type Part } from "./syntax.ts";
import {
  add,
  atLeast,
  atMost,
  both,
  byteAt,
  type Code,
  call,
  differ,
  either,
  equal,
  type Func,
  FuncWriter,
  giveBack,
  greater,
  int,
  isThere,
  type Local,
  less,
  loopWhile,
  not,
  run,
  select,
  shiftLeft,
  store,
  sub,
  when,
} from "./wasm.ts";

/** A function of where the message begins and ends: whether it is as it should be. */
export function matcherOf(text: string, parts: readonly Part[]): Func {
  return new ShapeWriter(text).sequence(parts, undefined);
}

/** What a hole has taken, noted when the whole message fits. */
interface Kept {
  slot: number;
  from: Local;
  to: Local;
  isElements: boolean;
}

/** Places that a `loose` hole tries: more would cost more than time linear in the line. */
const PLACES = 12;

/** One function while it is written: `[at, end)` is what it has not looked at yet. */
class Sequence extends FuncWriter {
  readonly at = this.param(0);
  readonly end = this.param(1);
  readonly kept: Kept[] = [];
  readonly code: Code[] = [];

  constructor() {
    super(2);
  }

  /** Gives back whether `condition` holds; where it does, what was kept is noted. */
  finish(condition: Code): this {
    const noted = this.kept.map(noteOf);
    this.body = [...this.code, when(not(condition), giveBack(int(0))), ...noted, int(1)];
    return this;
  }
}

class ShapeWriter {
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  /** The function that matches `parts` and then what `behind` matches, or the end. */
  sequence(parts: readonly Part[], behind: Func | undefined): Func {
    const into = new Sequence();
    for (const [index, part] of parts.entries()) {
      const rest = parts.slice(index + 1);
      switch (part.kind) {
        case "literal":
          into.code.push(
            when(not(literalAt(into, part.bytes)), giveBack(int(0))),
            into.at.add(part.bytes.length),
          );
          break;
        case "set":
          this.take(into, part.capture, this.set(into, part.hole));
          break;
        case "word":
          this.take(into, part.capture, this.word(into, part.words));
          break;
        case "choice":
          return into.finish(this.choice(into, part.options, rest, behind));
        case "gap":
          return this.gap(into, part, rest, behind);
      }
    }
    return into.finish(behind === undefined ? equal(into.at.get, into.end.get) : going(behind, into));
  }

  /** Goes on at `to`, where the hole has ended. */
  private take(into: Sequence, capture: CaptureName | undefined, to: Local): void {
    if (capture !== undefined) {
      const from = into.local();
      into.code.push(from.set(into.at.get));
      into.kept.push({ slot: SLOT[capture], from, to, isElements: false });
    }
    into.code.push(into.at.set(to.get));
  }

  /** Writes how far a set goes. */
  private set(into: Sequence, hole: string): Local {
    const { set, least, most, inSentence = false } = setHoles[hole]!;
    const { at, end, code } = into;
    const [to, limit] = [into.local(), into.local()];
    const takes = byteAt(add(byteAt(to.get), int(addressOfSet(set))));
    const isLong = greater(sub(end.get, at.get), int(most));
    code.push(limit.set(select(isLong, add(at.get, int(most)), end.get)), to.set(at.get));
    code.push(loopWhile(both(less(to.get, limit.get), takes), to.add(1)));
    if (inSentence) code.push(to.set(sub(to.get, isPunctuated(at, to))));
    if (least > 0) code.push(when(less(sub(to.get, at.get), int(least)), giveBack(int(0))));
    return to;
  }

  /** Writes where the first of some words ends that stands there. */
  private word(into: Sequence, words: readonly Uint8Array[]): Local {
    const to = into.local();
    const length = words.reduceRight<Code>(
      (otherwise, word) => select(literalAt(into, word), int(word.length), otherwise),
      int(-1),
    );
    into.code.push(to.set(length));
    into.code.push(when(less(to.get, int(0)), giveBack(int(0))), to.add(into.at.get));
    return to;
  }

  /** What stands behind is written once, but for an option with a gap: that has to know the whole literal behind it. */
  private choice(
    into: Sequence,
    options: readonly Part[][],
    rest: readonly Part[],
    behind: Func | undefined,
  ): Code {
    const next = this.sequence(rest, behind);
    const tried = options.map((option) => {
      const [only] = option;
      if (only === undefined) return going(next, into);
      if (only.kind === "literal" && option.length === 1) {
        const after = add(into.at.get, int(only.bytes.length));
        return both(literalAt(into, only.bytes), call(next, after, into.end.get));
      }
      const hasGap = option.some(({ kind }) => kind === "gap");
      return going(hasGap ? this.sequence(joined(option, rest), behind) : this.sequence(option, next), into);
    });
    return tried.reduce(either);
  }

  /** A hole that ends where the next literal stands; with none, at the end of the line. */
  private gap(
    into: Sequence,
    part: Extract<Part, { kind: "gap" }>,
    rest: readonly Part[],
    behind: Func | undefined,
  ): Func {
    const [follower, ...others] = rest;
    if (follower === undefined) {
      keepGap(into, part, into.end);
      return into.finish(behind === undefined ? int(1) : call(behind, into.end.get, into.end.get));
    }
    if (follower.kind === "literal") {
      return this.upTo(into, part, follower.bytes, this.sequence(rest, behind));
    }
    if (follower.kind === "choice" && part.hole === "note") {
      const tried = follower.options.map((option) =>
        going(this.sequence(joined([part], option, others), behind), into),
      );
      return into.finish(tried.reduce(either));
    }
    throw new BadShape(this.text, `after a hole of type ${part.hole} a literal must follow`);
  }

  private upTo(into: Sequence, part: Extract<Part, { kind: "gap" }>, sought: Uint8Array, next: Func): Func {
    const { at, end, code } = into;
    const to = into.local();
    keepGap(into, part, to);
    const fits = call(next, to.get, end.get);
    if (part.hole !== "loose") {
      const search = part.hole === "note" ? firstPlace(sought) : lastPlace(sought);
      code.push(to.set(call(search, at.get, end.get)));
      return into.finish(both(atLeast(to.get, int(0)), fits));
    }
    const [tries, search] = [into.local(), lastPlace(sought)];
    const tried = [
      when(equal(tries.get, int(PLACES)), giveBack(int(0))),
      tries.add(1),
      to.set(call(search, at.get, to.get)),
      when(less(to.get, int(0)), giveBack(int(0))),
    ];
    code.push(to.set(end.get), ...tried, loopWhile(not(fits), tried));
    return into.finish(int(1));
  }
}

function going(next: Func, { at, end }: Sequence): Code {
  return call(next, at.get, end.get);
}

function literalAt({ at, end }: Sequence, bytes: Uint8Array): Code {
  return both(atLeast(sub(end.get, at.get), int(bytes.length)), isThere(at.get, bytes));
}

function keepGap(into: Sequence, { capture, hole }: Extract<Part, { kind: "gap" }>, to: Local): void {
  if (capture === undefined) return;
  into.kept.push({ slot: SLOT[capture], from: into.at, to, isElements: hole === "elements" });
}

const sets = new Map<Uint8Array, number>();

function addressOfSet(set: Uint8Array): number {
  const address = sets.get(set) ?? keep(set);
  sets.set(set, address);
  return address;
}

const DOT = 0x2e;
const COLON = 0x3a;

/** 1 where the last byte is the sentence's: `192.0.2.7.` and `192.0.2.7:` end before it, `2001:db8::` does not. */
function isPunctuated(from: Local, to: Local): Code {
  const isDot = equal(byteAt(sub(to.get, int(1))), int(DOT));
  const isColon = equal(byteAt(sub(to.get, int(1))), int(COLON));
  const isSingle = differ(byteAt(sub(to.get, int(2))), int(COLON));
  return both(greater(sub(to.get, from.get), int(2)), either(isDot, both(isColon, isSingle)));
}

function noteOf({ slot, from, to, isElements }: Kept): Code {
  if (isElements) return run(narrow, int(slot), from.get, to.get);
  return [noted(int(slot), 0, from.get), noted(int(slot), 1, to.get)];
}

/** Writes the first or second number of a slot. */
function noted(slot: Code, which: 0 | 1, place: Code): Code {
  return store(add(int(CAPTURED), shiftLeft(slot, int(2))), which * 4, place);
}

const USER = Buffer.from("user=<");
const CLOSE = 0x3e;

/** Of `user=<name>, method=PLAIN, ` notes the name: up to the last bracket, since a name may contain one. */
const narrow = narrowing();

function narrowing(): Func {
  const writer = new FuncWriter(3);
  const [slot, from, to] = [writer.param(0), writer.param(1), writer.param(2)];
  const [name, close] = [writer.local(), writer.local()];
  const isOpen = differ(byteAt(close.get), int(CLOSE));
  const hasName = both(atMost(name.get, close.get), isThere(from.get, USER));
  writer.body = [
    name.set(add(from.get, int(USER.length))),
    close.set(sub(to.get, int(1))),
    loopWhile(both(atLeast(close.get, name.get), isOpen), close.add(-1)),
    noted(slot.get, 0, select(hasName, name.get, int(-1))),
    noted(slot.get, 1, close.get),
    int(1),
  ];
  return writer;
}
