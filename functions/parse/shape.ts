/**
 * Shapes: a log line as its daemon writes it, with typed holes, compiled to a matcher on bytes.
 *
 *     shape("<service:login>: Login: <user:elements>rip=<ip>, lip=<lip:ip>{, <rest:note>}", success)
 *
 * A matcher goes from left to right and never tries a place twice: a hole of a set (`word`, `int`, `ip` …) takes all
 * it can; a `note` ends at the first place, a `text` at the last place of the literal that follows it, and the rest
 * must fit there or the line is not of this shape. So time is linear (times two for each optional part, of which
 * there are few), and of two `, rip=` in a line the last one counts: nothing that a client types can move the address.
 * No string is made: what was captured is left as offsets.
 */
import { setHoles } from "./holes.ts";
import {
  BadShape,
  type CaptureName,
  captures,
  isTypedBeforeAddress,
  joined,
  type Part,
  parseShape,
} from "./syntax.ts";

/** What a line of a shape means; see `daemon.ts`. */
export interface Shape<Meaning> {
  text: string;
  meaning: Meaning;
  /** Whether the message `[at, end)` has this shape; fills `captured` where it has. */
  fits(bytes: Uint8Array, at: number, end: number): boolean;
  /** Bytes that such a message can begin with. */
  firsts: ReadonlySet<number>;
  /** Whether a line of this shape that was cut off somewhere could end with an address that a client typed. */
  typedBeforeAddress: boolean;
}

/** Offsets of what the last shape that fitted has captured; `from` is -1 where it captured nothing. */
export const captured = Object.fromEntries(captures.map((name) => [name, { from: -1, to: -1 }])) as Record<
  CaptureName,
  { from: number; to: number }
>;

/** What a shape demands of the whole message, for lines in which clients' text stands on both sides of the address. */
export interface Demands {
  /** This must not stand in it. */
  without?: string;
  /** This must stand in it once only. */
  once?: string;
}

export function shape<Meaning>(text: string, meaning: Meaning, demands: Demands = {}): Shape<Meaning> {
  const parts = parseShape(text);
  const matcher = compile(text, parts, 0, (_bytes, at, end) => at === end);
  const meets = demanding(demands);
  const fits = (bytes: Uint8Array, at: number, end: number) => {
    for (const name of captures) captured[name].from = -1;
    return matcher(bytes, at, end) && meets(bytes, at, end);
  };
  return { text, meaning, fits, firsts: firstsOf(parts), typedBeforeAddress: isTypedBeforeAddress(parts) };
}

function demanding({ without, once }: Demands): Matcher {
  const demanded = [
    { sought: without, allowed: 0 },
    { sought: once, allowed: 1 },
  ].flatMap(({ sought, allowed }) =>
    sought === undefined ? [] : [{ sought: Buffer.from(sought), allowed }],
  );
  return (bytes, at, end) =>
    demanded.every(({ sought, allowed }) => {
      const first = firstPlace(bytes, at, end, sought);
      return first < 0 || (allowed === 1 && firstPlace(bytes, first + 1, end, sought) < 0);
    });
}

type Matcher = (bytes: Uint8Array, at: number, end: number) => boolean;

/** The matcher of `parts` from `index` on, and of what stands behind them. */
function compile(text: string, parts: readonly Part[], index: number, behind: Matcher): Matcher {
  const part = parts[index];
  if (part === undefined) return behind;
  const next = () => compile(text, parts, index + 1, behind);
  switch (part.kind) {
    case "literal":
      return literal(part.bytes, next());
    case "set":
      return set(part.hole, part.capture, next());
    case "word":
      return oneOf(part.words, part.capture, next());
    case "choice":
      return choice(text, part.options, parts.slice(index + 1), behind);
    case "gap":
      return gap(text, part, parts, index, behind);
  }
}

function literal(expected: Uint8Array, next: Matcher): Matcher {
  const length = expected.length;
  return (bytes, at, end) => {
    if (end - at < length) return false;
    for (let i = 0; i < length; i++) if (bytes[at + i] !== expected[i]) return false;
    return next(bytes, at + length, end);
  };
}

function set(hole: string, capture: CaptureName | undefined, next: Matcher): Matcher {
  const { set: takes, least, most, inSentence = false } = setHoles[hole]!;
  const slot = capture && captured[capture];
  return (bytes, at, end) => {
    const limit = Math.min(end, at + most);
    let to = at;
    while (to < limit && takes[bytes[to]!] === 1) to++;
    if (inSentence) to = withoutPunctuation(bytes, at, to);
    if (to - at < least || !next(bytes, to, end)) return false;
    if (slot !== undefined) {
      slot.from = at;
      slot.to = to;
    }
    return true;
  };
}

/** `192.0.2.7.` and `192.0.2.7:` end before the last byte, `2001:db8::` does not. */
function withoutPunctuation(bytes: Uint8Array, from: number, to: number): number {
  const last = bytes[to - 1];
  return to - from > 2 && (last === DOT || (last === COLON && bytes[to - 2] !== COLON)) ? to - 1 : to;
}

const DOT = 0x2e;
const COLON = 0x3a;

function oneOf(words: readonly Uint8Array[], capture: CaptureName | undefined, next: Matcher): Matcher {
  const slot = capture && captured[capture];
  return (bytes, at, end) => {
    const word = words.find(
      (word) => bytes[at] === word[0] && end - at >= word.length && isAt(bytes, at, word),
    );
    if (word === undefined || !next(bytes, at + word.length, end)) return false;
    if (slot !== undefined) {
      slot.from = at;
      slot.to = at + word.length;
    }
    return true;
  };
}

/** What stands behind is compiled once, but for an option with a gap: that has to know the whole literal behind it. */
function choice(
  text: string,
  options: readonly (readonly Part[])[],
  rest: readonly Part[],
  behind: Matcher,
): Matcher {
  const next = compile(text, rest, 0, behind);
  return oneWhichFits(
    options.map((option) =>
      option.some(({ kind }) => kind === "gap")
        ? compile(text, joined(option, rest), 0, behind)
        : compile(text, option, 0, next),
    ),
  );
}

function oneWhichFits(options: readonly Matcher[]): Matcher {
  if (options.length === 2) {
    const [first, second] = options as [Matcher, Matcher];
    return (bytes, at, end) => first(bytes, at, end) || second(bytes, at, end);
  }
  return (bytes, at, end) => {
    for (let i = 0; i < options.length; i++) if (options[i]!(bytes, at, end)) return true;
    return false;
  };
}

/** A hole that ends where the next literal stands; with none, at the end of the line. */
function gap(
  text: string,
  part: Extract<Part, { kind: "gap" }>,
  parts: readonly Part[],
  index: number,
  behind: Matcher,
): Matcher {
  const follower = parts[index + 1];
  if (follower === undefined) return remainder(part, behind);
  if (follower.kind === "literal") return upTo(part, follower.bytes, compile(text, parts, index + 1, behind));
  if (follower.kind === "choice" && part.hole === "note") {
    const rest = parts.slice(index + 2);
    return oneWhichFits(
      follower.options.map((option) => compile(text, joined([part], option, rest), 0, behind)),
    );
  }
  throw new BadShape(text, `after a hole of type ${part.hole} a literal must follow`);
}

type Gap = Extract<Part, { kind: "gap" }>;

/** Everything to the end of the line. */
function remainder(part: Gap, next: Matcher): Matcher {
  return (bytes, at, end) => next(bytes, end, end) && keep(part, bytes, at, end);
}

function upTo(part: Gap, literalBytes: Uint8Array, next: Matcher): Matcher {
  if (part.hole === "loose") return upToFit(part, literalBytes, next);
  const find = part.hole === "note" ? firstPlace : lastPlace;
  return (bytes, at, end) => {
    const to = find(bytes, at, end, literalBytes);
    return to >= 0 && next(bytes, to, end) && keep(part, bytes, at, to);
  };
}

/** Places that a `loose` hole tries: more would cost more than time linear in the line. */
const PLACES = 12;

function upToFit(part: Gap, literalBytes: Uint8Array, next: Matcher): Matcher {
  return (bytes, at, end) => {
    let to = end;
    for (let i = 0; i < PLACES; i++) {
      to = lastPlace(bytes, at, to, literalBytes);
      if (to < 0) return false;
      if (next(bytes, to, end)) return keep(part, bytes, at, to);
    }
    return false;
  };
}

function keep(part: Gap, bytes: Uint8Array, from: number, to: number): true {
  if (part.capture === undefined) return true;
  const slot = captured[part.capture];
  slot.from = from;
  slot.to = to;
  if (part.hole === "elements") narrow(slot, bytes);
  return true;
}

/** Of `user=<name>, method=PLAIN, ` the name: up to the last bracket, since a name may contain one. */
function narrow(slot: { from: number; to: number }, bytes: Uint8Array): void {
  const from = slot.from + USER.length;
  let close = slot.to - 1;
  while (close >= from && bytes[close] !== CLOSE) close--;
  if (close >= from && isAt(bytes, slot.from, USER) && bytes[slot.from] === USER[0]) {
    slot.from = from;
    slot.to = close;
  } else slot.from = -1;
}

const USER = Buffer.from("user=<");
const CLOSE = 0x3e;

function firstPlace(bytes: Uint8Array, at: number, end: number, sought: Uint8Array): number {
  const head = sought[0];
  for (let place = at, last = end - sought.length; place <= last; place++) {
    if (bytes[place] === head && isAt(bytes, place, sought)) return place;
  }
  return -1;
}

function lastPlace(bytes: Uint8Array, at: number, end: number, sought: Uint8Array): number {
  const head = sought[0];
  for (let place = end - sought.length; place >= at; place--) {
    if (bytes[place] === head && isAt(bytes, place, sought)) return place;
  }
  return -1;
}

function isAt(bytes: Uint8Array, place: number, sought: Uint8Array): boolean {
  for (let i = 1; i < sought.length; i++) if (bytes[place + i] !== sought[i]) return false;
  return true;
}

/** The bytes that a line of these parts can begin with. */
function firstsOf(parts: readonly Part[]): Set<number> {
  const [part, ...rest] = parts;
  switch (part?.kind) {
    case undefined:
      return new Set();
    case "literal":
      return new Set([part.bytes[0]!]);
    case "word":
      return new Set(part.words.map((word) => word[0]!));
    case "choice":
      return new Set(part.options.flatMap((option) => [...firstsOf(joined(option, rest))]));
    case "set": {
      const { set: takes, least } = setHoles[part.hole]!;
      const own = [...takes.keys()].filter((byte) => takes[byte] === 1);
      return new Set(least > 0 ? own : [...own, ...firstsOf(rest)]);
    }
    case "gap":
      return new Set(new Uint8Array(256).keys());
  }
}
